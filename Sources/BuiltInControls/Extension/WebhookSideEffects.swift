import Controls
import Documents
import Kubernetes

extension Control {
    /// A webhook with side effects acts also for requests that are refused later, and makes `kubectl apply --dry-run` fail.
    ///
    /// Fields: `sideEffects`. Allowed: None, NoneOnDryRun.
    static let webhookSideEffects = Control(
        id: "webhook-side-effects",
        title: "Declare webhooks free of side effects",
        severity: .low,
        duty: "C7",
        summary: "Side effects happen also for requests that are refused later, and break dry runs.",
        remedy: "Move the effect to a controller, and set `sideEffects: None`.",
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
            """
        ],
        failing: [
            """
            apiVersion: admissionregistration.k8s.io/v1beta1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: guard
            webhooks:
            - name: guard.example.com
              clientConfig: {service: {namespace: guard, name: guard}, caBundle: Q0E=}
              admissionReviewVersions: [v1]
              sideEffects: Unknown # ✗
              rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              namespaceSelector:
                matchExpressions:
                - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, guard]}
            """
        ],
        check: .webhooks { webhook, object, report throws(WrongType) in
            let effects = webhook["sideEffects"]
            if try effects.equals("None") { return }
            if try effects.equals("NoneOnDryRun") { return }
            report.fail(webhook, missing: "sideEffects", "webhook '\(webhook["name"].text)' does not rule out side effects")
        })
}
