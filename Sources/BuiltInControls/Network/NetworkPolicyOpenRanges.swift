import Controls
import Documents
import Kubernetes

extension Control {
    /// A range of all addresses is the Internet: as a source it lets everyone in, as a target it lets stolen data out to
    /// anywhere.
    ///
    /// Fields: `ipBlock.cidr` of every peer. Forbidden: `0.0.0.0/0`, `::/0` and everything nearly as wide.
    static let networkPolicyOpenRanges = Control(
        id: "network-policy-open-ranges",
        title: "Name the address ranges of network policies",
        severity: .medium,
        duty: "P3b",
        summary: "A network policy allows the whole Internet as peer.",
        remedy: "Write the ranges that are needed, or send the traffic through a gateway that filters by name.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24}}]}]}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              ingress:
              - from:
                - ipBlock:
                    cidr: 0.0.0.0/0 # ✗
              egress:
              - to:
                - ipBlock:
                    cidr: "::/0" # ✗
                    except: ["fd00::/8"]
            """
        ],
        check: .objects(["NetworkPolicy"]) { policy, report throws(WrongType) in
            guard policy.isCoreNetworkPolicy else { return report.notApplicable() }
            for rule in try policy.spec["ingress"].items() { try judge(rule["from"], "from", policy, &report) }
            for rule in try policy.spec["egress"].items() { try judge(rule["to"], "to", policy, &report) }
        })
}

private func judge(_ peers: Value, _ word: StaticString, _ policy: KubernetesObject, _ report: inout Report) throws(WrongType) {
    for peer in try peers.items() {
        let range = peer["ipBlock"]["cidr"]
        guard let text = try range.string(), AddressRange(text)?.isInternetWide == true else { continue }
        report.fail(range, "NetworkPolicy '\(policy.name)' allows traffic \(word) \(text)")
    }
}
