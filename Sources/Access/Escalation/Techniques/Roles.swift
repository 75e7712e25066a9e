import Kubernetes

// The API server lets nobody give rights they do not have, unless they hold `bind` for the role of a binding or `escalate`
// for a role; an aggregation rule needs `escalate` or all rights. So rights to write roles and bindings alone lead nowhere.
// Source: kubernetes pkg/registry/rbac (clusterrole/policybased, clusterrolebinding/policybased, escalation_check.go).

extension Technique {
    static let bindClusterWide = Technique(
        id: "bind-cluster-wide",
        title: "Bind oneself to a ClusterRole in the whole cluster",
        condition: "none",
        gives: "the rights of the ClusterRoles the rule names, cluster-admin when it names none",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update",
        severity: .critical,
        needs: [.bindClusterRolesClusterWide, .writeClusterRoleBindings],
        goal: .clusterRoles(inNamespaces: false))

    static let bindInNamespace = Technique(
        id: "bind-in-namespace",
        title: "Bind oneself to a ClusterRole in the namespace",
        condition: "none",
        gives: "the rights of the ClusterRoles the rule names, cluster-admin when it names none, in the namespace",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update",
        severity: .critical,
        needs: [.bindClusterRoles, .writeRoleBindings],
        goal: .clusterRoles(inNamespaces: true))

    static let bindRole = Technique(
        id: "bind-role",
        title: "Bind oneself to a Role of the namespace",
        condition: "the Role exists",
        gives: "the rights of the Roles the rule names, of all when it names none",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update",
        severity: .critical,
        needs: [.bindRoles, .writeRoleBindings],
        goal: .roles)

    static let escalateClusterRole = Technique(
        id: "escalate-cluster-role",
        title: "Write every right into a ClusterRole one is bound to",
        condition: "the rule covers a ClusterRole that the identity is bound to",
        gives: "every right, where that ClusterRole is bound",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-creation-or-update",
        severity: .critical,
        needs: [.escalateClusterRoles, .changeClusterRoles],
        goal: .ownClusterRoles)

    static let escalateByAggregation = Technique(
        id: "escalate-by-aggregation",
        title: "Create a ClusterRole with every right, labelled to be gathered into one that one is bound to",
        condition: "the identity is bound to a ClusterRole that gathers others by labels, such as view, edit or admin",
        gives: "every right, where that ClusterRole is bound",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles",
        severity: .critical,
        needs: [.escalateAnyClusterRole, .createClusterRoles],
        goal: .ownAggregatedRoles)

    static let escalateRole = Technique(
        id: "escalate-role",
        title: "Write every right into a Role one is bound to",
        condition: "the rule covers a Role of the namespace that the identity is bound to",
        gives: "every right in the namespace",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-creation-or-update",
        severity: .critical,
        needs: [.escalateRoles, .changeRoles],
        goal: .ownRoles)
}

extension Need {
    /// The API server asks for `bind` in the namespace of the new binding, and in none for a ClusterRoleBinding.
    static let bindClusterRoles = Need(.limit, Permission(.bind, rbacGroup, "clusterroles"))
    static let bindClusterRolesClusterWide = Need(.limit, Permission(.bind, rbacGroup, "clusterroles", clusterScoped: true))
    static let bindRoles = Need(.limit, Permission(.bind, rbacGroup, "roles"))
    static let writeClusterRoleBindings = Need(.forbidden, Permission(.write, rbacGroup, "clusterrolebindings", clusterScoped: true))
    static let writeRoleBindings = Need(.forbidden, Permission(.write, rbacGroup, "rolebindings"))
    static let escalateClusterRoles = Need(.limit, Permission(.escalate, rbacGroup, "clusterroles", clusterScoped: true))
    static let changeClusterRoles = Need(.limit, Permission(.change, rbacGroup, "clusterroles", clusterScoped: true))
    /// A request to create carries no name, so `escalate` with names does not cover it.
    static let escalateAnyClusterRole = Need(.forbidden, Permission(.escalate, rbacGroup, "clusterroles", clusterScoped: true))
    static let createClusterRoles = Need(.forbidden, Permission(.create, rbacGroup, "clusterroles", clusterScoped: true))
    static let escalateRoles = Need(.limit, Permission(.escalate, rbacGroup, "roles"))
    static let changeRoles = Need(.limit, Permission(.change, rbacGroup, "roles"))
}
