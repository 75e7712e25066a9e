import Access

/// Rights over rights: everything, binding, escalating, acting as others.
extension TechniqueTests {
    static let direct: [TechniqueCase] = [
        .init("full-access", "everything everywhere", [ann("* *:*", in: "")], "full-access(ann) > cluster"),
        .init("full-access", "everything of the core group", [ann("* *", in: "")], "full-access(ann) > cluster"),
        .init("full-access", "all verbs of one group that is not the core", [ann("* apps.example.com:*", in: "")], nil),
        .init("full-access", "everything with a name", [Rbac.namespace("kube-system", enforce: "restricted"), ann("get *:* x", in: "")], nil),
        .init("full-access", "cluster-admin", [Rbac.bind("ann", "cluster-admin", to: "User ann")], "full-access(ann) > cluster"),
        .init("full-access", "view", [Rbac.bind("ann", "view", to: "User ann")], nil),
        .init("masters-group", "another group", [Rbac.bind("ann", "view", to: "Group system:masters+User ann")], nil),
        .init(
            "masters-group", "as a member of it", [ann("impersonate groups,users", in: "")],
            "impersonate-groups(ann) > Group system:masters > masters-group > cluster"),
        .init(
            "implied-group", "rights of everyone",
            [Rbac.bind("all", "cluster-admin", to: "Group system:authenticated"), Rbac.bind("ann", "view", to: "User ann")],
            "implied-group > Group system:authenticated > full-access(all) > cluster"),
        .init(
            "implied-group", "rights of those who have not authenticated",
            [Rbac.bind("all", "cluster-admin", to: "Group system:unauthenticated"), Rbac.bind("ann", "view", to: "User ann")], nil),
    ]

    static let roles: [TechniqueCase] = [
        .init(
            "bind-cluster-wide", "bind and bindings", [ann("bind rbac:clusterroles", "create rbac:clusterrolebindings", in: "")],
            "bind-cluster-wide(ann) > cluster"),
        .init(
            "bind-cluster-wide", "of a ClusterRole that is named",
            [
                Rbac.clusterRole("web", "* *:*"),
                ann("bind rbac:clusterroles web", "create rbac:clusterrolebindings", in: ""),
            ],
            "bind-cluster-wide(ann) > the rights of ClusterRole web > full-access(-) > cluster"),
        .init(
            "bind-cluster-wide", "of a harmless ClusterRole",
            [ann("bind rbac:clusterroles view", "create rbac:clusterrolebindings", in: "")], nil),
        .init("bind-cluster-wide", "bind without bindings", [ann("bind rbac:clusterroles", in: "")], nil),
        .init(
            "bind-cluster-wide", "bindings without bind", [ann("create,update rbac:clusterrolebindings,rolebindings", in: "")], nil),
        .init(
            "bind-cluster-wide", "by two bindings",
            [
                Rbac.clusterRole("b", "bind rbac:clusterroles"), Rbac.bind("one", "b", to: "User ann"),
                Rbac.clusterRole("c", "update rbac:clusterrolebindings"), Rbac.bind("two", "c", to: "User ann"),
            ],
            "bind-cluster-wide(one+two) > cluster"),
        .init(
            "bind-in-namespace", "in a namespace with a stronger account",
            [closed, ann("bind rbac:clusterroles", "create rbac:rolebindings")],
            "bind-in-namespace(ann) > the rights of ClusterRole cluster-admin in namespace shop > create-tokens(-) > \(toBoss)"),
        .init(
            "bind-in-namespace", "right to bind in the cluster, to create in the namespace",
            [
                closed, Rbac.clusterRole("b", "bind rbac:clusterroles edit"), Rbac.bind("one", "b", to: "User ann"),
                Rbac.role("shop", "c", "create rbac:rolebindings"), Rbac.bind("two", "Role/c", to: "User ann", in: "shop"),
            ],
            "bind-in-namespace(one+two) > the rights of ClusterRole edit in namespace shop > create-tokens(-) > \(toBoss)"),
        .init(
            "bind-in-namespace", "without the right to bind", [closed, ann("create rbac:rolebindings,roles")], nil),
        .init(
            "bind-in-namespace", "to bind in one namespace, to create in another",
            [
                closed, Rbac.role("shop", "b", "bind rbac:clusterroles"), Rbac.bind("one", "Role/b", to: "User ann", in: "shop"),
                Rbac.role("bank", "c", "create rbac:rolebindings"), Rbac.bind("two", "Role/c", to: "User ann", in: "bank"),
            ], nil),
        .init(
            "bind-role", "of a Role that creates tokens",
            [
                closed, Rbac.role("shop", "tokens", "create :serviceaccounts/token"),
                ann("bind rbac:roles tokens", "create rbac:rolebindings"),
            ],
            "bind-role(ann) > the rights of Role tokens in namespace shop > create-tokens(-) > \(toBoss)"),
        .init(
            "bind-role", "of a Role that is not there",
            [closed, ann("bind rbac:roles tokens", "create rbac:rolebindings")], nil),
        .init(
            "escalate-cluster-role", "any ClusterRole", [ann("escalate,update rbac:clusterroles", in: "")],
            "escalate-cluster-role(ann) > cluster"),
        .init(
            "escalate-cluster-role", "the own ClusterRole, by name", [ann("escalate,patch rbac:clusterroles power", in: "")],
            "escalate-cluster-role(ann) > cluster"),
        .init(
            "escalate-cluster-role", "another ClusterRole, by name", [ann("escalate,patch rbac:clusterroles other", in: "")], nil),
        .init(
            "escalate-cluster-role", "another one that one is bound to",
            [
                ann("escalate,patch rbac:clusterroles other", in: ""), Rbac.clusterRole("other", "get :pods"),
                Rbac.bind("other", "other", to: "User ann"),
            ],
            "escalate-cluster-role(ann+other) > cluster"),
        .init("escalate-cluster-role", "escalate without update", [ann("escalate rbac:clusterroles", in: "")], nil),
        .init("escalate-cluster-role", "update without escalate", [ann("update rbac:clusterroles", in: "")], nil),
        .init(
            "escalate-by-aggregation", "while bound to view",
            [ann("escalate,create rbac:clusterroles", in: ""), Rbac.bind("view", "view", to: "User ann")],
            "escalate-by-aggregation(ann+view) > cluster"),
        .init(
            "escalate-by-aggregation", "bound to no role that gathers", [ann("escalate,create rbac:clusterroles", in: "")], nil),
        .init(
            "escalate-role", "the own Role", [closed, ann("escalate,update rbac:roles")],
            "escalate-role(ann) > the rights of ClusterRole cluster-admin in namespace shop > create-tokens(-) > \(toBoss)"),
        .init(
            "escalate-role", "by a ClusterRole, while bound to no Role",
            [
                closed, Rbac.clusterRole("c", "escalate,update rbac:roles"),
                Rbac.bind("one", "c", to: "User ann", in: "shop"),
            ], nil),
        .init(
            "escalate-role", "by a ClusterRole, while bound to a Role",
            [
                closed, Rbac.clusterRole("c", "escalate,update rbac:roles"),
                Rbac.bind("one", "c", to: "User ann", in: "shop"), Rbac.role("shop", "r", "get :pods"),
                Rbac.bind("two", "Role/r", to: "User ann", in: "shop"),
            ],
            "escalate-role(one+two) > the rights of ClusterRole cluster-admin in namespace shop > create-tokens(-) > \(toBoss)"),
    ]

