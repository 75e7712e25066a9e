import Access
import Documents
import Kubernetes
import Testing

/// ClusterRoles that gather the rules of others by labels.
struct AggregationTests {
    private static func role(_ name: String, labels: String = "", selectors: String = "", verb: String? = nil) -> String {
        let labels = labels.isEmpty ? "" : ", labels: {\(labels)}"
        let aggregation = selectors.isEmpty ? "" : "aggregationRule: {clusterRoleSelectors: [\(selectors)]}, "
        let rules = verb.map { "{apiGroups: [''], resources: [pods], verbs: [\($0)]}" } ?? ""
        return "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: \(name)\(labels)}, \(aggregation)rules: [\(rules)]}"
    }

    /// What makes an estate a dump.
    private static let own = """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: cluster-admin},
         roleRef: {kind: ClusterRole, name: cluster-admin}, subjects: []}
        """

    /// The verbs a role has in the end.
    private static func verbs(of name: String, _ manifests: [String]) throws -> [String] {
        let policy = policy(manifests.joined(separator: "\n---\n"))
        let role = try #require(policy.roles.first { $0.name.name == name })
        return try role.rules.flatMap { try $0.rule.verbs.strings() }.sorted()
    }

    private static let sources = [
        role("a", labels: "to: one", verb: "get"), role("b", labels: "to: two", verb: "list"), role("c", labels: "to: one, tier: x", verb: "watch"),
        role("d", labels: "tier: 'y'", verb: "delete"),
    ]

    @Test(arguments: [
        ("{matchLabels: {to: one}}", ["get", "watch"]), ("{matchLabels: {to: one, tier: x}}", ["watch"]),
        ("{matchLabels: {to: one}}, {matchLabels: {to: two}}", ["get", "list", "watch"]), ("{matchLabels: {to: none}}", ["old"]),
        ("{matchExpressions: [{key: to, operator: In, values: [one, two]}]}", ["get", "list", "watch"]),
        ("{matchExpressions: [{key: tier, operator: Exists}]}", ["delete", "watch"]),
        ("{matchExpressions: [{key: to, operator: Exists}, {key: tier, operator: DoesNotExist}]}", ["get", "list"]),
        ("{matchExpressions: [{key: to, operator: In, values: [one]}, {key: tier, operator: NotIn, values: [x]}]}", ["get"]),
    ])
    func selectorsChooseByLabels(selectors: String, verbs: [String]) throws {
        #expect(try Self.verbs(of: "all", Self.sources + [Self.role("all", selectors: selectors, verb: "old"), Self.own]) == verbs)
    }

    /// An empty selector chooses every ClusterRole but the role itself.
    @Test func anEmptySelectorChoosesEveryRole() throws {
        let roles = Self.sources + [Self.role("plain", verb: "patch"), Self.role("all", selectors: "{}", verb: "old"), Self.own]
        #expect(try Self.verbs(of: "all", roles) == ["delete", "get", "list", "patch", "watch"])
    }

    @Test func gatheredRolesAreGatheredFrom() throws {
        let roles =
            Self.sources + [
                Self.role("middle", labels: "to: top", selectors: "{matchLabels: {to: one}}", verb: "old"),
                Self.role("top", selectors: "{matchLabels: {to: top}}, {matchLabels: {to: two}}", verb: "old"), Self.own,
            ]
        #expect(try Self.verbs(of: "top", roles) == ["get", "list", "watch"])
    }

    /// In a dump the controller has been through the circle already; in manifests nobody knows what it will end with.
    @Test(arguments: [(true, ["get"]), (false, [])])
    func circlesKeepInADumpWhatIsWritten(isDump: Bool, verbs: [String]) throws {
        let circle = [
            Self.role("one", labels: "to: two", selectors: "{matchLabels: {to: one}}", verb: "get"),
            Self.role("two", labels: "to: one", selectors: "{matchLabels: {to: two}}", verb: "get"),
        ]
        #expect(try Self.verbs(of: "one", circle + (isDump ? [Self.own] : [])) == verbs)
    }

    /// A few lines that would gather the square of all roles are given up, are named, and cost the other roles nothing.
    @Test(arguments: ["all", "chain"])
    func whatGathersTooMuchIsNamed(shape: String) throws {
        let count = 4_000
        let roles = (0..<count).map { index in
            switch shape {
            case "all": Self.role("r\(index)", labels: "a: b", selectors: "{matchLabels: {a: b}}", verb: "get")
            default: Self.role("r\(index)", labels: "n: '\(index)'", selectors: "{matchLabels: {n: '\(index + 1)'}}", verb: "get")
            }
        }
        let policy = policy((roles + Self.sources + [Self.role("small", selectors: "{matchLabels: {to: two}}")]).joined(separator: "\n---\n"))
        #expect(policy.faults.allSatisfy { $0.value.fieldPath == "aggregationRule" && "\($0.expected)".contains("no more rules") })
        #expect(!policy.faults.isEmpty)
        let small = try #require(policy.roles.first { $0.name.name == "small" })
        #expect(small.rules.count == 1)
        let edit = try #require(policy.roles.first { $0.name.name == "edit" })
        #expect(edit.isAggregated && edit.rules.count > 10)
    }
}
