import Controls
import Documents
import Kubernetes

extension Control {
    /// A conversion webhook sees and rewrites every object of the kind. Without `caBundle` any public authority will do, and mostly nothing works.
    ///
    /// Fields: `spec.conversion.webhook.clientConfig` of custom resource definitions. Allowed: `caBundle`, or an annotation by which it is filled in.
    static let conversionWebhookWithoutCa = Control(
        id: "conversion-webhook-without-ca",
        title: "Say which authority signs the conversion webhook's certificate",
        severity: .low,
        duty: "C2",
        summary: "Every object of the kind passes through a webhook whose identity is not pinned.",
        remedy: "Set `caBundle`, or let cert-manager inject it.",
        references: [],
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
            """,
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
            """,
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.example.com
              annotations: {cert-manager.io/inject-ca-from: guard/guard}
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
            """,
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
                  clientConfig: # ✗
                    service: {namespace: guard, name: convert}
            """
        ],
        check: .objects(["CustomResourceDefinition"]) { object, report throws(WrongType) in
            let conversion = object.spec["conversion"]
            guard try conversion["strategy"].equals("Webhook") else { return report.notApplicable() }
            let client = conversion["webhook"]["clientConfig"]
            guard !client["url"].exists, try client["caBundle"].string() ?? "" == "" else { return }
            if try isAuthorityInjected(into: object) { return }
            report.fail(
                conversion, missing: "webhook.clientConfig.caBundle", "the conversion webhook of '\(object.name)' names no certificate authority")
        })
}
