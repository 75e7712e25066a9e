import Controls
import Documents
import Kubernetes

extension Control {
    /// A webhook with a `url` sends every matching object, Secrets included when they match, to a host that the cluster does not control.
    ///
    /// Fields: `clientConfig.url`. Allowed: a `service`.
    static let webhookOutsideCluster = Control(
        id: "webhook-outside-cluster",
        title: "Keep webhooks inside the cluster",
        severity: .medium,
        duty: "C7",
        summary: "Objects are sent to a host outside the cluster, which also decides whether they may be created.",
        remedy: "Run the webhook in the cluster and name its `service`.",
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
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
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
              clientConfig:
                url: https://guard.example.com/v # ✗
                caBundle: Q0E=
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
            let url = webhook["clientConfig"]["url"]
            if let text = try url.string() { report.fail(url, "webhook '\(webhook["name"].text)' sends objects to \(text)") }
        })
}
