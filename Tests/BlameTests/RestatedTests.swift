import Access
import Documents
import Kubernetes
import Responsibility
import Testing

@testable import Blame

/// Lists that a patch can only send as a whole, and containers that it replaces, hold what their sender has read: nobody is proven to be the
/// author of that unless nothing can have come before.
struct RestatedTests {
    private static let name = "deployments.apps shop/web"
    private static let role = Subject(
        ObjectName(group: "rbac.authorization.k8s.io", resource: "roles", namespace: "shop", name: "ops"), kind: "Role")
    private static let roleName = "roles.rbac.authorization.k8s.io shop/ops"

    /// Who is the author of a field, `?` where that is not proven.
    private static func author(_ path: String, _ log: Log, of subject: Subject = Log.deployment) -> String? {
        let history = log.history(of: subject)
        var author: String?
        history.current?.state?.forEachLeaf { place, field in
            guard place.description == path else { return }
            author = history.changes[field.origin.latest].actor.name + (field.origin.isProven ? "" : "?")
        }
        return author
    }

    // MARK: - Rules of a Role

    private static let all = "{\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"verbs\":[\"*\"]}"

    private static func reads(_ resource: String) -> String { "{\"apiGroups\":[\"\"],\"resources\":[\"\(resource)\"],\"verbs\":[\"get\"]}" }

    private static func role(_ version: Int, _ rules: String...) -> String {
        """
        {"kind":"Role","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"ops","namespace":"shop","uid":"r1",\
        "resourceVersion":"\(version)"},"rules":[\(rules.joined(separator: ","))]}
        """
    }

    enum Record: CaseIterable { case whole, withoutBody, missing }

    /// dan creates the Role, eve adds the right to all, cyd edits the first rule; the patch of kubectl has both rules.
    private static func edited(_ record: Record, by patch: String) -> Log {
        var log = Log()
        log.add("create", roleName, by: "dan", at: 1, request: role(0, reads("pods")), response: role(10, reads("pods")), code: 201)
        let eve = (role(10, reads("pods"), all), role(11, reads("pods"), all))
        switch record {
        case .whole: log.add("update", roleName, by: "eve", at: 2, request: eve.0, response: eve.1)
        case .withoutBody: log.add("update", roleName, by: "eve", at: 2)
        case .missing: break
        }
        log.add("patch", roleName, by: "cyd", at: 3, request: patch, response: role(12, reads("jobs"), all))
        return log
    }

    @Test(
        arguments: Record.allCases,
        ["{\"rules\":[\(reads("jobs")),\(all)]}", "[{\"op\":\"replace\",\"path\":\"/rules\",\"value\":[\(reads("jobs")),\(all)]}]"])
    func whoSendsBackTheRulesIsNotTheirAuthor(record: Record, patch: String) throws {
        let log = Self.edited(record, by: patch)
        #expect(Self.author("rules[1].verbs[=*]", log, of: Self.role) == (record == .whole ? "eve" : "cyd?"))
        let result = try log.blame(Self.role, "rules[1].verbs")
        #expect(result.introduced?.strength == (record == .whole ? .proven : .recorded))
        #expect(result.partyStrength == (record == .whole ? .proven : .recorded))
        let questions: [Record: String] = [
            .withoutBody: "Role shop/ops: 1 request changed it without a body in the log (audit level Metadata); log these at level RequestResponse",
            .missing:
                "Role shop/ops: rules[0].resources[=jobs] differs after the request of 2026-11-24T05:00:03.000000Z, and the record does not show that no other came before it",
        ]
        #expect(questions[record].map { result.gaps.contains($0) } ?? true, "\(result.gaps)")
        // A scan believes the same.
        let root = DocumentTree.parse(Self.role(12, Self.reads("jobs"), Self.all), source: "dump.json").tree
        let object = try #require(SourceObjects(root).objects.first)
        let writes = AuditedWrites(log.collected(Selection([Self.role.name])).records, inventory: Inventory([object]))
        let rule = try #require(Array(try object.root["rules"].items()).last)
        #expect(writes.writer(of: rule["verbs"], missing: "", in: object)?.user == (record == .whole ? "eve" : nil))
    }

