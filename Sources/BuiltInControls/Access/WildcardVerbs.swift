import Controls
import Documents
import Kubernetes

extension Control {
    /// `*` as a verb allows also what is rarely meant: `escalate`, `bind`, `impersonate`, `deletecollection`, and
    /// verbs that future versions add.
    ///
    /// Fields: `rules[].verbs`. Allowed: anything but `*`.
    static let wildcardVerbs = Control(
        id: "wildcard-verbs",
        title: "Name the verbs that rules allow",
        severity: .medium,
        duty: "C3",
        summary: "All verbs include bind, escalate, impersonate and what future versions add.",
        remedy: "Replace `*` by the verbs that are used; the audit log tells which.",
        references: [.cis("5.1.3"), .nsa("role-based access control")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: deployer, namespace: shop}
            rules:
            - apiGroups: ["apps"]
              resources:
              - deployments
              verbs:
              - get
              - patch
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: deployer, namespace: shop}
            rules:
            - apiGroups: ["apps"]
              resources:
              - deployments
              verbs:
              - "*" # ✗
            """
        ],
        check: .rules { rule, role, report throws(WrongType) in
            for item in try rule.verbs.items() where try item.equals("*") {
                if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
                let reach = report.reachText(role)
                report.fail(item, "\(role.kind) '\(role.name)' allows all verbs\(reach)")
            }
        })
}
