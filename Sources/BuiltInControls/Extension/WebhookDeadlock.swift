import Controls
import Documents
import Kubernetes

extension Control {
    /// A webhook that fails closed and judges new Pods of the namespace it runs in stops its own restart: once its Pods are gone,
    /// nothing can bring them back but deleting the configuration.
    ///
    /// Fields: `clientConfig.service.namespace`, `namespaceSelector`, `failurePolicy`, `rules`. Allowed: the own namespace left out,
    /// an `objectSelector` that asks for a label, or `Ignore`.
    static let webhookDeadlock = Control(
        id: "webhook-deadlock",
        title: "Keep a webhook from stopping its own Pods",
        severity: .high,
        duty: "C7",
        summary: "Once its Pods are gone, the webhook refuses to let them come back.",
        remedy: "Leave the webhook's own namespace out with `namespaceSelector`.",
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
            - name: guard.example.com # ✗
              clientConfig: {service: {namespace: guard, name: guard}, caBundle: Q0E=}
              admissionReviewVersions: [v1]
              sideEffects: None
              rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
            """
        ],
        check: .webhooks { webhook, object, report throws(WrongType) in
            let service = webhook["clientConfig"]["service"]
            guard try failsClosed(webhook["failurePolicy"]), let namespace = try service["namespace"].string() else { return }
            for node in try webhook["rules"].items() where try AdmissionRule(node).seesNewPods() {
                if try isOptIn(webhook) { return }
                guard try report.isNamespace(namespace, selectedBy: webhook["namespaceSelector"]) else { return }
                return report.fail(
                    webhook, missing: "namespaceSelector",
                    "webhook '\(webhook["name"].text)' judges the Pods of its own namespace '\(namespace)' and fails closed",
                    value: namespace)
            }
        })
}
