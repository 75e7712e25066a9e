import Controls
import Documents
import Kubernetes

extension Control {
    /// `*` as a group covers the same resource name in every group, present and future.
    ///
    /// Fields: `rules[].apiGroups`. Allowed: anything but `*`.
    static let wildcardApiGroups = Control(
        id: "wildcard-api-groups",
        title: "Name the groups that rules allow",
        severity: .medium,
        duty: "C3",
        summary: "All groups include those of operators that are installed later.",
        remedy: "Replace `*` by the groups of the resources.",
        references: [.cis("5.1.3"), .nsa("role-based access control")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups:
              - "*" # ✗
              resources: [pods]
              verbs: [get]
            """
        ],
        check: .rules { rule, role, report throws(WrongType) in
            for item in try rule.apiGroups.items() where try item.equals("*") {
                if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
                let reach = report.reachText(role)
                report.fail(item, "\(role.kind) '\(role.name)' covers all API groups\(reach)")
            }
        })
}
