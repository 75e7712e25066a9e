import Controls
import Documents
import Kubernetes

extension Control {
    /// A server of an Istio Gateway on plain HTTP, without a redirect, takes passwords and cookies in the clear.
    ///
    /// Fields: `spec.servers[]` of Istio's Gateway. Allowed: `HTTPS`, `TLS`, `TCP`, `GRPC`…; `HTTP` with `tls.httpsRedirect: true`.
    static let meshGatewayTLS = Control(
        id: "mesh-gateway-tls",
        title: "Serve mesh Gateways over TLS",
        severity: .medium,
        duty: "C2",
        summary: "The Gateway of the mesh serves plain HTTP.",
        remedy: "Add a server with `protocol: HTTPS`, and `tls.httpsRedirect: true` to the plain one.",
        references: [Reference("cwe", "CWE-319")],
        passing: [
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              servers:
              - {port: {number: 80, name: http, protocol: HTTP}, tls: {httpsRedirect: true}, hosts: [www.example.com]}
              - {port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: front}, hosts: [www.example.com]}
            """
        ],
        failing: [
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              servers:
              - port:
                  number: 80
                  protocol: HTTP # ✗
                hosts: [www.example.com]
            """
        ],
        check: .objects(["Gateway"]) { gateway, report throws(WrongType) in
            guard gateway.isInGroup("networking.istio.io") else { return report.notApplicable() }
            for server in try gateway.spec["servers"].items() {
                let serverProtocol = server["port"]["protocol"]
                guard try serverProtocol.equals("HTTP", or: "HTTP2"), try server["tls"]["httpsRedirect"].bool() != true else { continue }
                report.fail(serverProtocol, "Gateway '\(gateway.name)' serves plain HTTP", value: server["port"]["number"].text)
            }
        })
}
