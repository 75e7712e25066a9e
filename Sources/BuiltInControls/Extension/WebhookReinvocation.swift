import Controls
import Documents
import Kubernetes

extension Control {
    /// Webhooks that change objects run once each, in order of their names. What a later one adds (a sidecar, a volume) an earlier one never
    /// sees, unless it may run again.
    ///
    /// Fields: `reinvocationPolicy` of mutating webhooks on Pods. Allowed: IfNeeded.
    static let webhookReinvocation = Control(
        id: "webhook-reinvocation",
        title: "Let webhooks that change Pods run again",
        severity: .info,
        duty: "C7",
        summary: "Containers that another webhook adds later do not get this webhook's defaults.",
        remedy: "Set `reinvocationPolicy: IfNeeded` when the webhook gives the same result twice.",
        references: [],
        passing: [
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
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
              reinvocationPolicy: IfNeeded
            """
        ],
        failing: [
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
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
              reinvocationPolicy: Never # ✗
            """
        ],
        check: .webhooks(["MutatingWebhookConfiguration"]) { webhook, object, report throws(WrongType) in
            if try webhook["reinvocationPolicy"].equals("IfNeeded") { return }
            for node in try webhook["rules"].items() where try AdmissionRule(node).seesNewPods() {
                return report.fail(
                    webhook, missing: "reinvocationPolicy", "webhook '\(webhook["name"].text)' never sees what later webhooks add to Pods")
            }
        })
}
