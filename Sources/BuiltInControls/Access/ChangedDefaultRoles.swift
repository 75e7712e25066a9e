import Controls
import Documents
import Kubernetes

extension Control {
    /// Everybody knows what `view` or `system:discovery` allow, so nobody looks. A rule added to one is a hidden door; the API server
    /// puts back what is missing from its roles, but takes nothing out of them.
    ///
    /// Fields: `rules` and `aggregationRule` of roles called like those the API server makes. Allowed: what the same role of a
    /// fresh API server allows, however it is written, and the labels it gathers by. What a label adds to `view`, `edit` and `admin` is judged by `extend-default-roles`.
    static let changedDefaultRoles = Control(
        id: "changed-default-roles",
        title: "Add no rules to the roles that the API server makes",
        severity: .high,
        duty: "C7",
        summary: "Whoever is bound to the default role, components of the platform included, has what somebody added to it.",
        remedy: "Take the rule out and put it into a role of its own.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: "system:node-proxier"}
            rules:
            - {apiGroups: [""], resources: [services], verbs: [watch, list]}
            - {apiGroups: [""], resources: [endpoints], verbs: [list]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: view}
            aggregationRule:
              clusterRoleSelectors:
              - matchLabels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: "system:discovery"}
            rules:
            - {nonResourceURLs: [/api, "/api/*"], verbs: [get]}
            - {apiGroups: [""], resources: [secrets], verbs: [get]} # ✗
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: view}
            aggregationRule: # ✗
              clusterRoleSelectors:
              - matchLabels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}
              - matchLabels: {example.com/aggregate-to-view: "true"}
            """,
        ],
        check: .objects(Check.roleKinds) { role, report throws(WrongType) in
            guard role.isRBAC, BootstrapRoles.contains(AccessIndex.Name(kind: role.kind, namespace: role.namespace, name: role.name)) else {
                return report.notApplicable()
            }
            let aggregation = role.root["aggregationRule"]
            if aggregation.exists {
                // Whatever stands in the rules of a role that gathers others is replaced.
                if try BootstrapRoles.gathersAsDefault(role) { return report.notApplicable() }
                return report.fail(aggregation, "\(role.displayName), which the API server makes, gathers other roles than it does there")
            }
            for rule in try role.policyRules() where try !BootstrapRoles.covers(rule, in: role) {
                let what = try (rule.resources.strings() + rule.nonResourceURLs.strings()).joined(separator: ",")
                let verbs = try rule.verbs.strings().joined(separator: ",")
                report.fail(
                    rule.node, "\(role.displayName), which the API server makes, allows \(verbs) on \(what) besides", value: "\(verbs) \(what)")
            }
        })
}
