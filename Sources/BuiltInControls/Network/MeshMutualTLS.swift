import Controls
import Documents
import Kubernetes

extension Control {
    /// A service mesh that accepts plain connections beside mutual TLS protects nobody: whoever leaves the certificate away gets
    /// in all the same.
    ///
    /// Fields: `mtls.mode` and `portLevelMtls` of Istio's PeerAuthentication, `trafficPolicy.tls` of DestinationRules. Allowed: `STRICT`
    /// (or nothing, which inherits) for the first, no `DISABLE` and no `insecureSkipVerify` for the second.
    static let meshMutualTLS = Control(
        id: "mesh-mutual-tls",
        title: "Require mutual TLS in the service mesh",
        severity: .medium,
        duty: "C2",
        summary: "The mesh takes or sends plain connections, so traffic can be read and the caller's identity is not proven.",
        remedy: "Set `mtls.mode: STRICT` once all clients are in the mesh, and `ISTIO_MUTUAL` in DestinationRules.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-319")],
        passing: [
            """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: istio-system}
            spec: {mtls: {mode: STRICT}}
            """
        ],
        failing: [
            """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: shop}
            spec:
              mtls:
                mode: PERMISSIVE # ✗
              portLevelMtls:
                "8080":
                  mode: DISABLE # ✗
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: shop}
            spec:
              host: web
              trafficPolicy:
                tls:
                  mode: DISABLE # ✗
            """
        ],
        check: .objects(["PeerAuthentication", "DestinationRule"]) { object, report throws(WrongType) in
            if object.kind == "PeerAuthentication" {
                guard object.isInGroup("security.istio.io") else { return report.notApplicable() }
                try judge(object.spec["mtls"]["mode"], object, &report)
                for port in try object.spec["portLevelMtls"].entries() { try judge(port["mode"], object, &report) }
                return
            }
            guard object.isInGroup("networking.istio.io") else { return report.notApplicable() }
            let tls = object.spec["trafficPolicy"]["tls"]
            if try tls["mode"].equals("DISABLE") { report.fail(tls["mode"], "DestinationRule '\(object.name)' sends without TLS") }
            let skip = tls["insecureSkipVerify"]
            if try skip.bool() == true {
                report.fail(skip, "DestinationRule '\(object.name)' does not check who answers", value: "insecureSkipVerify")
            }
        })
}

private func judge(_ mode: Value, _ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
    if try mode.equals("PERMISSIVE", or: "DISABLE") {
        report.fail(mode, "PeerAuthentication '\(object.name)' accepts connections without a certificate")
    }
}
