import Controls
import Documents
import Kubernetes

extension Control {
    /// A host that an Ingress serves without TLS is read and changed by everyone between the client and the
    /// controller: passwords, session cookies, downloads.
    ///
    /// Fields: `spec.tls[].hosts` against `spec.rules[].host`. An entry of `tls` without hosts covers all. Load balancers of
    /// Alibaba Cloud, AWS, Google and Azure get their certificate through annotations, which pass.
    static let ingressTLS = Control(
        id: "ingress-tls",
        title: "Serve every Ingress host over TLS",
        severity: .medium,
        duty: "C2",
        summary: "A host of an Ingress without TLS sends passwords, cookies and data readable over the network.",
        remedy: "Add the host to an entry of `spec.tls` with a Secret that holds its certificate.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-319")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              ingressClassName: nginx
              tls: [{hosts: ["*.shop.example.com"], secretName: shop}]
              rules:
              - host: www.shop.example.com
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
            """,
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS": 443}]'
            spec:
              ingressClassName: alb
              rules:
              - host: www.shop.example.com
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
            """,
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              tls:
              - hosts: [www.example.com]
                secretName: web
              rules:
              - host: www.example.com
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
              - host: api.example.com # ✗
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}]}
            """,
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec: # ✗
              defaultBackend: {service: {name: web, port: {number: 80}}}
            """,
        ],
        check: .objects(["Ingress"], judgeTLS))
}

private func judgeTLS(_ ingress: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard ingress.isCoreIngress else { return report.notApplicable() }
    if try hasPlatformCertificate(ingress.annotations) { return }
    var covered: [String] = []
    for entry in try ingress.spec["tls"].items() {
        let hosts = try entry["hosts"].strings()
        if hosts.isEmpty { return }
        covered += hosts
    }
    var hasHost = false
    for rule in try ingress.spec["rules"].items() {
        guard let host = try rule["host"].string(), !host.isEmpty else { continue }
        hasHost = true
        if !covered.contains(where: { serverName($0, covers: host) }) {
            report.fail(rule["host"], "Ingress '\(ingress.name)' serves \(host) without TLS")
        }
    }
    if !hasHost, covered.isEmpty { report.fail(ingress.spec, missing: "tls", "Ingress '\(ingress.name)' has no TLS") }
}

/// Certificates that a cloud's load balancer gets by annotation. Sources: the pages of the AWS Load Balancer Controller and of
/// ALB Ingress (same prefix), GKE Ingress, Application Gateway and Traefik.
private func hasPlatformCertificate(_ annotations: Value) throws(WrongType) -> Bool {
    if annotations["alb.ingress.kubernetes.io/certificate-arn"].exists { return true }
    if annotations["alb.ingress.kubernetes.io/listen-ports"].textContains("HTTPS") { return true }
    if annotations["networking.gke.io/managed-certificates"].exists { return true }
    if annotations["ingress.gcp.kubernetes.io/pre-shared-cert"].exists { return true }
    if annotations["appgw.ingress.kubernetes.io/appgw-ssl-certificate"].exists { return true }
    return try annotations["traefik.ingress.kubernetes.io/router.tls"].equals("true")
}
