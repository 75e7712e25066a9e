import Controls
import Documents
import Kubernetes

extension Control {
    /// With `matchPolicy: Exact` a request by another version or group of the same resource goes past the webhook.
    ///
    /// Fields: `matchPolicy`. Allowed: Equivalent (the default since v1).
    static let webhookMatchPolicy = Control(
        id: "webhook-match-policy",
        title: "Match requests in every version of the API",
        severity: .medium,
        duty: "C7",
        summary: "The same object sent in another version of its API is not seen by the webhook.",
        remedy: "Remove `matchPolicy: Exact`.",
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
              matchPolicy: Equivalent
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
              matchPolicy: Exact # ✗
            """
        ],
        check: .webhooks { webhook, object, report throws(WrongType) in
            let policy = webhook["matchPolicy"]
            if try policy.equals("Exact") { report.fail(policy, "webhook '\(webhook["name"].text)' misses other versions of the resources it names") }
        })
}
