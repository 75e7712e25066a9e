internal import Documents

/// One line of a webhook's `rules`.
struct WebhookRule: Sendable {
    var groups: [String]
    var resources: [String]
    var operations: [String]
    var scope = "Namespaced"
    var versions = ["*"]

    var manifest: ManifestText {
        .map([
            "apiGroups": .list(groups.map { .text($0) }), "apiVersions": .list(versions.map { .text($0) }),
            "operations": .list(operations.map { .text($0) }), "resources": .list(resources.map { .text($0) }), "scope": .text(scope),
        ])
    }

    /// What decides about Pods, and who may have a privilege. The one webhook without which nothing of it goes on, so it holds nothing else.
    static let pods: [WebhookRule] = [
        WebhookRule(groups: [""], resources: ["pods"], operations: ["CREATE", "UPDATE"], versions: ["v1"]),
        WebhookRule(groups: [""], resources: ["pods/ephemeralcontainers"], operations: ["UPDATE"], versions: ["v1"]),
        WebhookRule(
            groups: [""], resources: ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy"], operations: ["CONNECT"], versions: ["v1"]),
        // Deletions are among `objects`: a namespace must be able to end while no replica answers.
        grantRule,
        // Whoever writes one of these under an owner that has a grant would get that grant for its Pods. Without this webhook no Pod comes in
        // either, so nothing more stands still.
        WebhookRule(groups: ["apps"], resources: ["replicasets"], operations: ["CREATE", "UPDATE"]),
        WebhookRule(groups: ["batch"], resources: ["jobs"], operations: ["CREATE", "UPDATE"]),
    ]

    /// Owners can be written by these ways, too. They are written all the time, so it needs the condition that only a change of owners counts.
    static let statusOfOwned = [
        WebhookRule(groups: ["apps"], resources: ["replicasets/status"], operations: ["UPDATE"]),
        WebhookRule(groups: ["batch"], resources: ["jobs/status"], operations: ["UPDATE"]),
    ]

    /// What is judged early, so that people hear of it where they can mend it. Webhook configurations are not here: an API server asks no
    /// webhook about them, lest one could lock itself in; they are judged by the background scan.
    static let objects: [WebhookRule] = [
        WebhookRule(groups: [""], resources: ["replicationcontrollers", "services"], operations: ["CREATE", "UPDATE"], versions: ["v1"]),
        WebhookRule(groups: ["apps"], resources: ["daemonsets", "deployments", "statefulsets"], operations: ["CREATE", "UPDATE"]),
        WebhookRule(groups: ["batch"], resources: ["cronjobs"], operations: ["CREATE", "UPDATE"]),
        WebhookRule(groups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], operations: ["CREATE", "UPDATE"]),
        WebhookRule(
            groups: ["rbac.authorization.k8s.io"], resources: ["clusterrolebindings", "clusterroles", "rolebindings", "roles"],
            operations: ["CREATE", "UPDATE"], scope: "*"),
        WebhookRule(groups: [""], resources: ["namespaces"], operations: ["CREATE", "UPDATE"], scope: "*", versions: ["v1"]),
        WebhookRule(groups: ["node.k8s.io"], resources: ["runtimeclasses"], operations: ["CREATE", "UPDATE"], scope: "Cluster"),
        // An emergency is reviewed before its grant goes.
        WebhookRule(groups: ["demarc.dev"], resources: ["privilegegrants"], operations: ["DELETE"]),
    ]

    static let defaults = [WebhookRule(groups: [""], resources: ["pods"], operations: ["CREATE"], versions: ["v1"])]

    /// Who applies and decides is filled in. It fails closed as `pods` does, which is asked about the same: what is not filled in would be refused there.
    static let grants = [grantRule]

    private static let grantRule = WebhookRule(
        groups: ["demarc.dev"], resources: ["privilegegrants", "privilegegrants/status"], operations: ["CREATE", "UPDATE"])

    static let namespaces = [WebhookRule(groups: [""], resources: ["namespaces"], operations: ["CREATE", "UPDATE"], scope: "*", versions: ["v1"])]

    /// Ways by which labels can be written, too, and without which no namespace ends.
    static let endingNamespaces = [
        WebhookRule(groups: [""], resources: ["namespaces/finalize", "namespaces/status"], operations: ["UPDATE"], scope: "*", versions: ["v1"])
    ]
}

/// A CEL expression that must be true for a request to be sent at all. Each is worked out in the API server before anything is sent.
struct MatchCondition: Sendable, Equatable {
    var name: String
    var expression: String

    var manifest: ManifestText { .map(["name": .text(name), "expression": .text(expression)]) }

    /// A static Pod runs already when its kubelet makes the mirror of it; a refusal would only hide it. Who is in no group has no `groups`.
    static let noMirrorPods = MatchCondition(
        name: "no-mirror-pods",
        expression: """
            request.kind.kind != "Pod" || request.operation != "CREATE" || \
            !has(request.userInfo.groups) || !("system:nodes" in request.userInfo.groups) || \
            !has(object.metadata.annotations) || !("kubernetes.io/config.mirror" in object.metadata.annotations)
            """)

    /// With `statusOfOwned`. The status of a grant is what people decide.
    static let noStatusButOwners = MatchCondition(
        name: "no-status-but-owners",
        expression: """
            !has(request.subResource) || request.subResource != "status" || request.resource.group == "demarc.dev" || \
            (has(object.metadata.ownerReferences) && \
            (!has(oldObject.metadata.ownerReferences) || object.metadata.ownerReferences != oldObject.metadata.ownerReferences))
            """)

    /// Controllers take off finalizers and owners when Pods end. That must go on when no replica answers.
    static let onlyWhatIsJudged = MatchCondition(
        name: "only-what-is-judged",
        expression: """
            request.kind.kind != "Pod" || request.operation != "UPDATE" || (has(request.subResource) && request.subResource != "") || \
            object.spec != oldObject.spec || \
            has(object.metadata.labels) != has(oldObject.metadata.labels) || \
            (has(object.metadata.labels) && object.metadata.labels != oldObject.metadata.labels) || \
            has(object.metadata.annotations) != has(oldObject.metadata.annotations) || \
            (has(object.metadata.annotations) && object.metadata.annotations != oldObject.metadata.annotations) || \
            (has(object.metadata.ownerReferences) && \
            (!has(oldObject.metadata.ownerReferences) || object.metadata.ownerReferences != oldObject.metadata.ownerReferences))
            """)
}

/// What the webhooks are called about, as metrics name it: `pods`, `pods/exec`, `deployments`.
public enum ReviewedResources {
    public static let all: [String] = {
        let rules = [
            WebhookRule.pods, WebhookRule.statusOfOwned, WebhookRule.objects, WebhookRule.defaults, WebhookRule.namespaces,
            WebhookRule.endingNamespaces,
        ]
        return Set(rules.joined().flatMap(\.resources)).sorted()
    }()
}
