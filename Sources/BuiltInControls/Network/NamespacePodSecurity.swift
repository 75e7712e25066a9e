import Controls
import Documents
import Kubernetes

extension Control {
    /// Pod Security admission enforces nothing in a namespace that does not ask for it: a Pod may then be privileged and own the
    /// node.
    ///
    /// Fields: label `pod-security.kubernetes.io/enforce` of Namespaces. Allowed: `baseline`, `restricted`; `privileged` is judged by a
    /// control of its own.
    static let namespacePodSecurity = Control(
        id: "namespace-pod-security",
        title: "Enforce a Pod Security level on namespaces",
        severity: .medium,
        duty: "C5",
        summary: "The namespace enforces no Pod Security level, so privileged Pods are let in.",
        remedy: "Set the label `pod-security.kubernetes.io/enforce: restricted`, or `baseline` where that is too strict.",
        references: [.cis("5.2.1"), Reference("gke-1.9.0", "4.2.1"), .nsa("pod security enforcement")],
        passing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop
              labels: # ✗
                pod-security.kubernetes.io/warn: restricted
            ---
            apiVersion: v1
            kind: Namespace
            metadata: # ✗
              name: bare
            ---
            apiVersion: v1
            kind: Namespace
            metadata:
              name: typing
              labels:
                pod-security.kubernetes.io/enforce: Restricted # ✗
            """
        ],
        checks: [
            .since(
                1, 23,
                .objects(["Namespace"]) { namespace, report throws(WrongType) in
                    let level = namespace.labels["pod-security.kubernetes.io/enforce"]
                    guard let name = try level.string() else {
                        return report.fail(
                            namespace.labels.isWritten ? namespace.labels : namespace.metadata,
                            "namespace '\(namespace.name)' enforces no Pod Security level", value: "pod-security.kubernetes.io/enforce")
                    }
                    if name == "restricted" || name == "baseline" || name == "privileged" { return }
                    report.fail(level, "'\(name)' is no Pod Security level, so namespace '\(namespace.name)' enforces none")
                })
        ])
}
