import Controls
import Documents
import Kubernetes

extension Control {
    /// The level `baseline` keeps known escapes out and lets containers run as root with any default capability; `restricted`
    /// is what hardened Pods can live with.
    ///
    /// Fields: label `pod-security.kubernetes.io/enforce` of namespaces that enforce a level. Allowed: `restricted`.
    static let restrictedPodSecurity = Control(
        id: "restricted-pod-security",
        title: "Enforce the restricted Pod Security level",
        severity: .low,
        duty: "C5",
        summary: "With `baseline`, containers may still run as root and raise their privileges.",
        remedy: "Fix the Pods that `pod-security.kubernetes.io/warn: restricted` warns about, then enforce `restricted`.",
        references: [.cis("5.2.1"), .nsa("Pod security enforcement")],
        passing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop
              labels: {pod-security.kubernetes.io/enforce: restricted}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop
              labels:
                pod-security.kubernetes.io/enforce: baseline # ✗
            """
        ],
        check: .objects(["Namespace"]) { object, report throws(WrongType) in
            guard !isOfKubernetes(object) else { return report.notApplicable() }
            let level = object.labels["pod-security.kubernetes.io/enforce"]
            if try level.equals("baseline") { report.fail(level, "namespace '\(object.name)' enforces no more than the level 'baseline'") }
        })
}

/// Namespaces a cluster begins with, for its own components.
private func isOfKubernetes(_ namespace: KubernetesObject) -> Bool {
    namespace.name == "kube-system" || namespace.name == "kube-public" || namespace.name == "kube-node-lease"
}
