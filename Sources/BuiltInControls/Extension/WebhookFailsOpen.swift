import Controls
import Documents
import Kubernetes

extension Control {
    /// With `failurePolicy: Ignore` an attacker who stops or slows the webhook gets past it. That is right for comfort, not for security.
    ///
    /// Fields: `failurePolicy` of validating webhooks. Allowed: Fail, unset.
    static let webhookFailsOpen = Control(
        id: "webhook-fails-open",
        title: "Know which webhooks let everything through when they fail",
        severity: .low,
        duty: "C7",
        summary: "Whoever makes this webhook slow or unavailable gets past what it forbids.",
        remedy: "Use `failurePolicy: Fail` with a `namespaceSelector` where the webhook protects something.",
        references: [Reference("mitre-attack", "T1562.001")],
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
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
              failurePolicy: Ignore # ✗
            """
        ],
        check: .webhooks(["ValidatingWebhookConfiguration"]) { webhook, object, report throws(WrongType) in
            let policy = webhook["failurePolicy"]
            if try policy.equals("Ignore") { report.fail(policy, "webhook '\(webhook["name"].text)' is passed by when it does not answer") }
        })
}
