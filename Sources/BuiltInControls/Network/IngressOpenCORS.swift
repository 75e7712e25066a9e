import Controls
import Documents
import Kubernetes

extension Control {
    /// ingress-nginx allows every origin when CORS is switched on and none is named, and sends credentials by default: any web
    /// page a user visits may then call the program as that user.
    ///
    /// Fields: annotations `enable-cors`, `cors-allow-origin`, `cors-allow-credentials`.
    static let ingressOpenCORS = Control(
        id: "ingress-open-cors",
        title: "Name the origins that may call across sites",
        severity: .medium,
        duty: "C8b",
        summary: "CORS for every origin with credentials lets any web page act as the user who visits it.",
        remedy: "List the origins in `cors-allow-origin`, or set `cors-allow-credentials: \"false\"`.",
        references: [Reference("cwe", "CWE-942")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                nginx.ingress.kubernetes.io/enable-cors: "true"
                nginx.ingress.kubernetes.io/cors-allow-origin: https://www.example.com
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
                nginx.ingress.kubernetes.io/enable-cors: "true" # ✗
            spec: {ingressClassName: nginx, rules: []}
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            let enable = ingress.annotations["nginx.ingress.kubernetes.io/enable-cors"]
            guard ingress.isCoreIngress, try enable.flag() == true else { return report.notApplicable() }
            if try ingress.annotations["nginx.ingress.kubernetes.io/cors-allow-credentials"].flag() == false { return }
            let origin = ingress.annotations["nginx.ingress.kubernetes.io/cors-allow-origin"]
            guard try origin.string() != nil else {
                return report.fail(enable, "Ingress '\(ingress.name)' lets every origin call with credentials", value: "*")
            }
            if try origin.equals("*") { report.fail(origin, "Ingress '\(ingress.name)' lets every origin call with credentials") }
        })
}
