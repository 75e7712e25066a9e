import Controls
import Documents
import Kubernetes

extension Control {
    /// A listener that ends TLS needs a certificate; without one controllers refuse it, or serve one of their own that clients
    /// are then told to ignore.
    ///
    /// Fields: `spec.listeners[].tls` of HTTPS and TLS listeners. Allowed: `certificateRefs`, `options` of the platform, mode
    /// `Passthrough`.
    static let gatewayCertificates = Control(
        id: "gateway-certificates",
        title: "Give encrypted listeners a certificate",
        severity: .medium,
        duty: "C2",
        summary: "A listener that ends TLS without a certificate does not work, or works with one that no client can check.",
        remedy: "Name a Secret in `tls.certificateRefs`, or pass the connection through with `mode: Passthrough`.",
        references: [Reference("cwe", "CWE-295")],
        passing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              listeners:
              - {name: secure, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: front}]}}
              - {name: raw, port: 8443, protocol: TLS, tls: {mode: Passthrough}}
            """
        ],
        failing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              listeners:
              - name: secure # ✗
                port: 443
                protocol: HTTPS
              - name: raw
                port: 8443
                protocol: TLS
                tls: # ✗
                  mode: Terminate
            """
        ],
        check: .objects(["Gateway"]) { gateway, report throws(WrongType) in
            guard gateway.isInGroup(gatewayAPI) else { return report.notApplicable() }
            for listener in try gateway.spec["listeners"].items() {
                guard try listener["protocol"].equals("HTTPS", or: "TLS") else { continue }
                let tls = listener["tls"]
                if try tls["mode"].equals("Passthrough") { continue }
                guard try tls["certificateRefs"].items().isEmpty, try tls["options"].entries().isEmpty else { continue }
                report.fail(
                    listener, missing: "tls.certificateRefs", "listener '\(listener["name"].text)' of Gateway '\(gateway.name)' has no certificate")
            }
        })
}
