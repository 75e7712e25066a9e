import Controls
import Documents
import Kubernetes

extension Control {
    /// An empty `namespaceSelector` is every namespace: a break-in anywhere in the cluster reaches these Pods.
    ///
    /// Fields: `namespaceSelector` of the peers of ingress rules. Allowed: labels of a namespace, or a `podSelector` with labels beside
    /// the empty one (a program that runs in many namespaces, such as a metrics agent).
    static let networkPolicyAllNamespaces = Control(
        id: "network-policy-all-namespaces",
        title: "Name the namespaces that may connect",
        severity: .low,
        duty: "C6",
        summary: "A network policy lets the Pods of every namespace in.",
        remedy: "Select namespaces by `kubernetes.io/metadata.name`, which nobody can forge.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              ingress:
              - from:
                - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: front}}
                - {namespaceSelector: {}, podSelector: {matchLabels: {app: metrics}}}
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
                - namespaceSelector: {} # ✗
                - podSelector: {}
                  namespaceSelector: {} # ✗
            """
        ],
        check: .objects(["NetworkPolicy"]) { policy, report throws(WrongType) in
            guard policy.isCoreNetworkPolicy else { return report.notApplicable() }
            for rule in try policy.spec["ingress"].items() {
                for peer in try rule["from"].items() {
                    let namespaces = peer["namespaceSelector"]
                    guard namespaces.exists, try LabelSelector(namespaces).matchesEverything,
                        try LabelSelector(peer["podSelector"]).matchesEverything
                    else { continue }
                    report.fail(namespaces, "NetworkPolicy '\(policy.name)' lets every namespace in", value: policy.name)
                }
            }
        })
}
