import Controls
import Documents
import Kubernetes

extension Control {
    /// The load balancer behind an Ingress is public when its controller is told so, or when nobody tells it otherwise.
    ///
    /// Fields: `spec.config.addressType` of Alibaba Cloud's AlbConfig (unset is `Internet`), and the annotation
    /// `alb.ingress.kubernetes.io/scheme` of the AWS Load Balancer Controller. Allowed: `Intranet`, `internal`.
    static let internetIngress = Control(
        id: "internet-ingress",
        title: "Keep Ingress load balancers off the Internet",
        severity: .medium,
        duty: "P3b",
        summary: "The load balancer of the Ingress has a public address.",
        remedy: "Set `addressType: Intranet` (or `scheme: internal`), or apply for a public address and put an access list in front.",
        references: [Reference("mitre-attack", "T1190")],
        passing: [
            """
            apiVersion: alibabacloud.com/v1
            kind: AlbConfig
            metadata: {name: inside}
            spec: {config: {name: inside, addressType: Intranet}}
            """
        ],
        failing: [
            """
            apiVersion: alibabacloud.com/v1
            kind: AlbConfig
            metadata: {name: outside}
            spec:
              config:
                name: outside
                addressType: Internet # ✗
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                alb.ingress.kubernetes.io/scheme: internet-facing # ✗
            spec: {ingressClassName: alb, rules: []}
            """,
            """
            apiVersion: alibabacloud.com/v1
            kind: AlbConfig
            metadata: {name: unsaid}
            spec:
              config: # ✗
                name: unsaid
            """,
        ],
        check: .objects(["AlbConfig", "Ingress"]) { object, report throws(WrongType) in
            if object.kind == "AlbConfig" {
                let address = object.spec["config"]["addressType"]
                if try address.equals("Intranet") { return }
                return report.fail(
                    object.spec, missing: "config.addressType", "the load balancer of AlbConfig '\(object.name)' gets a public address",
                    value: address.exists ? address.text : "Internet")
            }
            let scheme = object.annotations["alb.ingress.kubernetes.io/scheme"]
            if try scheme.equals("internet-facing") { report.fail(scheme, "the load balancer of Ingress '\(object.name)' gets a public address") }
        })
}
