import Controls
import Documents
import Kubernetes

extension Control {
    /// A public load balancer that only forwards HTTP sends passwords, cookies and data readable through the
    /// Internet.
    ///
    /// Fields: `spec.ports[]` of Services with a public load balancer: port 80, a name or `appProtocol` of `http`,
    /// without a second port for TLS. Allowed: a TLS port beside it (for redirects), or a listener with a certificate
    /// made by annotation (Alibaba Cloud, AWS).
    static let plaintextLoadBalancers = Control(
        id: "plaintext-load-balancers",
        title: "Encrypt traffic through public load balancers",
        severity: .medium,
        duty: "C2",
        summary: "A public load balancer that offers only HTTP lets everyone on the way read and change the traffic.",
        remedy: "Serve HTTPS on port 443, or end TLS on the load balancer with the platform's certificate annotation.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-319")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{name: http, port: 80}, {name: https, port: 443}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: LoadBalancer
              selector: {app: web}
              ports:
              - name: http # ✗
                port: 80
            """
        ],
        check: .objects(["Service"], judgePlaintext))
}

private func judgePlaintext(_ service: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard service.isCoreService, try ServiceReach(of: service, report.settings) == .internet else { return report.notApplicable() }
    let annotations = service.annotations
    // TLS ends on the balancer.
    if annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-cert-id"].exists { return }
    if annotations["service.beta.kubernetes.io/aws-load-balancer-ssl-cert"].exists { return }
    var plain: Value?
    for port in try service.spec["ports"].items() {
        let number = try port["port"].int()
        let use = port["appProtocol"].exists ? port["appProtocol"] : port["name"]
        let isEncrypted = try use.equals("https", or: "tls")
        if isEncrypted || number == 443 || number == 8443 { return }
        let isHTTP = try use.equals("http", or: "kubernetes.io/h2c")
        if isHTTP || number == 80 { plain = plain ?? port }
    }
    if let plain { report.fail(plain, "Service '\(service.name)' offers HTTP to the Internet and nothing encrypted", value: plain["port"].text) }
}
