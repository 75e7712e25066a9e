import Controls
import Documents
import Kubernetes

extension Control {
    /// A rule with all groups and all resources puts the extension in the way of every request of every tenant and of the control plane,
    /// and shows it every Secret.
    ///
    /// Fields: `rules` of webhooks, `matchConstraints.resourceRules` of admission policies. Allowed: listed groups or resources.
    static let admissionOfEverything = Control(
        id: "admission-of-everything",
        title: "Let webhooks and policies see only what they judge",
        severity: .high,
        duty: "C7",
        summary: "An extension that sees every request stops the cluster when it fails, and reads all that is written.",
        remedy: "List the groups and resources that the webhook or policy judges.",
        references: [Reference("mitre-attack", "T1557")],
        passing: [
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: guard
            webhooks:
            - name: guard.example.com
              clientConfig: {service: {namespace: guard, name: guard}, caBundle: Q0E=}
              admissionReviewVersions: [v1]
              sideEffects: None
              rules:
              - apiGroups: [apps]
                apiVersions: ["*"]
                operations: ["*"]
                resources:
                - deployments
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
            """
        ],
        failing: [
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: guard
            webhooks:
            - name: guard.example.com
              clientConfig: {service: {namespace: guard, name: guard}, caBundle: Q0E=}
              admissionReviewVersions: [v1]
              sideEffects: None
              rules:
              - apiGroups: ["*"]
                apiVersions: ["*"]
                operations: ["*"]
                resources:
                - "*" # ✗
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
            """,
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata:
              name: guard
            webhooks:
            - name: guard.example.com
              clientConfig: {service: {namespace: guard, name: guard}, caBundle: Q0E=}
              admissionReviewVersions: [v1]
              sideEffects: None
              rules:
              - apiGroups: ["*"]
                apiVersions: ["*"]
                operations: ["*"]
                resources:
                - "*/*" # ✗
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
            """,
        ],
        check: .admissionRules { rule, object, report throws(WrongType) in
            if let item = try rule.everything() {
                report.fail(item, "\(object.displayName) sees every resource of every group")
            }
        })
}
