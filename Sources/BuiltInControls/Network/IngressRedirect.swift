import Controls
import Documents
import Kubernetes

extension Control {
    /// TLS helps nobody who keeps using the plain address. Controllers send people over to HTTPS by themselves;
    /// an annotation can switch that off.
    ///
    /// Fields: annotations `ssl-redirect` and `force-ssl-redirect` of ingress-nginx, `allow-http` of GKE, and both kinds of
    /// listener without `ssl-redirect` on ALB. Only for an Ingress with TLS.
    static let ingressRedirect = Control(
        id: "ingress-https-redirect",
        title: "Redirect HTTP to HTTPS",
        severity: .low,
        duty: "C2",
        summary: "An Ingress with TLS that keeps answering on plain HTTP lets clients stay unencrypted.",
        remedy: "Remove the annotation that switches the redirect off, or add the one of your controller that switches it on.",
        references: [Reference("cwe", "CWE-319")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "true"}}
            spec: {tls: [{secretName: web}], rules: []}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                nginx.ingress.kubernetes.io/ssl-redirect: "false" # ✗
            spec: {tls: [{secretName: web}], rules: []}
            """,
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]' # ✗
            spec: {rules: []}
            """,
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            let ports = ingress.annotations["alb.ingress.kubernetes.io/listen-ports"]
            let isEncrypted = ingress.spec["tls"].count > 0 || ports.textContains("HTTPS")
            guard ingress.isCoreIngress, isEncrypted else { return report.notApplicable() }
            let redirect = ingress.annotations["nginx.ingress.kubernetes.io/ssl-redirect"]
            if try redirect.flag() == false {
                report.fail(redirect, "Ingress '\(ingress.name)' keeps answering on plain HTTP")
            }
            let albRedirect = ingress.annotations["alb.ingress.kubernetes.io/ssl-redirect"]
            if ports.textContains("\"HTTP\""), ports.textContains("HTTPS"), !albRedirect.exists {
                report.fail(ports, "Ingress '\(ingress.name)' listens on HTTP and does not redirect")
            }
        })
}
