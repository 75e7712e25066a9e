import Controls
import Documents
import Kubernetes

extension Control {
    /// A snippet is copied into the configuration of the controller, which holds the certificates of every tenant and may read
    /// every Secret: whoever writes one Ingress reads them all (CVE-2021-25742).
    ///
    /// Fields: annotations of ingress-nginx that end in `-snippet`, and those of NGINX's own controller that end in `-snippets`.
    /// Allowed: none.
    static let ingressSnippets = Control(
        id: "ingress-nginx-snippets",
        title: "Forbid configuration snippets in Ingress annotations",
        severity: .high,
        duty: "C8b",
        summary:
            "A snippet runs as configuration of the shared controller and can read the Secrets and certificates of all tenants (CVE-2021-25742).",
        remedy: "Use the annotation made for the purpose; keep `allow-snippet-annotations` off in the controller.",
        references: [.ackPolicy("ACKCheckNginxAnnotation"), Reference("cve", "CVE-2021-25742"), Reference("cwe", "CWE-94")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, annotations: {nginx.ingress.kubernetes.io/proxy-body-size: 8m}}
            spec: {ingressClassName: nginx, rules: []}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                nginx.ingress.kubernetes.io/configuration-snippet: | # ✗
                  add_header X-Example 1;
                nginx.ingress.kubernetes.io/server-snippet: "# nothing" # ✗
                nginx.org/location-snippets: "# nothing" # ✗
            spec: {ingressClassName: nginx, rules: []}
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            guard ingress.isCoreIngress else { return report.notApplicable() }
            for annotation in try ingress.annotations.entries() {
                let isCommunity = annotation.keyHasPrefix("nginx.ingress.kubernetes.io/") && annotation.keyHasSuffix("-snippet")
                let isVendor = annotation.keyHasPrefix("nginx.org/") && annotation.keyHasSuffix("-snippets")
                if isCommunity || isVendor {
                    report.fail(annotation, "Ingress '\(ingress.name)' puts text into the controller with \(annotation.key)", value: annotation.key)
                }
            }
        })
}
