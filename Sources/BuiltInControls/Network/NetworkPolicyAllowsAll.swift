import Controls
import Documents
import Kubernetes

extension Control {
    /// Policies add up, and a rule without peers and ports allows everything: one such rule undoes every other policy for the
    /// Pods it selects.
    ///
    /// Fields: `spec.ingress[]` and `spec.egress[]`. Allowed: a rule that names peers or ports.
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
            """
        ],
        check: .objects(["NetworkPolicy"]) { policy, report throws(WrongType) in
            guard policy.isCoreNetworkPolicy else { return report.notApplicable() }
            for rule in try policy.spec["ingress"].items() {
                guard try rule["from"].items().isEmpty, try rule["ports"].items().isEmpty else { continue }
                report.fail(rule, "NetworkPolicy '\(policy.name)' lets every connection in", value: "ingress")
            }
            for rule in try policy.spec["egress"].items() {
                guard try rule["to"].items().isEmpty, try rule["ports"].items().isEmpty else { continue }
                report.fail(rule, "NetworkPolicy '\(policy.name)' lets every connection out", value: "egress")
            }
        })
}

extension KubernetesObject {
    /// Whether this is a `NetworkPolicy` of Kubernetes itself; Calico has a kind of the same name.
    var isCoreNetworkPolicy: Bool { isInGroup("networking.k8s.io") || isInGroup("extensions") }
}