    @Test func blindChangesAreNamedBesideAPatch() throws {
        let result = try Self.edited(.withoutBody, by: "{\"rules\":[\(Self.reads("jobs")),\(Self.all)]}").blame(Self.role, "rules[1].verbs")
        #expect(result.introduced?.reasons.first?.contains("eve at 2026-11-24T05:00:02.000000Z, or cyd at 2026-11-24T05:00:03.000000Z") == true)
    }

    /// An item that comes into a list is new. Its number must mean the same in the answer.
    @Test(arguments: [("/rules/-", false, "cyd"), ("/rules/1", false, "cyd"), ("/rules/-", true, "cyd?")])
    func aRuleThatIsAddedHasItsAuthor(path: String, isHidden: Bool, author: String) {
        var log = Log()
        log.add(
            "create", Self.roleName, by: "dan", at: 1, request: Self.role(0, Self.reads("pods")), response: Self.role(10, Self.reads("pods")),
            code: 201)
        // eve's rule stands where cyd's would have come, had the record all.
        let others = isHidden ? [Self.reads("pods"), Self.all, Self.reads("*")] : [Self.reads("pods"), Self.all]
        let added = isHidden ? Self.reads("*") : Self.all
        let left = Self.role(12, others.joined(separator: ","))
        log.add("patch", Self.roleName, by: "cyd", at: 3, request: "[{\"op\":\"add\",\"path\":\"\(path)\",\"value\":\(added)}]", response: left)
        #expect(Self.author("rules[1].resources[=*]", log, of: Self.role) == author)
    }

    /// The server refuses a patch that names another version than the object has.
    @Test(arguments: [("10", "cyd"), ("11", "cyd?")])
    func aPatchThatNamesTheVersionProvesItsRules(read: String, author: String) {
        let patch = "{\"metadata\":{\"resourceVersion\":\"\(read)\"},\"rules\":[\(Self.reads("jobs")),\(Self.all)]}"
        #expect(Self.author("rules[1].verbs[=*]", Self.edited(.missing, by: patch), of: Self.role) == author)
    }

    // MARK: - Containers

    private static func web(_ version: Int, _ generation: Int?, _ fields: String) -> String {
        """
        {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","namespace":"shop","uid":"u1","resourceVersion":"\(version)"\
        \(generation.map { ",\"generation\":\($0)" } ?? "")},"spec":{"template":{"spec":{"containers":[{"name":"app","image":"web:1"\(fields)}]}}}}
        """
    }

    private static func container(_ fields: String, directive: Bool = true) -> String {
        let order = directive ? "\"$setElementOrder/containers\":[{\"name\":\"app\"}]," : ""
        return "{\"spec\":{\"template\":{\"spec\":{\(order)\"containers\":[{\"name\":\"app\"\(fields)}]}}}}"
    }

    private static let arguments = ",\"args\":[\"--a\",\"--admin\"]"
    private static let privileged = ",\"securityContext\":{\"privileged\":true}"
    private static let flag = "spec.template.spec.containers[app].securityContext.privileged"
    private static let argument = "spec.template.spec.containers[app].args[=--admin]"

    private static let replaced = "{\"containers\":[{\"name\":\"app\",\"image\":\"web:1\"\(privileged)}]}"

