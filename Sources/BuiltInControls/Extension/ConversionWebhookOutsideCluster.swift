import Controls
import Documents
import Kubernetes

extension Control {
    /// A conversion webhook with a `url` sends every object of the kind to a host that the cluster does not control, and stores what comes back.
    ///
    /// Fields: `spec.conversion.webhook.clientConfig.url`. Allowed: a `service`.
    static let conversionWebhookOutsideCluster = Control(
        id: "conversion-webhook-outside-cluster",
        title: "Keep conversion webhooks inside the cluster",
        severity: .medium,
        duty: "C7",
        summary: "Every object of the kind is sent to, and rewritten by, a host outside the cluster.",
        remedy: "Run the webhook in the cluster and name its `service`.",
        references: [Reference("mitre-attack", "T1557")],
        passing: [
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.example.com
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
              versions: [{name: v1, served: true, storage: true}]
              conversion:
                strategy: Webhook
                webhook:
                  conversionReviewVersions: [v1]
                  clientConfig:
                    service: {namespace: guard, name: convert}
                    caBundle: Q0E=
            """
        ],
        failing: [
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.example.com
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
              versions: [{name: v1, served: true, storage: true}]
              conversion:
                strategy: Webhook
                webhook:
                  conversionReviewVersions: [v1]
                  clientConfig:
                    url: https://convert.example.com # ✗
            """
        ],
        check: .objects(["CustomResourceDefinition"]) { object, report throws(WrongType) in
            let url = object.spec["conversion"]["webhook"]["clientConfig"]["url"]
            if let text = try url.string() { report.fail(url, "the objects of '\(object.name)' are sent to \(text)") }
        })
}
