/// An estate of a large cluster at random, always the same for the same numbers: namespaces with service accounts, the workloads
/// that run as some of them, roles, and bindings that name users, groups and service accounts.
public struct AccessCorpus {
    /// Subjects that bindings name: seven in ten are service accounts, two users, one a group.
    public let subjects: Int
    /// One in 25 is a ClusterRoleBinding.
    public let bindings: Int
    /// A JSON list, an object a line.
    public private(set) var json: [UInt8] = []
    public private(set) var objects = 0

    private var random: SplitMix
    private let namespaces: Int
    private let clusterRoles = 300

    public init(subjects: Int = 10_000, bindings: Int = 100_000, seed: UInt64 = 1) {
        self.subjects = max(subjects, 10)
        self.bindings = bindings
        random = SplitMix(seed: seed)
        namespaces = max(self.subjects / 25, 4)
        json.reserveCapacity(bindings * 360)
        json += Array("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[".utf8)
        addNamespaces()
        addRoles()
        for index in 0..<bindings { addBinding(index) }
        json += Array("\n]}\n".utf8)
    }

    // MARK: - Objects

    private mutating func add(
        _ apiVersion: String, _ kind: String, _ name: String, namespace: String? = nil, labels: String = "", _ rest: String = ""
    ) {
        if objects > 0 { json.append(UInt8(ascii: ",")) }
        objects += 1
        let place = namespace.map { ",\"namespace\":\"\($0)\"" } ?? ""
        let labels = labels.isEmpty ? "" : ",\"labels\":{\(labels)}"
        let text = "\n{\"apiVersion\":\"\(apiVersion)\",\"kind\":\"\(kind)\",\"metadata\":{\"name\":\"\(name)\"\(place)\(labels)}\(rest)}"
        json += Array(text.utf8)
    }

    private func namespace(_ index: Int) -> String { "team-\(index % namespaces)" }
    private var accounts: Int { subjects * 7 / 10 }
    private var users: Int { subjects * 2 / 10 }
    private var groups: Int { max(subjects - accounts - users, 1) }

    private mutating func addNamespaces() {
        for index in 0..<namespaces { add("v1", "Namespace", namespace(index)) }
        for index in 0..<accounts {
            add("v1", "ServiceAccount", "app-\(index)", namespace: namespace(index))
            // Two in three run something.
            guard index % 3 != 2 else { continue }
            let container = "{\"name\":\"app\",\"image\":\"registry.example.com/app:\(index)\"}"
            add(
                "apps/v1", "Deployment", "app-\(index)", namespace: namespace(index),
                ",\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"\(index)\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"\(index)\"}},"
                    + "\"spec\":{\"serviceAccountName\":\"app-\(index)\",\"containers\":[\(container)]}}}")
        }
    }

    private mutating func addRoles() {
        for index in 0..<clusterRoles {
            let label = index % 10 == 0 ? "\"rbac.example.com/aggregate-to\":\"set-\(index / 10 % 5)\"" : ""
            add(rbac, "ClusterRole", "platform-\(index)", labels: label, ",\"rules\":[\(rules(isCluster: true))]")
        }
        for index in 0..<5 {
            let selector = "{\"matchLabels\":{\"rbac.example.com/aggregate-to\":\"set-\(index)\"}}"
            add(rbac, "ClusterRole", "gathered-\(index)", ",\"aggregationRule\":{\"clusterRoleSelectors\":[\(selector)]},\"rules\":[]")
        }
        for index in 0..<namespaces * 5 {
            add(rbac, "Role", "role-\(index / namespaces)", namespace: namespace(index), ",\"rules\":[\(rules(isCluster: false))]")
        }
    }

    private let rbac = "rbac.authorization.k8s.io/v1"

    /// Most read; few write, and fewer have what leads further.
    private mutating func rules(isCluster: Bool) -> String {
        (0..<random.below(5) + 1).map { _ in
            let isStrong = random.below(40) == 0
            let (group, resources) =
                isStrong ? AccessCorpus.strong[random.below(AccessCorpus.strong.count)] : AccessCorpus.plain[random.below(AccessCorpus.plain.count)]
            let verbs = random.below(4) == 0 ? "\"create\",\"delete\",\"patch\",\"update\"" : "\"get\",\"list\",\"watch\""
            let names = random.below(8) == 0 ? ",\"resourceNames\":[\"config-\(random.below(50))\"]" : ""
            return "{\"apiGroups\":[\"\(group)\"],\"resources\":[\(resources)],\"verbs\":[\(verbs)]\(names)}"
        }.joined(separator: ",")
    }

    private static let plain = [
        ("", "\"configmaps\""), ("", "\"pods\",\"pods/log\""), ("", "\"services\",\"endpoints\""), ("apps", "\"deployments\",\"replicasets\""),
        ("batch", "\"jobs\",\"cronjobs\""), ("", "\"events\""), ("networking.k8s.io", "\"ingresses\""), ("", "\"persistentvolumeclaims\""),
        ("autoscaling", "\"horizontalpodautoscalers\""), ("coordination.k8s.io", "\"leases\""), ("example.com", "\"widgets\",\"widgets/status\""),
        ("policy", "\"poddisruptionbudgets\""),
    ]
    private static let strong = [
        ("", "\"secrets\""), ("", "\"pods/exec\""), ("", "\"serviceaccounts/token\""), ("rbac.authorization.k8s.io", "\"roles\",\"rolebindings\""),
        ("", "\"pods\""), ("apps", "\"*\""), ("", "\"nodes/proxy\""), ("rbac.authorization.k8s.io", "\"clusterrolebindings\""),
    ]

    private mutating func addBinding(_ index: Int) {
        let isCluster = index % 25 == 0
        let home = namespace(random.below(namespaces))
        let role: String
        if isCluster {
            role = random.below(20) == 0 ? "gathered-\(random.below(5))" : "platform-\(random.below(clusterRoles))"
        } else {
            switch random.below(10) {
            case 0: role = ["view", "edit", "admin"][random.below(3)]
            case 1..<4: role = "platform-\(random.below(clusterRoles))"
            default: role = "role-\(random.below(5))"
            }
        }
        let kind = role.hasPrefix("role-") ? "Role" : "ClusterRole"
        // The first of each is the next in turn, so that bindings name everybody.
        let subjects = [subject(index % self.subjects)] + (0..<random.below(3)).map { _ in subject(random.below(self.subjects)) }
        add(
            rbac, isCluster ? "ClusterRoleBinding" : "RoleBinding", "binding-\(index)", namespace: isCluster ? nil : home,
            ",\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"\(kind)\",\"name\":\"\(role)\"},"
                + "\"subjects\":[\(subjects.joined(separator: ","))]")
    }

    private func subject(_ index: Int) -> String {
        let group = ",\"apiGroup\":\"rbac.authorization.k8s.io\"}"
        if index < accounts { return "{\"kind\":\"ServiceAccount\",\"name\":\"app-\(index)\",\"namespace\":\"\(namespace(index))\"}" }
        if index < accounts + users { return "{\"kind\":\"User\",\"name\":\"user-\(index)@example.com\"\(group)" }
        return "{\"kind\":\"Group\",\"name\":\"group-\(index)\"\(group)"
    }
}

/// SplitMix64.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
