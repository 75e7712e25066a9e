/// Roles, bindings and questions at random, the same for the same seed. The pools are small, so that much meets, and full of what
/// is odd but valid: wildcards in places where they mean something and where they mean nothing, subresources, empty strings,
/// users that are service accounts, names that only look alike.
struct RandomRBAC {
    private var random: SeededRandom
    private(set) var objects: [RBACObject] = []
    private var clusterRoles: [String] = []
    private var roles: [(namespace: String, name: String)] = []

    static let namespaces = ["alpha", "beta", "gamma"]
    /// Two spellings of one letter are two users to the API server.
    static let users = [
        "ann", "bob", "Ann", "ann ", "system:anonymous", "system:serviceaccount:alpha:web", "system:serviceaccount:beta:web",
        "system:serviceaccount:alpha:we:b", "system:serviceaccount:alpha", "caf\u{E9}", "cafe\u{301}", "*", "system:kube-scheduler",
    ]
    static let groups = [
        "dev", "ops", "system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:serviceaccounts:alpha",
        "system:serviceaccounts:beta", "*", "dev:sub",
    ]
    private static let verbs = [
        "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "impersonate", "bind", "GET", "*", "",
    ]
    private static let apiGroups = ["", "apps", "batch", "rbac.authorization.k8s.io", "example.com", "*", "app*"]
    private static let resources = [
        "pods", "pods/exec", "pods/log", "pods/*", "secrets", "deployments", "deployments/scale", "*/scale", "*/exec", "*", "*/*", "nodes",
        "nodes/proxy", "Pods", "namespaces", "", "/", "pods/",
    ]
    private static let names = ["web", "db", "", "*", "we*", "alpha"]
    private static let urls = ["/metrics", "/healthz", "/healthz/*", "/api*", "*", "/logs/**", "/a*b", "/", "/*", "/metrics/"]
    private static let askedResources = [
        "pods", "pods/exec", "pods/log", "secrets", "deployments", "deployments/scale", "nodes/proxy", "nodes", "namespaces", "*", "Pods", "x/scale",
        "pods/x", "",
    ]
    private static let askedUrls = [
        "/metrics", "/healthz", "/healthz/etcd", "/api", "/apis/apps", "/logs/a", "/a/b", "/", "/metrics/x", "*", "/logs",
    ]
    private static let labels = ["to-one": ["true", "false"], "to-two": ["true"], "tier": ["x", "y", ""]]

    init(seed: UInt64, bindings: Int = 90) {
        random = SeededRandom(seed: seed)
        for index in 0..<24 { addClusterRole("cr-\(index)", aggregates: false) }
        // Further down the list gathers from further up and from each other's sources, never in a circle.
        for index in 0..<6 { addClusterRole("gathering-\(index)", aggregates: true) }
        for index in 0..<18 { addRole("role-\(index % 7)", in: Self.namespaces[index % 3]) }
        for index in 0..<bindings { addBinding(index) }
    }

    // MARK: - Objects

    private mutating func some(_ pool: [String], _ count: ClosedRange<Int>) -> [String] {
        (0..<random.int(in: count)).map { _ in random.element(of: pool) }
    }

    private mutating func rule(inCluster: Bool) -> RBACObject.Rule {
        if inCluster, random.chance(5) { return RBACObject.Rule(verbs: some(Self.verbs, 1...2), nonResourceURLs: some(Self.urls, 1...3)) }
        return RBACObject.Rule(
            verbs: some(Self.verbs, 1...4), apiGroups: some(Self.apiGroups, 1...2), resources: some(Self.resources, 1...3),
            resourceNames: random.chance(4) ? some(Self.names, 1...2) : nil)
    }

    private mutating func rules(inCluster: Bool) -> [RBACObject.Rule] { (0..<random.int(in: 0...3)).map { _ in rule(inCluster: inCluster) } }

    private mutating func addClusterRole(_ name: String, aggregates: Bool) {
        var labels: [String: String] = [:]
        for (key, values) in Self.labels.sorted(by: { $0.key < $1.key }) where random.chance(3) { labels[key] = random.element(of: values) }
        // Circles end differently from run to run on a real server, so gathering roles are gathered by none.
        var role = RBACObject(kind: "ClusterRole", metadata: .init(name: name, labels: aggregates ? ["gathers": "yes"] : labels))
        if aggregates {
            role.aggregationRule = .init(clusterRoleSelectors: (0..<random.int(in: 1...2)).map { _ in selector() })
        } else {
            role.rules = rules(inCluster: true)
        }
        objects.append(role)
        clusterRoles.append(name)
    }

