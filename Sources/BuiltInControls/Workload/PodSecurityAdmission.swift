import Controls
import Documents
import Kubernetes

extension Control {
    /// Unless a namespace says which Pod Security level holds, a privileged Pod gets in.
    ///
    /// Fields: label `pod-security.kubernetes.io/enforce` of namespaces. Allowed: `baseline`, `restricted`. The namespaces
    /// of Kubernetes itself hold what needs more.
    static let podSecurityAdmission = Control(
        id: "pod-security-admission",
        title: "Enforce a Pod Security level in every namespace",
        severity: .medium,
        duty: "C5",
        summary: "A namespace that enforces no Pod Security level lets privileged Pods in.",
        remedy: "Label the namespace `pod-security.kubernetes.io/enforce: restricted`, or `baseline` where that is not yet possible.",
        references: [.cis("5.2.1"), .nsa("Pod security enforcement")],
        passing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop
              labels: {pod-security.kubernetes.io/enforce: baseline}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata: # ✗
              name: shop
            """,
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop
              labels:
                pod-security.kubernetes.io/enforce: privileged # ✗
            """,
        ],
        check: .objects(["Namespace"]) { object, report throws(WrongType) in
            guard !isOfKubernetes(object) else { return report.notApplicable() }
            let level = object.labels["pod-security.kubernetes.io/enforce"]
            if try level.equals("baseline") { return }
            if try level.equals("restricted") { return }
            report.fail(
                level.exists ? level : object.metadata,
                "namespace '\(object.name)' enforces \(level.exists ? "the level '\(level.text)'" : "no Pod Security level")",
                value: level.exists ? level.text : "privileged")
        })
}

/// Namespaces a cluster begins with, for its own components.
func isOfKubernetes(_ namespace: KubernetesObject) -> Bool {
    namespace.name == "kube-system" || namespace.name == "kube-public" || namespace.name == "kube-node-lease"
}
