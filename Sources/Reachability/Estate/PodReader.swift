import Documents
import Kubernetes

/// A Pod, or the template of Pods, as policies see it.
struct PodProfile {
    var labels: [(key: String, value: String)] = []
    var ports: [ContainerPort] = []
    var isHostNetwork = false
    /// Empty when the Pod's addresses are not known, as in every template.
    var addresses = AddressSet.empty

    struct ContainerPort: Hashable {
        /// Empty for a port without a name.
        let name: String
        let `protocol`: TransportProtocol
        let number: UInt16
    }
}

struct PodReader {
    let nodes: NodeAddresses

    /// nil for what runs no Pods: a mere template, or a Pod that has ended.
    /// - Throws: `WrongType` when the labels, ports or the network of the Pod cannot be read.
    func profile(of object: KubernetesObject, _ pod: PodSpec) throws(WrongType) -> PodProfile? {
        if object.kind == "PodTemplate" || object.kind == "SandboxTemplate" { return nil }
        if object.kind == "Pod", try object.root["status"]["phase"].equals("Succeeded", or: "Failed") { return nil }
        if let malformed = pod.malformed { throw malformed }
        var profile = PodProfile()
        for label in try pod.labels.entries() { profile.labels.append((label.key, try label.string() ?? "")) }
        if object.kind == "Job", !object.name.hasSuffix("*") {
            // The controller puts the Job's name on its Pods (kubernetes.io, "Well-Known Labels").
            for key in ["batch.kubernetes.io/job-name", "job-name"] { profile.labels.append((key, object.name)) }
        }
        for container in pod.containers where container.role == .regular || container.role == .sidecar {
            for port in try container.node["ports"].items() {
                guard let number = try readPort(port["containerPort"]) else { continue }
                profile.ports.append(
                    PodProfile.ContainerPort(
                        name: try port["name"].string() ?? "", protocol: try TransportProtocol(port["protocol"]), number: number))
            }
        }
        profile.isHostNetwork = pod.usesHostNetwork
        if object.kind == "Pod" { profile.addresses = try addresses(of: object, isHostNetwork: pod.usesHostNetwork) }
        return profile
    }

    private func addresses(of pod: KubernetesObject, isHostNetwork: Bool) throws(WrongType) -> AddressSet {
        let status = pod.root["status"]
        var found = try addressSet(status["podIPs"], field: "ip")
        if let text = try status["podIP"].string(), let address = AddressRange(text) { found = found.union(AddressSet(address)) }
        guard isHostNetwork else { return found }
        found = found.union(try addressSet(status["hostIPs"], field: "ip"))
        if let text = try status["hostIP"].string(), let address = AddressRange(text) { found = found.union(AddressSet(address)) }
        if let node = try pod.spec["nodeName"].string() { found = found.union(nodes.addresses(ofNode: node)) }
        return found
    }
}
