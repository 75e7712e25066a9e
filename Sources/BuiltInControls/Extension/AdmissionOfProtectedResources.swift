import Controls
import Documents
import Kubernetes

extension Control {
    /// Nodes, leases, certificate requests and reviews of tokens and access are how the cluster keeps itself alive. A webhook that fails there takes
    /// nodes and controllers down; one that reads there sees credentials.
    ///
    /// Fields: `rules` of webhooks, `matchConstraints.resourceRules` of admission policies. Allowed: other resources.
    /// Rules that see everything are found by `admission-of-everything`.
    static let admissionOfProtectedResources = Control(
        id: "admission-of-protected-resources",
        title: "Keep webhooks away from what the cluster itself needs",
        severity: .high,
        duty: "C7",
        summary: "A webhook in the way of leases, nodes or token reviews takes the control plane down with it.",
        remedy: "Remove these resources from the rules; the platform refuses them on managed clusters.",
        references: [],
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
              - apiGroups: ["", apps]
                apiVersions: ["*"]
                operations: ["*"]
                resources:
                - pods
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
              - apiGroups: [""]
                apiVersions: ["*"]
                operations: ["*"]
                resources:
                - nodes # ✗
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
            """,
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
              - apiGroups: [coordination.k8s.io]
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
            kind: ValidatingWebhookConfiguration
            metadata:
              name: guard
            webhooks:
            - name: guard.example.com
              clientConfig: {service: {namespace: guard, name: guard}, caBundle: Q0E=}
              admissionReviewVersions: [v1]
              sideEffects: None
              rules:
              - apiGroups: [authentication.k8s.io]
                apiVersions: ["*"]
                operations: ["*"]
                resources:
                - tokenreviews # ✗
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
            """,
        ],
        check: .admissionRules(judge))
}

private func judge(_ rule: AdmissionRule, _ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
    if try rule.everything() != nil { return report.notApplicable() }
    for resource in protected {
        guard let item = try rule.item(covering: resource.path, of: resource.group) else { continue }
        report.fail(item, "\(object.displayName) sees \(resource.path), which the cluster itself needs", value: resource.path)
    }
}

private let protected: [APIResource] = [
    .nodes, APIResource("", "persistentvolumes"), APIResource("coordination.k8s.io", "leases"), .certificateRequests(),
    APIResource("authentication.k8s.io", "tokenreviews"), APIResource("authorization.k8s.io", "subjectaccessreviews"),
]
