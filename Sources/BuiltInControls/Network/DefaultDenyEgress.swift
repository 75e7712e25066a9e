import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Without a policy for outgoing connections a Pod that was broken into reaches the Internet, the metadata service and every
    /// other Pod.
    ///
    /// Fields: as for incoming connections.
    static let defaultDenyEgress = Control(
        id: "default-deny-egress",
        title: "Close namespaces for outgoing connections by default",
        severity: .medium,
        duty: "C6",
        summary: "No policy limits outgoing connections, so a Pod that was broken into may send data anywhere.",
        remedy: "Add a NetworkPolicy with `podSelector: {}` and `policyTypes: [Egress]`, then allow DNS and what is needed by name.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening"), Reference("mitre-attack", "T1041")],
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
            metadata: {name: closed, namespace: shop}
            spec: {podSelector: {}, policyTypes: [Ingress]}
            """
        ],
        check: .objects(namespaceSubjects) { object, report throws(WrongType) in
            judgeDefaults(.egress, object, &report)
        })
}
