import Controls
import Documents
import Kubernetes

extension Control {
    /// A rule for `*.example.com`, or for no host at all, answers for names that nobody meant to serve: requests with a forged
    /// Host header, abandoned subdomains, names of other teams on a shared controller.
    ///
    /// Fields: `spec.rules[].host`. Allowed: a full name.
    static let ingressWildcardHosts = Control(
        id: "ingress-wildcard-hosts",
        title: "Name the hosts of an Ingress",
        severity: .low,
        duty: "C6",
        summary: "A rule without a host, or with a wildcard, answers for names of other teams and for forged ones.",
        remedy: "Write one rule for each full host name.",
        references: [Reference("cwe", "CWE-346")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              rules:
              - host: www.example.com
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              rules:
              - host: "*.example.com" # ✗
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
              - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]} # ✗
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            guard ingress.isCoreIngress else { return report.notApplicable() }
            for rule in try ingress.spec["rules"].items() {
                let host = rule["host"]
                guard let name = try host.string(), !name.isEmpty else {
                    report.fail(rule, missing: "host", "Ingress '\(ingress.name)' has a rule that answers for every host")
                    continue
                }
                if name.hasPrefix("*") { report.fail(host, "Ingress '\(ingress.name)' answers for every name under \(name)") }
            }
        })
}
