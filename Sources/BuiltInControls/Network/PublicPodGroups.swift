import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Behind a Pod with a public address only its security group is left. A group that lets the Internet in on more than the Pod
    /// serves opens whatever else listens there: a debugger, a metrics endpoint, the next sidecar.
    ///
    /// Fields: Pod annotations that give a public address, `ports` of the containers, the rules of the Pod's groups. Judged where the
    /// groups are described in the estate and the Pod says which ports it serves.
    static let publicPodGroups = Control(
        id: "public-pod-groups",
        title: "Let the Internet reach only what public Pods serve",
        severity: .high,
        duty: "P3b",
        summary: "The Pod has a public address, and its security group lets the Internet in on ports that the Pod does not serve.",
        remedy: "Narrow the rule to the ports that the containers list, for instance `tcp 8443/8443`, or give the Pod a group of its own.",
        references: [Reference("mitre-attack", "T1190")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                network.alibabacloud.com/pod-with-eip: "true"
                network.alibabacloud.com/security-group-ids: sg-web
            spec: {containers: [{name: app, image: registry.example.com/app:1.0, ports: [{containerPort: 8443}]}]}
            ---
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - {Direction: ingress, IpProtocol: TCP, PortRange: 8443/8443, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}
            """
        ],
        failing: [
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: web
                  annotations:
                    network.alibabacloud.com/pod-with-eip: "true" # ✗
                    network.alibabacloud.com/security-group-ids: sg-web
                spec: {containers: [{name: app, image: registry.example.com/app:1.0, ports: [{containerPort: 8443}]}]}
                ---
                SecurityGroupId: sg-web
                InnerAccessPolicy: Drop
                Permissions:
                  Permission:
                  - {Direction: ingress, IpProtocol: TCP, PortRange: 8000/9000, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}
                """, fixedContainers: "only the regular containers of a Pod serve for as long as it runs")
        ],
        check: .pods { pod, report throws(WrongType) in
            guard report.knowsSecurityGroups, let (address, _) = try publicAddresses(of: pod).first else { return report.notApplicable() }
            let served = try servedConnections(pod)
            guard !served.isEmpty else { return report.notApplicable() }
            let groups = report.securityGroups
            let set = groups.groups(ofObject: report.object, report.clusterGroup)
            guard set.unknown == nil, set.missing.isEmpty else {
                return report.notObservable(address, set.unknown ?? "the rules of \(set.missing.joined(separator: ", ")) are not in the estate")
            }
            for group in set.groups {
                for rule in group.rules {
                    let excess = groups.openConnections(of: rule, in: group).subtracting(served)
                    guard !excess.isEmpty else { continue }
                    report.fail(
                        address, "rule '\(rule.rule)' of \(group.id) lets the Internet in on \(excess), which the Pod does not serve",
                        value: "\(group.id): \(rule.rule)", cause: Finding.Cause(rule.peerPlace, object: group.object))
                }
            }
        })
}

/// What the containers say they listen on.
private func servedConnections(_ pod: PodSpec) throws(WrongType) -> ConnectionSet {
    var served = ConnectionSet.none
    for container in pod.containers where container.role == .regular || container.role == .sidecar {
        for port in try container.node["ports"].items() {
            guard let number = try port["containerPort"].int(), let port16 = UInt16(exactly: number), port16 > 0 else { continue }
            let name = try port["protocol"].string() ?? "TCP"
            guard let known = TransportProtocol(rawValue: name) else { throw WrongType(value: port["protocol"], expected: "TCP, UDP or SCTP") }
            served.formUnion(ConnectionSet(known, PortSet(port16)))
        }
    }
    return served
}
