import Controls
import Documents
import Kubernetes

extension Control {
    /// A default backend gets every request that no rule of the whole controller matches: other teams' mistyped hosts,
    /// scanners, forged Host headers.
    ///
    /// Fields: `spec.defaultBackend` (formerly `spec.backend`). Allowed: none.
    static let ingressDefaultBackend = Control(
        id: "ingress-default-backend",
        title: "Leave requests that match no rule unserved",
        severity: .low,
        duty: "C6",
        summary: "A default backend answers every request that no rule names, also those meant for others on a shared controller.",
        remedy: "Serve named hosts through rules and remove the default backend.",
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
              defaultBackend: # ✗
                service: {name: web, port: {number: 80}}
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            guard ingress.isCoreIngress else { return report.notApplicable() }
            let backend = ingress.spec["defaultBackend"].exists ? ingress.spec["defaultBackend"] : ingress.spec["backend"]
            if try !backend.entries().isEmpty { report.fail(backend, "Ingress '\(ingress.name)' answers every request no rule names") }
        })
}
