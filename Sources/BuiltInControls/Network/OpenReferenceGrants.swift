import Controls
import Documents
import Kubernetes

extension Control {
    /// A ReferenceGrant lets other namespaces use objects of this one. Without names it hands over every object of the kind, and
    /// for Secrets every certificate with its private key.
    ///
    /// Fields: `spec.to[].name`. Allowed: a name.
    static let openReferenceGrants = Control(
        id: "open-reference-grants",
        title: "Name the objects a ReferenceGrant hands over",
        severity: .medium,
        duty: "C6",
        summary: "A ReferenceGrant without names gives another namespace every Secret or Service of this one.",
        remedy: "Write one entry of `to` for each object, with its name.",
        passing: [
            """
            apiVersion: gateway.networking.k8s.io/v1beta1
            kind: ReferenceGrant
            metadata: {name: front, namespace: certificates}
            spec:
              from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: front}]
              to: [{group: "", kind: Secret, name: shop-example-com}]
            """
        ],
        failing: [
            """
            apiVersion: gateway.networking.k8s.io/v1beta1
            kind: ReferenceGrant
            metadata: {name: front, namespace: certificates}
            spec:
              from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: front}]
              to:
              - group: "" # ✗
                kind: Secret
            """
        ],
        check: .objects(["ReferenceGrant"]) { grant, report throws(WrongType) in
            for target in try grant.spec["to"].items() where !target["name"].exists {
                let kind = target["kind"].text
                report.fail(target, missing: "name", "ReferenceGrant '\(grant.name)' hands over every \(kind) of '\(grant.namespace)'", value: kind)
            }
        })
}
