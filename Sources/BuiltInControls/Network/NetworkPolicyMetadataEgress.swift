import Controls
import Documents
import Kubernetes

extension Control {
    /// The metadata service of a cloud hands the credentials of the node or Pod to whoever asks from inside. A Pod that may send to
    /// it turns a forged request into a stolen cloud identity.
    ///
    /// Fields: `spec.egress[]`: port 80 over TCP to ranges that hold 169.254.169.254 (AWS, Azure, Google, OpenStack) or
    /// 100.100.100.200 (Alibaba Cloud). Allowed: those addresses in `except`.
    static let networkPolicyMetadataEgress = Control(
        id: "network-policy-metadata-egress",
        title: "Keep Pods away from the metadata service",
        severity: .medium,
        duty: "C6",
        summary: "A network policy lets Pods reach the cloud's metadata service, which hands out credentials.",
        remedy: "Put 169.254.169.254/32 and 100.100.100.200/32 into `except` of the range.",
        references: [Reference("mitre-attack", "T1552.005"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              egress:
              - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16, 100.100.100.200/32]}}]
              - to: [{ipBlock: {cidr: 0.0.0.0/0}}]
                ports: [{port: 443}]
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              egress:
              - to:
                - ipBlock:
                    cidr: 0.0.0.0/0 # ✗
                    except: [169.254.169.254/32]
              - to:
                - ipBlock:
                    cidr: 169.254.169.254/32 # ✗
                ports: [{port: 80, protocol: TCP}]
            """
        ],
        check: .objects(["NetworkPolicy"]) { policy, report throws(WrongType) in
            guard policy.isCoreNetworkPolicy else { return report.notApplicable() }
            for rule in try policy.spec["egress"].items() {
                guard try allowsHTTP(rule["ports"]) else { continue }
                for peer in try rule["to"].items() {
                    guard let address = try reachedMetadataService(peer["ipBlock"]) else { continue }
                    let range = peer["ipBlock"]["cidr"]
                    report.fail(range, "NetworkPolicy '\(policy.name)' lets Pods reach the metadata service \(address)")
                }
            }
        })
}

/// The metadata service that a block reaches, nil when it holds none or excepts all it holds.
private func reachedMetadataService(_ block: Value) throws(WrongType) -> String? {
    guard let text = try block["cidr"].string(), let range = AddressRange(text) else { return nil }
    var exceptions: [AddressRange] = []
    for exception in try block["except"].items() {
        if let range = try exception.string().flatMap(AddressRange.init) { exceptions.append(range) }
    }
    for (address, service) in metadataServices where range.contains(service) {
        if !exceptions.contains(where: { $0.contains(service) }) { return address }
    }
    return nil
}

private let metadataServices: [(String, AddressRange)] = ["169.254.169.254", "100.100.100.200"].compactMap { address in
    AddressRange(address).map { (address, $0) }
}

/// Whether the ports of a rule include TCP 80, where the metadata services listen.
private func allowsHTTP(_ ports: Value) throws(WrongType) -> Bool {
    var isEmpty = true
    for entry in try ports.items() {
        isEmpty = false
        if entry["protocol"].exists, try !entry["protocol"].equals("TCP") { continue }
        let port = entry["port"]
        guard port.exists else { return true }
        guard port.kind == .integer, let first = try port.int() else { continue }
        let last = try entry["endPort"].int() ?? first
        if first <= 80, last >= 80 { return true }
    }
    return isEmpty
}
