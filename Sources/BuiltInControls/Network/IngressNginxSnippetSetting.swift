import Controls
import Documents
import Kubernetes

extension Control {
    /// With `allow-snippet-annotations` everyone who may write an Ingress may write configuration of the shared controller, and
    /// with it read the Secrets of all namespaces.
    ///
    /// Fields: data of the controller's ConfigMap: `allow-snippet-annotations`, and `annotations-risk-level: Critical`.
    static let ingressNginxSnippetSetting = Control(
        id: "ingress-nginx-allow-snippets",
        title: "Keep snippet annotations switched off in the controller",
        severity: .high,
        duty: "C8b",
        summary: "The controller takes configuration from every Ingress, so whoever may write one can read the Secrets of all tenants.",
        remedy: "Set `allow-snippet-annotations: \"false\"` and `annotations-risk-level: High` or lower.",
        references: [Reference("cve", "CVE-2021-25742"), .ackPolicy("ACKCheckNginxAnnotation")],
        passing: [
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: ingress-nginx-controller}
            data: {allow-snippet-annotations: "false"}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: ingress-nginx-controller}
            data:
              allow-snippet-annotations: "true" # ✗
              annotations-risk-level: Critical # ✗
            """
        ],
        check: .objects(["ConfigMap"]) { map, report throws(WrongType) in
            let allow = map.root["data"]["allow-snippet-annotations"]
            if try allow.flag() == true { report.fail(allow, "ConfigMap '\(map.name)' lets every Ingress write configuration") }
            let risk = map.root["data"]["annotations-risk-level"]
            if try risk.equals("Critical") { report.fail(risk, "ConfigMap '\(map.name)' accepts the most dangerous annotations") }
        })
}
