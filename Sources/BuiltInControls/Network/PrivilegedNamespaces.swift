import Controls
import Documents
import Kubernetes

extension Control {
    /// A namespace on level `privileged` lets every Pod in, also those that take over the node.
    ///
    /// Fields: label `pod-security.kubernetes.io/enforce`. Forbidden: `privileged`.
    static let privilegedNamespaces = Control(
        id: "privileged-namespaces",
        title: "Forbid namespaces on level privileged",
        severity: .high,
        duty: "C5",
        summary: "Whoever may make Pods in the namespace may take over nodes.",
        remedy: "Set the level to `baseline` or `restricted`; let single Pods through by a grant.",
        references: [.cis("5.2.1"), .nsa("pod security enforcement"), Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop
              labels:
                pod-security.kubernetes.io/enforce: privileged # ✗
            """
        ],
        checks: [
            .since(
                1, 23,
                .objects(["Namespace"]) { namespace, report throws(WrongType) in
                    let level = namespace.labels["pod-security.kubernetes.io/enforce"]
                    if try level.equals("privileged") { report.fail(level, "namespace '\(namespace.name)' lets every Pod in") }
                })
        ])
}
