import Controls
import Documents
import Kubernetes

extension Control {
    /// Each request waits for each webhook; a hanging one with 30 seconds slows every client, and controllers give up.
    ///
    /// Fields: `timeoutSeconds`. Allowed: up to 10 (the default).
    static let webhookTimeout = Control(
        id: "webhook-timeout",
        title: "Keep the timeouts of webhooks short",
        severity: .low,
        duty: "C7",
        summary: "A hanging webhook delays every matching request for its whole timeout.",
        remedy: "Set `timeoutSeconds` to 10 or less; a webhook should answer within milliseconds.",
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
              timeoutSeconds: 5
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
              timeoutSeconds: 30 # ✗
            """
        ],
        check: .webhooks { webhook, object, report throws(WrongType) in
            let timeout = webhook["timeoutSeconds"]
            if let seconds = try timeout.int(), seconds > 10 {
                report.fail(timeout, "webhook '\(webhook["name"].text)' may delay each request for \(seconds) seconds")
            }
        })
}
