/// Requests that must leave a trace, with how much of one, so that a later question "who did this?" has an answer; and those of
/// which the log must not hold the body, since that is a secret.
struct AuditNeed: Sendable {
    /// For people: `changes of workloads`.
    let title: String
    let group: String
    /// With their subresource: `pods/exec`.
    let resources: [String]
    let verbs: [String]
    let atLeast: AuditLevel
    var atMost = AuditLevel.requestResponse
    var isNamespaced = true
    /// Such requests last: what is written when they end may come hours later, so the start of the answer will do.
    var lasts = false

    private static let changes = ["create", "update", "patch"]
    private static let removals = ["delete", "deletecollection"]

    /// A field's origin stands only in the body of the request that set it; for what was removed, name and person will do.
    static let recorded: [AuditNeed] =
        changes("workloads", "", ["pods", "replicationcontrollers"])
        + changes("workloads", "apps", ["deployments", "daemonsets", "statefulsets", "replicasets"])
        + changes("workloads", "batch", ["jobs", "cronjobs"]) + changes("exposure and isolation", "", ["services"])
        + changes("exposure and isolation", "networking.k8s.io", ["networkpolicies", "ingresses"])
        + changes("namespaces", "", ["namespaces"], isNamespaced: false)
        + changes("roles and bindings", "rbac.authorization.k8s.io", ["roles", "rolebindings"])
        + changes("roles and bindings", "rbac.authorization.k8s.io", ["clusterroles", "clusterrolebindings"], isNamespaced: false)
        + changes(
            "admission", "admissionregistration.k8s.io",
            ["validatingwebhookconfigurations", "mutatingwebhookconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings"],
            isNamespaced: false)
        + changes("extensions", "apiextensions.k8s.io", ["customresourcedefinitions"], isNamespaced: false)
        + changes("extensions", "apiregistration.k8s.io", ["apiservices"], isNamespaced: false)
        + changes("grants", "demarc.dev", ["privilegegrants"]) + [
            AuditNeed(title: "grants", group: "demarc.dev", resources: ["privilegegrants/status"], verbs: ["update", "patch"], atLeast: .request),
            AuditNeed(
                title: "debugging containers", group: "", resources: ["pods/ephemeralcontainers"], verbs: ["update", "patch"], atLeast: .request),
            AuditNeed(
                title: "ways into containers", group: "",
                resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy"],
                verbs: ["create", "get"], atLeast: .metadata, lasts: true),
            AuditNeed(
                title: "ways into containers", group: "", resources: ["nodes/proxy"], verbs: ["create", "get"], atLeast: .metadata,
                isNamespaced: false,
                lasts: true),
            AuditNeed(title: "tokens", group: "", resources: ["serviceaccounts/token"], verbs: ["create"], atLeast: .metadata),
            AuditNeed(title: "service accounts", group: "", resources: ["serviceaccounts"], verbs: changes + removals, atLeast: .metadata),
            AuditNeed(
                title: "Secrets", group: "", resources: ["secrets"], verbs: changes + removals + ["get", "list", "watch"], atLeast: .metadata),
            AuditNeed(title: "ConfigMaps", group: "", resources: ["configmaps"], verbs: changes + removals, atLeast: .metadata),
            AuditNeed(title: "nodes", group: "", resources: ["nodes"], verbs: changes + removals, atLeast: .metadata, isNamespaced: false),
            AuditNeed(
                title: "client certificates", group: "certificates.k8s.io", resources: ["certificatesigningrequests"], verbs: ["create"],
                atLeast: .request, isNamespaced: false),
            AuditNeed(
                title: "client certificates", group: "certificates.k8s.io", resources: ["certificatesigningrequests/approval"],
                verbs: ["update", "patch"], atLeast: .metadata, isNamespaced: false),
        ]

    /// Requests whose body is a credential. Reading answers with what was asked for, so it counts too. A TokenRequest holds its
    /// token in the answer only, a TokenReview in the question.
    static let secret: [AuditNeed] = [
        AuditNeed(
            title: "Secrets", group: "", resources: ["secrets"], verbs: changes + removals + ["get", "list", "watch"], atLeast: .none,
            atMost: .metadata),
        AuditNeed(
            title: "ConfigMaps", group: "", resources: ["configmaps"], verbs: changes + ["get", "list", "watch"], atLeast: .none, atMost: .metadata),
        AuditNeed(title: "tokens", group: "", resources: ["serviceaccounts/token"], verbs: ["create"], atLeast: .none, atMost: .request),
        AuditNeed(
            title: "tokens", group: "authentication.k8s.io", resources: ["tokenreviews"], verbs: ["create"], atLeast: .none, atMost: .metadata,
            isNamespaced: false),
    ]

    private static func changes(_ title: String, _ group: String, _ resources: [String], isNamespaced: Bool = true) -> [AuditNeed] {
        [
            AuditNeed(title: title, group: group, resources: resources, verbs: changes, atLeast: .request, isNamespaced: isNamespaced),
            AuditNeed(title: title, group: group, resources: resources, verbs: removals, atLeast: .metadata, isNamespaced: isNamespaced),
        ]
    }

    /// One for each resource and verb, asked by nobody in particular.
    var requests: [AuditRequest] {
        resources.flatMap { resource in
            let parts = resource.split(separator: "/", maxSplits: 1).map(String.init)
            return verbs.map { verb in
                let named = !["list", "watch", "deletecollection"].contains(verb) && !(verb == "create" && parts.count == 1)
                let asked = AuditRequest.Resource(
                    group: group, parts[0], subresource: parts.count > 1 ? parts[1] : "", object: named ? Self.anObject : "",
                    namespace: isNamespaced ? Self.aNamespace : "")
                return AuditRequest(user: Self.aUser, groups: ["system:authenticated"], verb: verb, asked)
            }
        }
    }

    /// Names that no rule has: they stand for all that no rule names.
    static let aUser = "\u{0}any user"
    static let aNamespace = "\u{0}any namespace"
    static let anObject = "\u{0}any object"
}