    private mutating func selector() -> RBACObject.Selector {
        let notGathering = RBACObject.Expression(key: "gathers", operator: "DoesNotExist")
        switch random.int(in: 0...4) {
        case 0: return .init(matchLabels: ["to-one": "true"], matchExpressions: [notGathering])
        case 1: return .init(matchLabels: ["to-two": "true", "tier": random.element(of: ["x", "y", ""])])
        case 2: return .init(matchExpressions: [.init(key: "tier", operator: "In", values: ["x", "y"])])
        case 3:
            // Roles of the API server have labels of their own, so that they are asked for too.
            let ours = RBACObject.Expression(key: "kubernetes.io/bootstrapping", operator: "DoesNotExist")
            return .init(matchExpressions: [.init(key: "tier", operator: "NotIn", values: ["x"]), ours, notGathering])
        default: return .init(matchExpressions: [.init(key: "to-one", operator: "Exists"), notGathering])
        }
    }

    private mutating func addRole(_ name: String, in namespace: String) {
        objects.removeAll { $0.kind == "Role" && $0.metadata.name == name && $0.metadata.namespace == namespace }
        objects.append(RBACObject(kind: "Role", metadata: .init(name: name, namespace: namespace), rules: rules(inCluster: false)))
        roles.append((namespace, name))
    }

    private mutating func addBinding(_ index: Int) {
        let isEverywhere = random.chance(3)
        let namespace = isEverywhere ? nil : random.element(of: Self.namespaces)
        let reference: RBACObject.RoleRef
        if !isEverywhere, random.chance(2) {
            // Of any namespace: the role may not be there.
            reference = .init(apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: random.element(of: roles).name)
        } else {
            let name = random.chance(12) ? random.element(of: ["edit", "view", "system:basic-user", "nowhere"]) : random.element(of: clusterRoles)
            reference = .init(apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: name)
        }
        let subjects = (0..<random.int(in: 0...3)).map { _ in subject(inCluster: isEverywhere) }
        objects.append(
            RBACObject(
                kind: isEverywhere ? "ClusterRoleBinding" : "RoleBinding", metadata: .init(name: "b-\(index)", namespace: namespace),
                roleRef: reference,
                subjects: subjects))
    }

    private mutating func subject(inCluster: Bool) -> RBACObject.Subject {
        switch random.int(in: 0...2) {
        case 0: return .init(kind: "User", apiGroup: "rbac.authorization.k8s.io", name: random.element(of: Self.users))
        case 1: return .init(kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: random.element(of: Self.groups))
        default:
            // The server takes any namespace, even one that makes two accounts the same user.
            let namespace = random.element(of: ["alpha", "beta", "gamma", "alpha:we"])
            let name = namespace == "alpha:we" ? "b" : random.element(of: ["web", "job"])
            return .init(kind: "ServiceAccount", namespace: !inCluster && random.chance(3) ? nil : namespace, name: name)
        }
    }

    // MARK: - Questions

    mutating func question() -> RBACQuestion {
        var question = ask(of: random.element(of: Self.users))
        question.groups = some(Self.groups, 0...3)
        return question
    }

    /// A question without groups.
    mutating func ask(of user: String) -> RBACQuestion {
        var question = RBACQuestion(user: user, verb: random.element(of: Self.verbs))
        if random.chance(6) {
            question.url = random.element(of: Self.askedUrls)
            return question
        }
        let path = random.element(of: Self.askedResources)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        question.group = random.element(of: Self.apiGroups)
        question.resource = String(parts[0])
        question.subresource = parts.count == 2 ? String(parts[1]) : ""
        question.name = random.element(of: ["", "", "web", "db", "*", "alpha"])
        question.namespace = random.element(of: Self.namespaces + ["", "default"])
        return question
    }
}

/// SplitMix64.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func int(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func chance(_ of: Int) -> Bool { int(in: 1...of) == 1 }
    mutating func element<T>(of pool: [T]) -> T { pool[int(in: 0...pool.count - 1)] }
}
