import Controls
import Documents
import Kubernetes

extension Control {
    /// A Gateway may listen on HTTP to send people over to HTTPS. A route that attaches to that listener and forwards instead of
    /// redirecting serves its program in the clear, beside the encrypted door.
    ///
    /// Fields: `spec.parentRefs[]` of HTTPRoutes against the listeners of a Gateway that has both kinds, and whether every rule
    /// holds a `RequestRedirect`. The Gateway must be in the estate.
    static let httpRoutesOverTLS = Control(
        id: "http-routes-over-tls",
        title: "Attach HTTP routes to encrypted listeners",
        severity: .medium,
        duty: "C2",
        summary: "A route that attaches to the plain listener of a Gateway serves its program unencrypted, beside the encrypted door.",
        remedy: "Name the HTTPS listener in `sectionName`, and give the plain one a route that only redirects.",
        references: [Reference("cwe", "CWE-319")],
        passing: [
            Example(
                gatewayExample + """
                    apiVersion: gateway.networking.k8s.io/v1
                    kind: HTTPRoute
                    metadata: {name: shop}
                    spec:
                      parentRefs: [{name: front, sectionName: secure}]
                      rules: [{backendRefs: [{name: shop, port: 80}]}]
                    ---
                    apiVersion: gateway.networking.k8s.io/v1
                    kind: HTTPRoute
                    metadata: {name: over}
                    spec:
                      parentRefs: [{name: front, sectionName: web}]
                      rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]
                    """)
        ],
        failing: [
            Example(
                gatewayExample + """
                    apiVersion: gateway.networking.k8s.io/v1
                    kind: HTTPRoute
                    metadata: {name: shop}
                    spec:
                      parentRefs:
                      - name: front # ✗
                      rules: [{backendRefs: [{name: shop, port: 80}]}]
                    """)
        ],
        check: .objects(["HTTPRoute"]) { route, report throws(WrongType) in
            guard route.isInGroup(gatewayAPI) else { return report.notApplicable() }
            if try onlyRedirects(route) { return }
            for parent in try route.spec["parentRefs"].items() {
                let namespace = try parent["namespace"].string() ?? route.namespace
                guard let name = try parent["name"].string(),
                    let gateway = report.inventory.object(kind: "Gateway", namespace: namespace, name: name),
                    try hasEncryptedListener(gateway), try attaches(parent, toPlainListenerOf: gateway)
                else { continue }
                report.fail(parent, "HTTPRoute '\(route.name)' serves through a plain listener of Gateway '\(name)'", value: name)
            }
        })
}

private let gatewayExample = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: front}
    spec:
      gatewayClassName: shared
      listeners:
      - {name: web, port: 80, protocol: HTTP}
      - {name: secure, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: front}]}}
    ---

    """

private func onlyRedirects(_ route: KubernetesObject) throws(WrongType) -> Bool {
    for rule in try route.spec["rules"].items() {
        var redirects = false
        for filter in try rule["filters"].items() {
            if try filter["type"].equals("RequestRedirect") { redirects = true }
        }
        if !redirects { return false }
    }
    return true
}

private func attaches(_ parent: Value, toPlainListenerOf gateway: KubernetesObject) throws(WrongType) -> Bool {
    for listener in try gateway.spec["listeners"].items() {
        guard try listener["protocol"].equals("HTTP") else { continue }
        if !parent["sectionName"].exists || parent["sectionName"].hasSameText(as: listener["name"]) { return true }
    }
    return false
}
