import Controls
import Documents
import Kubernetes

extension Control {
    /// A listener without a hostname lets every attached route claim any name, also one that belongs to another team.
    ///
    /// Fields: `spec.listeners[].hostname` of HTTP, HTTPS and TLS listeners. Allowed: a name, or a wildcard below one.
    static let gatewayWildcardHostnames = Control(
        id: "gateway-wildcard-hostnames",
        title: "Limit the names a Gateway answers for",
        severity: .low,
        duty: "C6",
        summary: "A listener without a hostname serves any name that a route claims, whoever owns it.",
        remedy: "Set `hostname` to the domain this listener is for.",
        passing: [
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: front}
            spec:
              listeners: [{name: secure, port: 443, protocol: HTTPS, hostname: "*.shop.example.com"}]
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
            """
        ],
        check: .objects(["Gateway"]) { gateway, report throws(WrongType) in
            guard gateway.isInGroup(gatewayAPI) else { return report.notApplicable() }
            for listener in try gateway.spec["listeners"].items() {
                if try listener["protocol"].equals("TCP", or: "UDP") { continue }
                if try listener["hostname"].string() ?? "" == "" {
                    report.fail(
                        listener, missing: "hostname", "listener '\(listener["name"].text)' of Gateway '\(gateway.name)' answers for every name")
                }
            }
        })
}
