import Controls
import Documents
import Kubernetes

extension Control {
    /// The Kubernetes project retired ingress-nginx in March 2026: holes found since then are not fixed by its makers. Vendors
    /// that keep a build of their own answer for it themselves.
    ///
    /// Fields: `spec.controller` of IngressClasses.
    static let retiredIngressController = Control(
        id: "retired-ingress-controller",
        title: "Leave the retired ingress-nginx controller",
        severity: .medium,
        duty: "C8a",
        summary: "ingress-nginx is retired since March 2026, so new holes in it stay open unless a vendor keeps its own build.",
        remedy: "Move to the Gateway API or a maintained Ingress controller, or run a build that a vendor maintains.",
        references: [Reference("cwe", "CWE-1104")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: alb}
            spec: {controller: ingress.k8s.alibabacloud/alb}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: nginx}
            spec:
              controller: k8s.io/ingress-nginx # ✗
            """
        ],
        check: .objects(["IngressClass"]) { ingressClass, report throws(WrongType) in
            let controller = ingressClass.spec["controller"]
            if try controller.equals("k8s.io/ingress-nginx") {
                report.fail(controller, "IngressClass '\(ingressClass.name)' is served by the retired ingress-nginx")
            }
        })
}
