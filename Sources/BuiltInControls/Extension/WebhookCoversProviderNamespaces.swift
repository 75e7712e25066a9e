import Controls
import Documents
import Kubernetes

extension Control {
    /// A webhook that sees the Pods and Services of kube-system can stop or change DNS, networking and its own repair.
    ///
    /// Fields: `namespaceSelector` of each webhook with rules on built-in namespaced kinds, evaluated with the namespace's labels.
    /// Allowed: selectors that leave out the provider's namespaces (`providerNamespaces`), or an `objectSelector` that asks for a label.
    static let webhookCoversProviderNamespaces = Control(
        id: "webhook-covers-provider-namespaces",
        title: "Keep webhooks out of the provider's namespaces",
        severity: .medium,
        duty: "C7",
        summary: "A tenant's webhook decides about the provider's components and can stop them all.",
        remedy: "Add a `namespaceSelector` with `kubernetes.io/metadata.name` `NotIn` the provider's namespaces.",
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
              objectSelector: {matchLabels: {guard: "on"}}
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
              - apiGroups: [example.com]
                apiVersions: ["*"]
                operations: ["*"]
                resources:
                - widgets
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
              namespaceSelector: # ✗
                matchExpressions: [{key: guard, operator: NotIn, values: [closed]}]
            """,
        ],
        check: .webhooks { webhook, object, report throws(WrongType) in
            for node in try webhook["rules"].items() where try AdmissionRule(node).seesWorkloads() {
                if try isOptIn(webhook) { return }
                guard let namespace = try report.providerNamespace(selectedBy: webhook["namespaceSelector"]) else { return }
                return report.fail(
                    webhook, missing: "namespaceSelector", "webhook '\(webhook["name"].text)' sees the objects of namespace '\(namespace)'",
                    value: namespace)
            }
        })
}