    static let impersonation: [TechniqueCase] = [
        .init(
            "impersonate-users", "any user", [ann("impersonate :users", in: "")],
            "impersonate-users(ann) > User system:kube-controller-manager > create-tokens(system:kube-controller-manager) > "
                + "ServiceAccount kube-system/clusterrole-aggregation-controller > "
                + "escalate-cluster-role(system:controller:clusterrole-aggregation-controller) > cluster"),
        .init(
            "impersonate-users", "a user with rights, by name",
            [ann("impersonate :users bob", in: ""), Rbac.bind("bob", "cluster-admin", to: "User bob")],
            "impersonate-users(ann) > User bob > full-access(bob) > cluster"),
        .init("impersonate-users", "a user without rights", [ann("impersonate :users bob", in: "")], nil),
        .init(
            "impersonate-users", "a service account by its user name",
            [ann("impersonate :users system:serviceaccount:shop:boss", in: ""), Rbac.boss], nil),
        .init("impersonate-users", "in a namespace, where users are not", [ann("impersonate :users")], nil),
        .init(
            "impersonate-groups", "groups alone", [ann("impersonate :groups", in: "")], nil),
        .init(
            "impersonate-groups", "groups, and one harmless user",
            [ann("impersonate :groups", "impersonate :users nobody", in: "")],
            "impersonate-groups(ann) > Group system:masters > masters-group > cluster"),
        .init(
            "impersonate-groups", "a group by name",
            [ann("impersonate :groups ops", "impersonate :users nobody", in: ""), Rbac.bind("ops", "cluster-admin", to: "Group ops")],
            "impersonate-groups(ann) > Group ops > full-access(ops) > cluster"),
        .init(
            "impersonate-groups", "groups, and a service account of one namespace",
            [
                Rbac.clusterRole("g", "impersonate :groups"), Rbac.bind("one", "g", to: "User ann"),
                ann("impersonate :serviceaccounts x"),
            ],
            "impersonate-groups(one+ann) > Group system:masters > masters-group > cluster"),
        .init(
            "impersonate-service-accounts", "of the namespace", [closed, ann("impersonate :serviceaccounts")],
            "impersonate-service-accounts(ann) > \(toBoss)"),
        .init(
            "impersonate-service-accounts", "by name", [closed, ann("impersonate :serviceaccounts boss")],
            "impersonate-service-accounts(ann) > \(toBoss)"),
        .init("impersonate-service-accounts", "another by name", [closed, ann("impersonate :serviceaccounts web")], nil),
        .init("impersonate-service-accounts", "of another namespace", [closed, ann("impersonate :serviceaccounts", in: "bank")], nil),
    ]
}
