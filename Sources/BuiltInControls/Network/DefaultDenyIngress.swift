import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Without a policy that closes a whole namespace every Pod of the cluster, also one that was broken into, may connect to
    /// every Pod in it.
    ///
    /// Fields: NetworkPolicies (and Cilium's) that select every Pod of the namespace for ingress and don't allow everything, and what
    /// administrators' policies say about a Pod without labels. One
    /// finding a namespace, at the Namespace if it is in the estate, otherwise at its first workload.
    static let defaultDenyIngress = Control(
        id: "default-deny-ingress",
        title: "Close namespaces for incoming connections by default",
        severity: .medium,
        duty: "C6",
        summary: "No policy closes the namespace, so every Pod of the cluster may connect to every Pod in it.",
        remedy: "Add a NetworkPolicy with `podSelector: {}` and `policyTypes: [Ingress]`, then allow what is needed by name.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening"), Reference("mitre-attack", "T1210")],
        passing: [
            Example(
                namespaceExample + """
                    ---
                    apiVersion: networking.k8s.io/v1
                    kind: NetworkPolicy
                    metadata: {name: closed, namespace: shop}
                    spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
                    """)
        ],
        failing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop # ✗
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: open, namespace: shop}
            spec: {podSelector: {}, ingress: [{}]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              namespace: shop # ✗
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: other, namespace: shop}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """,
        ],
        check: .objects(namespaceSubjects) { object, report throws(WrongType) in
            judgeDefaults(.ingress, object, &report)
        })
}
