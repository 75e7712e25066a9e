import Documents
import Kubernetes

/// One port of a Service and where on the Pods it leads.
struct ServicePort {
    let name: String
    let number: UInt16
    let `protocol`: TransportProtocol
    let target: Target

    enum Target {
        case number(UInt16)
        case name(String)
    }

    /// - Throws: `WrongType` for a port the API server refuses.
    static func all(of service: KubernetesObject) throws(WrongType) -> [ServicePort] {
        var ports: [ServicePort] = []
        for port in try service.spec["ports"].items() {
            guard let number = try readPort(port["port"]) else { throw WrongType(value: port["port"], expected: "a port from 1 to 65535") }
            let target = port["targetPort"]
            let resolved: Target
            if target.kind == .string, let name = try readPortName(target) {
                resolved = .name(name)
            } else {
                resolved = .number(try readPort(target) ?? number)
            }
            ports.append(
                ServicePort(
                    name: try port["name"].string() ?? "", number: number, protocol: try TransportProtocol(port["protocol"]), target: resolved))
        }
        return ports
    }

    /// Where on a Pod this leads; nowhere when the Pod has no port of that name.
    func connections(to pod: PodProfile) -> ConnectionSet {
        switch target {
        case .number(let number): return ConnectionSet(`protocol`, PortSet(number))
        case .name(let name):
            let found = pod.ports.filter { $0.name == name && $0.protocol == `protocol` }
            return ConnectionSet(`protocol`, PortSet(found.map { $0.number...$0.number }))
        }
    }
}

/// Which clients a load balancer lets in.
/// (kubernetes.io, "Service", `loadBalancerSourceRanges`; Azure's ranges as its cloud provider reads them)
func loadBalancerSources(_ service: KubernetesObject) throws(WrongType) -> AddressSet {
    var texts = try service.spec["loadBalancerSourceRanges"].strings()
    for key in ["service.beta.kubernetes.io/load-balancer-source-ranges", "service.beta.kubernetes.io/azure-allowed-ip-ranges"] where texts.isEmpty {
        let list = try service.annotations.entry(named: key).string() ?? ""
        texts = list.split(separator: ",").map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }
    }
    if texts.isEmpty { return .everything }
    var sources = AddressSet.empty
    for text in texts {
        guard let range = AddressRange(text) else {
            throw WrongType(value: service.spec["loadBalancerSourceRanges"], expected: "a sequence of blocks, such as 198.51.100.0/24")
        }
        sources = sources.union(AddressSet(range))
    }
    return sources
}
