import Controls
import Documents
import Kubernetes

extension Control {
    /// A Gateway that only listens on plain HTTP can't serve anything encrypted, whatever its routes say.
    ///
    /// Fields: `spec.listeners[].protocol`. Allowed: `HTTPS`, `TLS`, `TCP`, `UDP`; `HTTP` beside an encrypted listener, where
    /// `http-routes-over-tls` judges the routes.
    static let gatewayListenerTLS = Control(
        id: "gateway-listener-tls",
        title: "Listen with TLS on Gateways",
        severity: .medium,
        duty: "C2",
        summary: "A Gateway without an encrypted listener serves every route readable over the network.",
        remedy: "Add a listener with `protocol: HTTPS` and `tls.certificateRefs`, and redirect from the plain one.",
        references: [Reference("cwe", "CWE-319"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              gatewayClassName: shared
              listeners:
              - {name: web, port: 80, protocol: HTTP}
              - {name: secure, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: front}]}}
            """
        ],
        failing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              gatewayClassName: shared
              listeners:
              - name: web
                port: 80
                protocol: HTTP # ✗
            """
        ],
        check: .objects(["Gateway"]) { gateway, report throws(WrongType) in
            guard gateway.isInGroup(gatewayAPI) else { return report.notApplicable() }
            if try hasEncryptedListener(gateway) { return }
            for listener in try gateway.spec["listeners"].items() {
                let listenerProtocol = listener["protocol"]
                if try listenerProtocol.equals("HTTP") {
                    report.fail(listenerProtocol, "Gateway '\(gateway.name)' listens on plain HTTP only", value: listener["name"].text)
                }
            }
        })
}
