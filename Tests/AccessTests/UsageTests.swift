import Access
import Documents
import Kubernetes
import Testing

/// What an audit log shows of roles and bindings, and the roles that would do.
struct UsageTests {
    private static let estate = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: wide, namespace: shop}
        rules:
        - {apiGroups: [""], resources: [pods, pods/log, configmaps], verbs: [get, list, delete]}
        - {apiGroups: [apps], resources: ["*"], verbs: ["*"]}
        - {apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [a, b, c, d, e, f, g, h]}
        - {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [bind, get]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: team, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: wide}
        subjects:
        - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: dev}
        - {kind: User, apiGroup: rbac.authorization.k8s.io, name: carl}
        - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: dev}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: everywhere}
        rules:
        - {apiGroups: [""], resources: [pods, nodes], verbs: [get, list]}
        - {nonResourceURLs: [/metrics, "/logs/*"], verbs: [get]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: everywhere}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everywhere}
        subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ann}]
        """

    /// Events of ann, who is in the group dev.
    private static func usage(
        _ requests: [AccessRequest], user: String = "ann", groups: [String] = ["dev"], of manifests: String = estate
    ) -> AccessUsage {
        var recorder = UsageRecorder(policy(manifests))
        for (index, request) in requests.enumerated() { recorder.add(event(request, user: user, groups: groups, second: index)) }
        return recorder.usage
    }

    static func event(_ request: AccessRequest, user: String, groups: [String], second: Int = 0) -> AuditEvent {
        AuditEvent(user: user, groups: groups, request: request, time: "2026-11-24T05:18:\(second < 10 ? "0" : "")\(second % 60).000000Z")
    }

    private static func binding(_ name: String, in usage: AccessUsage) throws -> Int {
        try #require(usage.bindings.first { usage.policy.bindings[$0].name == name })
    }

    private static func get(
        _ path: String, _ name: String = "", group: String = "", namespace: String = "shop", verb: String = "get"
    ) -> AccessRequest {
        AccessRequest(verb, APIResource(group, path), namespace: namespace, name: name)
    }

    @Test func rulesShowWhatWasUsed() throws {
        let usage = Self.usage([
            Self.get("pods", "a"), Self.get("pods", verb: "list"), Self.get("deployments", "x", group: "apps", verb: "patch"),
            Self.get("secrets", "c"),
        ])
        let rules = usage.rules(of: try Self.binding("team", in: usage))
        #expect(rules.map(\.granted) == [9, 1, 1, 2])
        #expect(rules.map(\.used) == [2, 1, 1, 0])
        #expect(rules[0].usedPermissions == [Permissions(verbs: ["get", "list"], targets: ["pods"])])
        #expect(
            rules[0].unused == [
                Permissions(verbs: ["delete"], targets: ["pods"]),
                Permissions(verbs: ["get", "list", "delete"], targets: ["pods/log", "configmaps"]),
            ])
        #expect(rules[3].unused == [Permissions(verbs: ["get"], targets: ["roles"])])
        #expect(rules[3].unobservable == [Permissions(verbs: ["bind"], targets: ["roles"])])
    }

    @Test func subjectsAreToldApart() throws {
        let usage = Self.usage([Self.get("pods", "a")])
        let team = try Self.binding("team", in: usage)
        let (dev, carl) = (try #require(usage.policy.subject(.group("dev"))), try #require(usage.policy.subject(.user("carl"))))
        #expect(usage.appearances(of: dev) == 1 && usage.appearances(of: carl) == 0)
        #expect(usage.rules(of: team, by: dev)[0].used == 1 && usage.rules(of: team, by: carl)[0].used == 0)
        #expect(usage.uses(of: team).map(\.subject) == [dev])
        // ann may get pods by the other binding as well, so it counts there too.
        #expect(usage.uses(of: try Self.binding("everywhere", in: usage)).count == 1)
    }

    @Test func theWindowIsThatOfTheEvents() {
        var recorder = UsageRecorder(policy(Self.estate))
        for second in [7, 3, 9] { recorder.add(Self.event(Self.get("pods"), user: "ann", groups: [], second: second)) }
        #expect(recorder.usage.first == "2026-11-24T05:18:03.000000Z" && recorder.usage.last == "2026-11-24T05:18:09.000000Z")
        #expect(recorder.usage.events == 3)
        #expect(UsageRecorder(policy(Self.estate)).usage.first.isEmpty)
    }

    @Test func whatNoBindingAllowsIsCounted() {
        #expect(Self.usage([Self.get("secrets", "z"), Self.get("pods"), Self.get("nodes", verb: "delete")]).unexplained == 2)
        #expect(Self.usage([Self.get("secrets", "z")], groups: ["system:masters"]).unexplained == 0)
    }

    @Test func impersonationIsAUse() throws {
        let manifests = Self.estate.replacing("resources: [pods, nodes], verbs: [get, list]", with: "resources: [users], verbs: [impersonate, get]")
        var recorder = UsageRecorder(policy(manifests))
        let asked = AuditEvent(
            user: "bob", groups: [], request: Self.get("pods"), time: "2026-11-24T05:18:03.000000Z",
            impersonations: [Self.event(AccessRequest("impersonate", APIResource("", "users"), name: "bob"), user: "ann", groups: [])])
        recorder.add(asked)
        let usage = recorder.usage
        #expect(usage.events == 1 && usage.unexplained == 1)
        #expect(usage.appearances(of: try #require(usage.policy.subject(.user("ann")))) == 1)
        let rules = usage.bindings.last.map { usage.rules(of: $0) }
        #expect(rules?[0].usedPermissions == [Permissions(verbs: ["impersonate"], targets: ["users"])])
    }

    // MARK: - Suggestions

    private static func suggestion(_ requests: [AccessRequest], for name: String, of manifests: String = estate) throws -> Suggestion {
        let usage = usage(requests, of: manifests)
        var names = SuggestedNames(usage.policy)
        return usage.suggestion(for: try binding(name, in: usage), names: &names)
    }

    private static func rules(_ suggestion: Suggestion) -> [String] {
        guard case .narrow(let roles) = suggestion else { return ["\(suggestion)"] }
        return roles.flatMap { role in
            role.rules.map { rule in
                let names = rule.resourceNames.isEmpty ? "" : " named \(rule.resourceNames.joined(separator: ","))"
                let group = rule.apiGroups.map { $0.isEmpty ? "core" : $0 }.joined(separator: ",")
                let target =
                    rule.nonResourceURLs.isEmpty
                    ? "\(rule.resources.joined(separator: ",")) of \(group)\(names)" : rule.nonResourceURLs.joined(separator: ",")
                return "\(role.namespace)/\(role.name): \(rule.verbs.joined(separator: ",")) on \(target)"
            }
        }
    }

    private static let suggestions: [([AccessRequest], [String])] = [
        (
            [get("configmaps", "x")],
            ["shop/team-used: get on configmaps of core named x", "shop/team-used: bind on roles of rbac.authorization.k8s.io"]
        ),
        // Names of Pods are made up; the use of a wildcard is written out.
        (
            [get("pods", "a"), get("pods/log", "a"), get("deployments", "w", group: "apps", verb: "create")],
            [
                "shop/team-used: get on pods,pods/log of core", "shop/team-used: create on deployments of apps",
                "shop/team-used: bind on roles of rbac.authorization.k8s.io",
            ]
        ),
        // Many names say nothing, but what was restricted stays so.
        (
            ["a", "b", "c", "d", "e", "f"].flatMap { [get("configmaps", $0), get("secrets", $0)] },
            [
                "shop/team-used: get on configmaps of core", "shop/team-used: get on secrets of core named a,b,c,d,e,f,g,h",
                "shop/team-used: bind on roles of rbac.authorization.k8s.io",
            ]
        ),
        (
            [get("secrets", "b"), get("secrets", "a")],
            ["shop/team-used: get on secrets of core named a,b", "shop/team-used: bind on roles of rbac.authorization.k8s.io"]
        ),
        // Whoever creates meets new names.
        (
            [get("deployments", "", group: "apps", verb: "create"), get("deployments", "x", group: "apps")],
            ["shop/team-used: get,create on deployments of apps", "shop/team-used: bind on roles of rbac.authorization.k8s.io"]
        ),
    ]

    @Test(arguments: suggestions)
    func suggestedRulesAreTheUse(requests: [AccessRequest], rules: [String]) throws {
        #expect(Self.rules(try Self.suggestion(requests, for: "team")).sorted() == rules.sorted())
    }

    @Test func fewNamespacesGetTheirOwnRoles() throws {
        let two = [Self.get("pods", "a"), Self.get("pods", verb: "list"), Self.get("pods", "b", namespace: "bank")]
        #expect(
            Self.rules(try Self.suggestion(two, for: "everywhere")) == [
                "bank/everywhere-used: get on pods of core", "shop/everywhere-used: get,list on pods of core",
            ])
        let four = ["a", "b", "c", "d"].map { Self.get("pods", "x", namespace: $0) }
        #expect(Self.rules(try Self.suggestion(four, for: "everywhere")) == ["/everywhere-used: get on pods of core"])
        #expect(
            Self.rules(try Self.suggestion(two + [Self.get("pods", namespace: "", verb: "list")], for: "everywhere")) == [
                "/everywhere-used: get,list on pods of core"
            ])
        #expect(
            Self.rules(try Self.suggestion(two + [AccessRequest("get", url: "/logs/a")], for: "everywhere")) == [
                "/everywhere-used: get,list on pods of core", "/everywhere-used: get on /logs/a",
            ])
    }

    @Test func manyPathsBecomeTheirPattern() throws {
        let logs = (0..<6).map { AccessRequest("get", url: "/logs/\($0)") }
        #expect(Self.rules(try Self.suggestion(logs, for: "everywhere")) == ["/everywhere-used: get on /logs/*"])
        #expect(Self.rules(try Self.suggestion(Array(logs.prefix(2)), for: "everywhere")) == ["/everywhere-used: get on /logs/0,/logs/1"])
    }

    @Test func nothingUsedIsToBeRemoved() throws {
        guard case .remove = try Self.suggestion([], for: "everywhere") else { return #expect(Bool(false), "everywhere") }
        // What no log shows is kept, for everybody.
        guard case .narrow(let roles) = try Self.suggestion([], for: "team") else { return #expect(Bool(false), "team") }
        #expect(roles.map(\.subjects.count) == [2])
    }

    @Test func whatIsUsedInFullIsKept() throws {
        let narrow = Self.estate.replacing("resources: [pods, nodes], verbs: [get, list]", with: "resources: [nodes], verbs: [list]")
            .replacing("- {nonResourceURLs: [/metrics, \"/logs/*\"], verbs: [get]}", with: "")
        let used = [AccessRequest("list", APIResource("", "nodes"))]
        guard case .keep = try Self.suggestion(used, for: "everywhere", of: narrow) else { return #expect(Bool(false), "keep") }
        let shared = narrow.replacing("name: ann}]", with: "name: ann}, {kind: User, name: zoe}]")
        guard case .keepSubjects(let subjects) = try Self.suggestion(used, for: "everywhere", of: shared) else {
            return #expect(Bool(false), "subjects")
        }
        let policy = policy(shared)
        #expect(subjects.map { policy.subjects[$0] } == [.user("ann")])
    }

    /// A log by somebody who asks for whatever comes to mind.
    @Test func countlessUsesAreNotListed() throws {
        let wide = Self.estate.replacing("resources: [pods, nodes], verbs: [get, list]", with: "resources: ['*'], verbs: ['*']")
        let requests = (0..<2_500).map { AccessRequest("get", APIResource("", "thing-\($0)")) }
        let usage = Self.usage(requests, of: wide)
        let binding = try Self.binding("everywhere", in: usage)
        #expect(usage.uses(of: binding)[0].uses.count == 2_000)
        var names = SuggestedNames(usage.policy)
        guard case .countless = usage.suggestion(for: binding, names: &names) else { return #expect(Bool(false)) }
    }

    @Test func namesThatAreTakenAreNotSuggested() throws {
        let taken = Self.estate + "\n---\n" + Self.estate.replacing("name: everywhere}", with: "name: everywhere-used}")
        #expect(
            Self.rules(try Self.suggestion([AccessRequest("get", url: "/metrics")], for: "everywhere", of: taken)) == [
                "/everywhere-used-2: get on /metrics"
            ])
    }

    /// What the API server makes itself nobody can make smaller.
    @Test func ownBindingsAreLeftOut() {
        #expect(Self.usage([]).bindings.count == 2)
    }
}
