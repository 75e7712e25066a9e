import Access
import Controls
import Documents
import Kubernetes

extension Control {
    /// The API server stores no role or binding that breaks its rules: a rule without verbs, paths in a namespaced Role, a subject of an
    /// unknown kind. What was meant is not in force, and an older object of the name stays as it is.
    ///
    /// Fields: all of Roles, ClusterRoles and their bindings. Allowed: what kubernetes `pkg/apis/rbac/validation` takes.
    static let refusedRolesAndBindings = Control(
        id: "refused-roles-and-bindings",
        title: "Write roles and bindings that the API server takes",
        severity: .medium,
        duty: "C8b",
        summary: "A refused object gives nothing and takes nothing away: rights that it was to narrow stay wide.",
        remedy: "Correct the named field; kubectl apply --dry-run=server shows whether the API server takes it.",
        references: [],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: give, namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - kind: ServiceAccount
              name: web
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: give, namespace: shop}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
            subjects:
            - kind: Robot # ✗
              name: r2
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - nonResourceURLs: [/metrics] # ✗
              verbs: [get]
            """,
        ],
        check: .objects(Check.roleKinds + Check.bindingKinds) { object, report throws(WrongType) in
            guard object.isRBAC else { return report.notApplicable() }
            guard let fault = object.accessFault else { return }
            // A field of the wrong type is a gap of every control that reads it, and no finding besides.
            if typeNames.contains("\(fault.expected)") { throw fault }
            report.fail(fault.value, "\(fault.value.fieldPath) of \(object.displayName) should be \(fault.expected): the API server refuses it")
        })
}

private let typeNames: Set<String> = ["a boolean", "a string", "an integer", "a sequence", "a mapping"]
