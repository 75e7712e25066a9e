import Controls
import Documents
import Kubernetes

extension Control {
    /// A binding of a single user stays when the user leaves: accounts are closed in one place, bindings lie in many. Membership
    /// of a group ends with the account.
    ///
    /// Fields: `subjects` of bindings. Allowed: groups and service accounts; users of the platform (`system:…`).
    static let singleUserBindings = Control(
        id: "single-user-bindings",
        title: "Bind groups, not single users",
        severity: .info,
        duty: "P2c",
        summary: "The binding outlives the person's job; whoever gets the name next has the rights.",
        remedy: "Put the user into a group at the identity provider and bind the group.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1078")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:serviceaccount:shop:web"}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: team, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: jane} # ✗
            """
        ],
        check: .subjects { subject, binding, report throws(WrongType) in
            guard subject.name.kind == "User", !subject.name.name.utf8.starts(with: "system:".utf8) else { return }
            try report.fail(subject, in: binding, "\(subject.displayName) is bound by name")
        })
}
