import Controls
import Documents
import Kubernetes

extension Control {
    /// With `failurePolicy: Fail` and no selector, the API server refuses the matching requests of the whole cluster while the webhook does not answer.
    ///
    /// Fields: `failurePolicy` (Fail when unset), `namespaceSelector`, `objectSelector`, `matchConditions`. Allowed: one selector or condition, or `Ignore`.
    static let webhookFailsClosedEverywhere = Control(
        id: "webhook-fails-closed-everywhere",
        title: "Let a failing webhook stop only its own namespaces",
        severity: .medium,
        duty: "C7",
        summary: "While this webhook does not answer, nobody in the cluster can create what it watches.",
        remedy: "Choose the namespaces with `namespaceSelector`, run several replicas, and keep the timeout short.",
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
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
              failurePolicy: Fail
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
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              failurePolicy: Ignore
            """,
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
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              failurePolicy: Fail # ✗
            """,
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: guard
            webhooks:
            - name: guard.example.com # ✗
              clientConfig: {service: {namespace: guard, name: guard}, caBundle: Q0E=}
              admissionReviewVersions: [v1]
              sideEffects: None
              rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
            """,
        ],
        check: .webhooks { webhook, object, report throws(WrongType) in
            guard try failsClosed(webhook["failurePolicy"]) else { return }
            guard try webhook["namespaceSelector"].entries().isEmpty, try webhook["objectSelector"].entries().isEmpty,
                try webhook["matchConditions"].items().isEmpty
            else { return }
            for node in try webhook["rules"].items() where try AdmissionRule(node).seesWorkloads() {
                return report.fail(webhook, missing: "failurePolicy", "webhook '\(webhook["name"].text)' fails closed for every namespace")
            }
        })
}
