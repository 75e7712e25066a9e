import Controls
import Documents
import Kubernetes

extension Control {
    /// Policies add up, and a rule without peers and ports allows everything: one such rule undoes every other policy for the
    /// Pods it selects.
    ///
    /// Fields: `spec.ingress[]` and `spec.egress[]`. Allowed: a rule that names peers or ports; a protocol alone names no port.
    static let networkPolicyAllowsAll = Control(
        id: "network-policy-allows-all",
        title: "Forbid rules that allow every connection",
        severity: .medium,
        duty: "C6",
        summary: "A rule without peers and ports allows every connection and undoes all other policies for its Pods.",
        remedy: "Name the Pods, namespaces or ranges in `from` or `to`, and the ports.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              ingress: [{from: [{podSelector: {matchLabels: {app: front}}}]}, {ports: [{port: 8080}]}]
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              policyTypes: [Ingress, Egress]
              ingress:
              - {} # ✗
              egress:
              - to: [] # ✗
              - ports: [{protocol: TCP}] # ✗
            """
        ],
        check: .objects(["NetworkPolicy"]) { policy, report throws(WrongType) in
            guard policy.isCoreNetworkPolicy else { return report.notApplicable() }
            for rule in try policy.spec["ingress"].items() {
                guard try rule["from"].items().isEmpty, try !namesPorts(rule) else { continue }
                report.fail(rule, "NetworkPolicy '\(policy.name)' lets every connection in", value: "ingress")
            }
            for rule in try policy.spec["egress"].items() {
                guard try rule["to"].items().isEmpty, try !namesPorts(rule) else { continue }
                report.fail(rule, "NetworkPolicy '\(policy.name)' lets every connection out", value: "egress")
            }
        })
}

/// Whether a rule is limited to ports: it has some, and each has a number or name.
private func namesPorts(_ rule: Value) throws(WrongType) -> Bool {
    var hasPorts = false
    for entry in try rule["ports"].items() {
        guard entry["port"].exists else { return false }
        hasPorts = true
    }
    return hasPorts
}

extension KubernetesObject {
    /// Whether this is a `NetworkPolicy` of Kubernetes itself; Calico has a kind of the same name.
    var isCoreNetworkPolicy: Bool { isInGroup("networking.k8s.io") || isInGroup("extensions") }
}
