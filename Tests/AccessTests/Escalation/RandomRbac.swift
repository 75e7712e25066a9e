import Access
import Kubernetes

/// Random RBAC with enough power in it that ways cross each other. The same seed gives the same estate.
struct RandomRbac {
    /// A binding as text, which a test can leave out.
    struct Binding {
        let name: String
        let text: String
    }

    private(set) var bindings: [Binding] = []
    private(set) var others = ""
    private var generator: SplitMix

    init(seed: UInt64, bindings count: Int = 10) {
        generator = SplitMix(state: seed)
        for namespace in Self.namespaces {
            if pick(3) == 0 { others += Rbac.namespace(namespace, enforce: "restricted") }
            for account in Self.accounts where pick(2) == 0 {
                let spec = pick(4) == 0 ? "automountServiceAccountToken: false" : ""
                let container = pick(5) == 0 ? ", securityContext: {privileged: true}" : ""
                others += Rbac.pod("\(namespace)/\(account)-pod", account: account, spec: spec, container: container)
            }
            if pick(3) == 0 { others += Rbac.tokenSecret("\(namespace)/token", account: Self.accounts[pick(Self.accounts.count)]) }
        }
        for index in 0..<8 { others += Rbac.clusterRole("c\(index)", rules()) }
        for namespace in Self.namespaces {
            for index in 0..<2 { others += Rbac.role(namespace, "r\(index)", rules()) }
        }
        // Everybody stays known, whichever binding goes.
        others += Rbac.clusterRole("nothing", "get :nothing") + Rbac.bind("all", "nothing", to: Self.subjects.joined(separator: "+"))
        for index in 0..<count { bindings.append(binding("b\(index)")) }
    }

    /// The estate without one binding, or with all.
    func manifests(without cut: String? = nil) -> String {
        others + bindings.filter { $0.name != cut }.map(\.text).joined()
    }

    private mutating func rules() -> [String] {
        (0...pick(3)).map { _ in
            let rule = Self.rules[pick(Self.rules.count)]
            return pick(4) == 0 && !rule.hasPrefix("*") ? "\(rule) \(Self.names[pick(Self.names.count)])" : rule
        }
    }

    private mutating func binding(_ name: String) -> Binding {
        let namespace = pick(3) == 0 ? "" : Self.namespaces[pick(Self.namespaces.count)]
        let role: String
        switch pick(8) {
        case 0: role = pick(4) == 0 ? "cluster-admin" : "edit"
        case 1: role = "view"
        case 2, 3: role = namespace.isEmpty ? "c\(pick(8))" : "Role/r\(pick(2))"
        default: role = "c\(pick(8))"
        }
        let subjects = (0...pick(2)).map { _ in Self.subjects[pick(Self.subjects.count)] }
        return Binding(name: name, text: Rbac.bind(name, role, to: Set(subjects).sorted().joined(separator: "+"), in: namespace))
    }

    private mutating func pick(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }

    static let namespaces = ["shop", "bank", "kube-system"]
    static let accounts = ["web", "api", "default"]
    private static let subjects =
        ["User ann", "User bob", "Group ops", "Group system:authenticated", "Group system:serviceaccounts:shop"]
        + namespaces.flatMap { namespace in accounts.map { "\(namespace)/\($0)" } }
    private static let names = ["web", "api", "view", "c1", "r0", "web-pod", "token", "ann"]
    private static let rules = [
        "create :pods", "create :pods/exec", "get :nodes/proxy", "create :serviceaccounts/token", "get,list :secrets", "create :secrets",
        "bind rbac:clusterroles,roles", "create rbac:rolebindings",
        "create rbac:clusterrolebindings", "escalate rbac:clusterroles,roles",
        "update rbac:clusterroles,roles", "impersonate :users", "impersonate :groups", "impersonate :serviceaccounts",
        "patch :pods/ephemeralcontainers", "patch :namespaces", "create :persistentvolumes", "create :persistentvolumeclaims", "patch :nodes",
        "get :configmaps", "list :pods", "update apps:deployments",
    ]
}

/// S. Vigna's SplitMix64, small and the same everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
