import Controls
import Documents
import Kubernetes

extension Control {
    /// An Ingress without a class is served by whichever controller feels meant, which on a cluster with an internal
    /// and a public one can be the public one.
    ///
    /// Fields: `spec.ingressClassName`, the older annotation `kubernetes.io/ingress.class`, and a default IngressClass in the
    /// estate.
    static let ingressClasses = Control(
        id: "ingress-class",
        title: "Name the class of an Ingress",
        severity: .low,
        duty: "C6",
        summary: "Without a class any controller may serve the Ingress, also a public one.",
        remedy: "Set `spec.ingressClassName`.",
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec: {ingressClassName: internal, rules: []}
            """,
            """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: alb, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
            spec: {controller: ingress.k8s.alibabacloud/alb}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec: {rules: []}
            """,
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec: # ✗
              rules: []
            """
        ],
        check: .objects(["Ingress"]) { ingress, report throws(WrongType) in
            guard ingress.isCoreIngress else { return report.notApplicable() }
            if try ingress.spec["ingressClassName"].string() != nil { return }
            if try ingress.annotations["kubernetes.io/ingress.class"].string() != nil { return }
            for ingressClass in report.inventory.objects(ofKind: "IngressClass") {
                if try ingressClass.annotations["ingressclass.kubernetes.io/is-default-class"].equals("true") { return }
            }
            report.fail(ingress.spec, missing: "ingressClassName", "Ingress '\(ingress.name)' names no class")
        })
}
