import Controls
import Documents
import Kubernetes

extension Control {
    /// `*` as a resource allows every resource of the group with all subresources, Secrets, `pods/exec` and kinds
    /// to come included.
    ///
    /// Fields: `rules[].resources`. Allowed: anything but `*`.
    static let wildcardResources = Control(
        id: "wildcard-resources",
        title: "Name the resources that rules allow",
        severity: .medium,
        duty: "C3",
        summary: "All resources include Secrets, all subresources and kinds that are installed later.",
        remedy: "Replace `*` by the resources that are used; the audit log tells which.",
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
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - "*" # ✗
              verbs:
              - get
            """
        ],
        check: .rules { rule, role, report throws(WrongType) in
            for item in try rule.resources.items() where try item.equals("*") {
                if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
                let reach = report.reachText(role)
                report.fail(item, "\(role.kind) '\(role.name)' allows all resources\(reach)")
            }
        })
}
