import Controls
import Documents
import Kubernetes

extension Control {
    /// The path of a rule is written into the configuration of NGINX controllers. Old ones took any text, so a path with a
    /// brace and a directive read files of the controller, its service-account token first (CVE-2021-25745, CVE-2022-4886).
    ///
    /// Fields: `spec.rules[].http.paths[].path`. Allowed for `Exact` and `Prefix`: the characters of a URL path;
    /// for `ImplementationSpecific` those of a regular expression too, but no blank, quote, `;`, `#` or line break, and never the path
    /// of mounted credentials.
    static let ingressPaths = Control(
        id: "ingress-nginx-paths",
        title: "Keep Ingress paths free of configuration text",
        severity: .high,
        duty: "C8b",
        summary:
            "A path with quotes, braces or a directive rewrites the configuration of NGINX controllers and reads their credentials (CVE-2021-25745).",
        remedy: "Use a plain URL path, and set `strict-validate-path-type` in the controller.",
        references: [
            .ackPolicy("ACKCheckNginxPath"), Reference("cve", "CVE-2021-25745"), Reference("cve", "CVE-2022-4886"), Reference("cwe", "CWE-94"),
        ],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              rules:
              - host: www.example.com
                http:
                  paths:
                  - {path: "/shop/v1.2/~me", pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
                  - {path: "/api(/|$)(.*)", pathType: ImplementationSpecific, backend: {service: {name: api, port: {number: 80}}}}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              rules:
              - host: www.example.com
                http:
                  paths:
                  - path: "/x {alias /var/run/secrets/kubernetes.io/serviceaccount/;}location ~* ^/y" # ✗
                    pathType: ImplementationSpecific
                    backend: {service: {name: web, port: {number: 80}}}
                  - path: "/a(b|c)" # ✗
                    pathType: Prefix
                    backend: {service: {name: web, port: {number: 80}}}
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            guard ingress.isCoreIngress else { return report.notApplicable() }
            for rule in try ingress.spec["rules"].items() {
                for entry in try rule["http"]["paths"].items() {
                    let path = entry["path"]
                    let isLiteral = try entry["pathType"].equals("Prefix", or: "Exact")
                    if isPlain(path, isLiteral: isLiteral), !path.textContains("/var/run/secrets"), !path.textContains("serviceaccount") { continue }
                    report.fail(path, "Ingress '\(ingress.name)' has a path that reads as configuration: \(path.text)")
                }
            }
        })
}

private func isPlain(_ path: Value, isLiteral: Bool) -> Bool {
    path.withText { text in
        text.allSatisfy { byte in
            switch byte {
            case 0...0x20, 0x7f, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ";"), UInt8(ascii: "#"), UInt8(ascii: "`"): false
            case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "["),
                UInt8(ascii: "]"), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"):
                !isLiteral
            default: true
            }
        }
    }
}
