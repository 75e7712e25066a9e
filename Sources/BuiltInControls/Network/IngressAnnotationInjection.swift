import Controls
import Documents
import Kubernetes

extension Control {
    /// Values of ingress-nginx annotations have reached the configuration unescaped more than once (CVE-2021-25746,
    /// CVE-2025-24514 `auth-url`, CVE-2025-1097 `auth-tls-match-cn`, CVE-2025-1098 mirrors). Together with the open admission
    /// port (CVE-2025-1974) a line break and a directive take over the controller and its Secrets.
    ///
    /// Fields: every `nginx.ingress.kubernetes.io/` annotation but snippets. Forbidden: line breaks inside the value, `;`, braces,
    /// and words no honest value holds: `_by_lua`, `load_module`, `lua_package`, `ssl_engine`, `serviceaccount`, `proxy_pass`.
    static let ingressAnnotationInjection = Control(
        id: "ingress-nginx-annotation-injection",
        title: "Keep configuration directives out of Ingress annotations",
        severity: .high,
        duty: "C8b",
        summary:
            "A directive smuggled into an annotation value has taken over the ingress-nginx controller, which can read every Secret (CVE-2025-1974).",
        remedy: "Write a plain value, and update the controller to 1.11.5, 1.12.1 or newer.",
        references: [
            .ackPolicy("ACKCheckNginxAnnotation"), Reference("cve", "CVE-2021-25746"), Reference("cve", "CVE-2025-24514"),
            Reference("cve", "CVE-2025-1097"), Reference("cve", "CVE-2025-1098"), Reference("cve", "CVE-2025-1974"), Reference("cwe", "CWE-94"),
        ],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                nginx.ingress.kubernetes.io/auth-url: http://login.auth.svc.cluster.local/check?rd=$escaped_request_uri
                nginx.ingress.kubernetes.io/rewrite-target: /$2
            spec: {ingressClassName: nginx, rules: []}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                nginx.ingress.kubernetes.io/auth-url: "http://example.com/#;}}}" # ✗
                nginx.ingress.kubernetes.io/auth-tls-match-cn: "CN=a #(\\n){}" # ✗
                nginx.ingress.kubernetes.io/upstream-vhost: content_by_lua_block # ✗
            spec: {ingressClassName: nginx, rules: []}
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            guard ingress.isCoreIngress else { return report.notApplicable() }
            for annotation in try ingress.annotations.entries() {
                guard annotation.keyHasPrefix("nginx.ingress.kubernetes.io/"), !annotation.keyHasSuffix("-snippet"), holdsDirective(annotation)
                else { continue }
                report.fail(annotation, "Ingress '\(ingress.name)' holds a configuration directive in \(annotation.key)")
            }
        })
}

private func holdsDirective(_ annotation: Value) -> Bool {
    let hasDelimiter = annotation.withText { text in
        var end = text.count
        // A block scalar ends in a line break that means nothing.
        while end > 0, text[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        return text[..<end].contains { byte in
            byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "{")
                || byte == UInt8(ascii: "}")
        }
    }
    return hasDelimiter || directiveWords.contains { annotation.textContains($0) }
}

private let directiveWords: [StaticString] = ["_by_lua", "load_module", "lua_package", "ssl_engine", "serviceaccount", "proxy_pass"]
