import Controls
import Documents
import Kubernetes

extension Control {
    /// Without `caBundle` the API server trusts every public authority that its host trusts, and most webhooks fail.
    ///
    /// Fields: `clientConfig.caBundle`. Allowed: set, or an annotation by which cert-manager or OpenShift fills it in.
    static let webhookWithoutCa = Control(
        id: "webhook-without-ca",
        title: "Say which authority signs the webhook's certificate",
        severity: .low,
        duty: "C2",
        summary: "Without its own authority a webhook is either out of order or trusts every public one.",
        remedy: "Set `caBundle`, or let cert-manager inject it.",
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
            """,
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: guard
              annotations: {cert-manager.io/inject-ca-from: guard/guard}
            webhooks:
            - name: guard.example.com
              clientConfig: {service: {namespace: guard, name: guard}}
              admissionReviewVersions: [v1]
              sideEffects: None
              rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
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
              clientConfig: {service: {namespace: guard, name: guard}} # ✗
              admissionReviewVersions: [v1]
              sideEffects: None
              rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
            """
        ],
        check: .webhooks { webhook, object, report throws(WrongType) in
            let client = webhook["clientConfig"]
            guard !client["url"].exists, try client["caBundle"].string() ?? "" == "" else { return }
            if try isAuthorityInjected(into: object) { return }
            report.fail(webhook, missing: "clientConfig.caBundle", "webhook '\(webhook["name"].text)' names no certificate authority")
        })
}
