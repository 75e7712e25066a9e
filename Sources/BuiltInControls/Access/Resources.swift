import Kubernetes

extension APIResource {
    static let secrets = APIResource("", "secrets")
    static let configMaps = APIResource("", "configmaps")
    static let pods = APIResource("", "pods")
    static let nodes = APIResource("", "nodes", clusterScoped: true)
    static let roles = APIResource(rbacGroup, "roles")
    static let clusterRoles = APIResource(rbacGroup, "clusterroles", clusterScoped: true)
    static let roleBindings = APIResource(rbacGroup, "rolebindings")
    static let clusterRoleBindings = APIResource(rbacGroup, "clusterrolebindings", clusterScoped: true)
    static let signers = APIResource("certificates.k8s.io", "signers", clusterScoped: true)

    static func certificateRequests(_ subresource: String = "") -> APIResource {
        APIResource("certificates.k8s.io", "certificatesigningrequests" + subresource, clusterScoped: true)
    }

    /// What makes Pods, other than Pods themselves.
    static let workloads = [
        APIResource("apps", "deployments"), APIResource("apps", "daemonsets"), APIResource("apps", "statefulsets"),
        APIResource("apps", "replicasets"), APIResource("", "replicationcontrollers"), APIResource("batch", "jobs"),
        APIResource("batch", "cronjobs"),
    ]

    /// What decides about requests of others.
    static let admission = [
        "validatingwebhookconfigurations", "mutatingwebhookconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings",
        "mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
    ].map { APIResource("admissionregistration.k8s.io", $0, clusterScoped: true) }
}

extension Power {
    static let readSecrets = Power(["get", "list", "watch"], [.secrets])
    static let writeAdmission = Power(["create", "update", "patch"], APIResource.admission)
    /// Since the API server takes websockets for it, `get` is as good as `create`.
    static let execute = Power(["create", "get"], [APIResource("", "pods/exec")], names: .count)
    static let createPods = Power(["create", "update", "patch"], [.pods] + APIResource.workloads)
    static let nodesProxy = Power(["get", "create"], [APIResource("", "nodes/proxy", clusterScoped: true)], names: .count)
    static let createTokens = Power(["create"], [APIResource("", "serviceaccounts/token")])
    static let escalate = Power(["escalate"], [.roles, .clusterRoles], names: .count)
    /// The API server asks for `bind` in the namespace of the new binding, for a ClusterRole too: so a Role
    /// that allows it counts.
    static let bind = Power(
        ["bind"], [.roles, APIResource(rbacGroup, "clusterroles")], names: .only(["cluster-admin", "admin", "edit"]))
    static let impersonate = Power(
        ["impersonate"],
        [
            APIResource("", "users", clusterScoped: true), APIResource("", "groups", clusterScoped: true), APIResource("", "serviceaccounts"),
            APIResource("authentication.k8s.io", "uids", clusterScoped: true),
        ], names: .count)
}