    /// cyd's patches after alice's creation, by what the server has counted since: this one, another one, or not known.
    @Test(arguments: [
        // A list as a whole.
        (container(arguments), arguments, argument, "cyd cyd? cyd?"),
        // A value by itself.
        (container(privileged), privileged, flag, "cyd cyd? cyd"),
        // Of which kind a patch is shows in what it leaves: a merge patch would have taken the image away.
        (container(privileged, directive: false), privileged, flag, "cyd cyd? cyd"),
        (container(",\"image\":\"web:1\"\(privileged)", directive: false), privileged, flag, "cyd cyd? cyd?"),
        // A container that is replaced.
        ("[{\"op\":\"replace\",\"path\":\"/spec/template/spec\",\"value\":\(replaced)}]", privileged, flag, "cyd cyd? cyd?"),
        (
            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"$patch\":\"replace\"},{\"name\":\"app\",\"image\":\"web:1\"\(privileged)}]}}}}",
            privileged, flag, "cyd cyd? cyd?"
        ),
        (container(",\"securityContext\":{\"$patch\":\"replace\",\"privileged\":true}"), privileged, flag, "cyd cyd? cyd?"),
        (
            "[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/securityContext\",\"value\":{\"privileged\":true}}]", privileged, flag,
            "cyd cyd? cyd?"
        ),
        // An object that was read before: its sender names what only the server writes.
        ("{\"metadata\":{\"generation\":7},\"spec\":{\"template\":{\"spec\":\(replaced)}}}", privileged, flag, "cyd? cyd? cyd?"),
        ("{\"metadata\":{\"creationTimestamp\":null},\"spec\":{\"template\":{\"spec\":\(replaced)}}}", privileged, flag, "cyd cyd? cyd?"),
        // A server-side apply says what its sender wants, item by item.
        (
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{},\"spec\":{\"template\":{\"spec\":\(replaced)}}}", privileged, flag,
            "cyd cyd? cyd"
        ),
    ])
    func whatIsReplacedAsAWholeIsNotProven(patch: String, fields: String, path: String, authors: String) throws {
        let found = [2, 3, nil].map { generation in
            var log = Log()
            let first = Self.web(10, 1, "")
            log.add("create", Self.name, by: "alice", at: 1, request: first, response: first, code: 201)
            log.add("patch", Self.name, by: "cyd", at: 3, request: patch, response: Self.web(14, generation, fields))
            return Self.author(path, log) ?? ""
        }
        #expect(found.joined(separator: " ") == authors, "\(patch)")
    }

    /// Nothing of a list that the first patch of a record sends is its sender's by proof.
    @Test func aRecordThatBeginsWithAPatchProvesNoList() throws {
        var log = Log()
        log.add(
            "patch", Self.roleName, by: "cyd", at: 3, request: "{\"rules\":[\(Self.reads("jobs")),\(Self.all)]}",
            response: Self.role(12, Self.reads("jobs"), Self.all))
        let result = try log.blame(Self.role, "rules[1].verbs")
        #expect(result.introduced?.strength == .recorded && result.introduced?.who == "cyd")
    }

    /// The status cannot change the spec, so a request for it without a body hides nobody.
    @Test func aBlindStatusHidesNobodyInTheSpec() {
        var log = Log()
        let first = Self.web(10, 1, "")
        log.add("create", Self.name, by: "alice", at: 1, request: first, response: first, code: 201)
        log.add("update", Self.name + "/status", by: "controller", at: 2)
        log.add("patch", Self.name, by: "cyd", at: 3, request: Self.container(Self.privileged), response: Self.web(14, 2, Self.privileged))
        #expect(Self.author(Self.flag, log) == "cyd")
        var jump = Log()
        jump.add("create", Self.name, by: "alice", at: 1, request: first, response: first, code: 201)
        jump.add("update", Self.name + "/status", by: "controller", at: 2)
        jump.add("patch", Self.name, by: "cyd", at: 3, request: Self.container(Self.privileged), response: Self.web(14, 3, Self.privileged))
        #expect(Self.author(Self.flag, jump) == "cyd?")
    }

    /// Where two parts of a value are of one request, and one of them is not proven, the whole is not.
    @Test func aValueIsAsSureAsItsLeastPart() throws {
        var log = Log()
        let first = Self.web(10, 1, "")
        log.add("create", Self.name, by: "alice", at: 1, request: first, response: first, code: 201)
        log.add(
            "patch", Self.name, by: "cyd", at: 3, request: Self.container(Self.arguments + Self.privileged),
            response: Self.web(14, nil, Self.arguments + Self.privileged))
        #expect(try log.blame(Log.deployment, "spec.template.spec.containers[app]").introduced?.strength == .recorded)
        #expect(try log.blame(Log.deployment, Self.flag).introduced?.strength == .proven)
    }
}
