import Access
import Controls
import Documents
import Kubernetes

extension Control {
    /// A role that nothing binds gives nothing today. It lies ready for whoever may create bindings, and nobody knows any more
    /// what it was for.
    ///
    /// Fields: Roles and ClusterRoles with the bindings of the estate. Allowed: roles that are bound or gathered into others; the
    /// API server's own.
    static let unboundRoles = Control(
        id: "unbound-roles",
        title: "Remove roles that nothing binds",
        severity: .info,
        duty: "C3",
        summary: "Nothing binds the role, so it only waits to be bound to somebody it was not made for.",
        remedy: "Remove the role, or keep it with what binds it.",
        references: [.nsa("role-based access control")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - {apiGroups: [""], resources: [pods], verbs: [get]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: readers, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: widgets
              labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}
            rules:
            - {apiGroups: [example.com], resources: [widgets], verbs: [get]}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata:
              name: forgotten # ✗
              namespace: shop
            rules:
            - {apiGroups: [""], resources: [pods], verbs: [get]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: readers, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            """
        ],
        check: .objects(Check.roleKinds) { role, report throws(WrongType) in
            guard role.isRBAC, report.inventory.access.holdsBindings else { return report.notApplicable() }
            if BootstrapRoles.contains(AccessIndex.Name(kind: role.kind, namespace: role.namespace, name: role.name)) {
                return report.notApplicable()
            }
            guard report.inventory.firstBinding(of: role) == nil else { return }
            // Its rules count in the roles that gather it, bound or not.
            if role.kind == "ClusterRole", report.inventory.analysis(GatheredRoles.self).contains(report.object) { return }
            report.fail(role.metadata["name"].exists ? role.metadata["name"] : role.metadata, "no binding of the estate gives \(role.displayName)")
        })
}

/// The objects whose rules are part of another role.
final class GatheredRoles: EstateAnalysis {
    private let objects: Set<Int>

    init(of inventory: Inventory) {
        var objects: Set<Int> = []
        for role in inventory.analysis(AccessPolicy.self).roles where role.isAggregated {
            for rule in role.rules { if case .estate(let object) = rule.origin { objects.insert(object) } }
        }
        self.objects = objects
    }

    func contains(_ object: Int) -> Bool { objects.contains(object) }
}
