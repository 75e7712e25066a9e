import Controls
import Documents
import Kubernetes

extension Control {
    /// A policy with an empty rule allows every request; as policies that allow add up, it undoes all others for its
    /// workloads.
    ///
    /// Fields: `spec.action` and `spec.rules[]` of Istio's AuthorizationPolicy. Forbidden: an empty rule with the action `ALLOW`.
    static let meshAuthorization = Control(
        id: "mesh-authorization-allows-all",
        title: "Forbid mesh policies that allow every request",
        severity: .medium,
        duty: "C3",
        summary: "The policy allows every request, from anybody, and undoes all narrower ones.",
        remedy: "Name `from`, `to` or `when` in the rule.",
        references: [Reference("cwe", "CWE-863")],
        passing: [
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: web}
            spec: {action: ALLOW, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/front]}}]}]}
            """
        ],
        failing: [
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: web}
            spec:
              rules:
              - {} # ✗
            """
        ],
        check: .objects(["AuthorizationPolicy"]) { policy, report throws(WrongType) in
            guard policy.isInGroup("security.istio.io") else { return report.notApplicable() }
            if try policy.spec["action"].string() ?? "ALLOW" != "ALLOW" { return report.notApplicable() }
            for rule in try policy.spec["rules"].items() {
                guard try rule["from"].items().isEmpty, try rule["to"].items().isEmpty, try rule["when"].items().isEmpty else { continue }
                report.fail(rule, "AuthorizationPolicy '\(policy.name)' allows every request", value: policy.name)
            }
        })
}
