import Controls
import Documents
import Kubernetes

extension Control {
    /// With `from: All` everyone who may write a route in any namespace may put it on this Gateway and take paths and names of
    /// others.
    ///
    /// Fields: `spec.listeners[].allowedRoutes.namespaces.from`. Allowed: `Same` (the default), `Selector` with labels, `None`.
    static let gatewayOpenToAllNamespaces = Control(
        id: "gateway-routes-from-all-namespaces",
        title: "Name the namespaces that may attach routes",
        severity: .medium,
        duty: "C6",
        summary: "Every namespace may attach routes to the listener and take names and paths of others.",
        remedy: "Use `from: Selector` with a label that only an administrator sets on namespaces.",
        passing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              listeners:
              - name: secure
                port: 443
                protocol: HTTPS
                allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {gateway: front}}}}
            """
        ],
        failing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              listeners:
              - name: secure
                port: 443
                protocol: HTTPS
                allowedRoutes:
                  namespaces:
                    from: All # ✗
              - name: other
                port: 8443
                protocol: HTTPS
                allowedRoutes:
                  namespaces:
                    from: Selector
                    selector: {} # ✗
            """
        ],
        check: .objects(["Gateway"]) { gateway, report throws(WrongType) in
            guard gateway.isInGroup(gatewayAPI) else { return report.notApplicable() }
            for listener in try gateway.spec["listeners"].items() {
                let namespaces = listener["allowedRoutes"]["namespaces"]
                let from = namespaces["from"]
                if try from.equals("All") {
                    report.fail(from, "Gateway '\(gateway.name)' takes routes from every namespace", value: listener["name"].text)
                } else if try from.equals("Selector") {
                    let selector = namespaces["selector"]
                    if selector.exists, try LabelSelector(selector).matchesEverything {
                        report.fail(selector, "Gateway '\(gateway.name)' takes routes from every namespace", value: listener["name"].text)
                    }
                }
            }
        })
}
