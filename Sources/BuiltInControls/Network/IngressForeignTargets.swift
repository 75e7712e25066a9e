import Controls
import Documents
import Kubernetes

extension Control {
    /// `auth-url` decides who comes in and sees the cookies of every request; `mirror-target` gets a copy of all traffic. Either
    /// one pointed outside the cluster hands both to somebody else.
    ///
    /// Fields: ingress-nginx annotations `auth-url` and `mirror-target`. Allowed: names of this cluster (`….svc`,
    /// `….svc.cluster.local`) and, for `auth-url`, HTTPS.
    static let ingressForeignTargets = Control(
        id: "ingress-nginx-foreign-targets",
        title: "Keep authentication and mirrors of an Ingress in the cluster",
        severity: .medium,
        duty: "C8b",
        summary: "An Ingress sends the credentials or a copy of all its requests to a host outside the cluster.",
        remedy: "Point `auth-url` at a Service of the cluster or at an HTTPS address, and mirror only to Services of the cluster.",
        references: [Reference("cwe", "CWE-319")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                nginx.ingress.kubernetes.io/auth-url: http://login.auth.svc.cluster.local/check
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
                nginx.ingress.kubernetes.io/auth-url: http://login.example.com/check # ✗
                nginx.ingress.kubernetes.io/mirror-target: https://copy.example.com$request_uri # ✗
            spec: {ingressClassName: nginx, rules: []}
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            guard ingress.isCoreIngress else { return report.notApplicable() }
            let login = ingress.annotations["nginx.ingress.kubernetes.io/auth-url"]
            if try login.string()?.hasPrefix("http://") == true, !pointsInside(login) {
                report.fail(login, "Ingress '\(ingress.name)' asks an outside host over plain HTTP who may come in")
            }
            let mirror = ingress.annotations["nginx.ingress.kubernetes.io/mirror-target"]
            if try mirror.string() != nil, !pointsInside(mirror) {
                report.fail(mirror, "Ingress '\(ingress.name)' copies its traffic to an outside host")
            }
        })
}

/// Whether the host of a URL is a Service of this cluster or the loopback of the controller.
private func pointsInside(_ url: Value) -> Bool {
    let text = url.text
    let afterScheme = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
    let host = afterScheme.prefix { $0 != "/" && $0 != ":" && $0 != "$" && $0 != "?" }
    return host.hasSuffix(".svc") || host.hasSuffix(".svc.cluster.local") || host == "127.0.0.1"
}
