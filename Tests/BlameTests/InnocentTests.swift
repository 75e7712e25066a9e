import Access
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

@testable import Blame

/// Nobody is named for what may have stood there before, and nobody hides behind somebody else.
struct InnocentTests {
    private static let name = "deployments.apps shop/web"
    private static let privileged = "spec.template.spec.containers[app].securityContext.privileged"
    private static let container =
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"securityContext\":{\"privileged\":true}}]}}}}"

    /// Who is the author of a field, `?` where that is not proven, nil where it has no value.
    private static func author(_ path: String, _ log: Log, of subject: Subject = Log.deployment) -> String? {
        let history = log.history(of: subject)
        var author: String?
        history.current?.state?.forEachLeaf { place, field in
            guard place.description == path else { return }
            author =
                (field.origin.latest < history.changes.count ? history.changes[field.origin.latest].actor.name : "")
                + (field.origin.isProven ? "" : "?")
        }
        return author
    }

    /// alice creates it; the server's answer shows it all.
    private static func created(answered: Bool = true, privileged: Bool? = nil) -> Log {
        var log = Log()
        let object = Log.web(version: 10, privileged: privileged)
        log.add("create", name, by: "alice", at: 1, request: object, response: answered ? object : nil, code: 201)
        return log
    }

    // MARK: - Ids that clients choose

    @Test(arguments: [2, 3])
    func anIdThatWasUsedBeforeHidesNobody(second: Int) throws {
        var log = Self.created()
        log.add(
            "patch", Self.name, by: "mallory", at: 2, request: "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}",
            response: Log.web(version: 11, labels: "\"a\":\"b\""), id: "X")
        log.add(
            "patch", Self.name, by: "mallory", at: second, request: Self.container,
            response: Log.web(version: 12, generation: 2, privileged: true, labels: "\"a\":\"b\""), id: "X")
        #expect(Self.author(Self.privileged, log) == "mallory")
        let collector = log.collected(Selection([Log.deployment.name]))
        #expect(collector.records.count == 3 && collector.counts.repeated == 0)
        #expect(collector.reused.map(\.place.line) == [3] && collector.reused.first?.message.contains("audit.log:2") == true)
    }

    /// The stages of one request are one line; the same id at another time is another request.
    @Test(arguments: ["exec", "attach", "portforward", "proxy"])
    func stagesOfOneRequestAreOneLine(subresource: String) {
        var log = Log()
        for (second, stage) in [(1, "ResponseStarted"), (1, "ResponseComplete"), (5, "ResponseComplete")] {
            log.add("create", "pods shop/web-7d9f-x2k/\(subresource)", by: "eve", at: second, code: 101, stage: stage, id: "X")
        }
        let history = log.history(of: Log.pod)
        #expect(history.changes.map(\.time) == ["2026-11-24T05:00:01.000000Z", "2026-11-24T05:00:05.000000Z"])
    }

    // MARK: - What was there before

    @Test func aScaleDoesNotShowTheRest() {
        var log = Log()
        let scale =
            "{\"kind\":\"Scale\",\"apiVersion\":\"autoscaling/v1\",\"metadata\":{\"name\":\"web\",\"resourceVersion\":\"50\"},\"spec\":{\"replicas\":3}}"
        log.add("update", Self.name + "/scale", by: "hpa", at: 1, request: scale, response: scale)
        log.add(
            "patch", Self.name, by: "carol", at: 2, request: "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}",
            response: Log.web(version: 52, generation: 9, replicas: 3, privileged: true, labels: "\"a\":\"b\""))
        #expect(Self.author(Self.privileged, log) == "carol?" && Self.author("metadata.labels.a", log) == "carol")
        #expect(Self.author("spec.replicas", log) == "hpa")
        #expect(log.history(of: Log.deployment).changes[1].differences.map { "\($0.path)" } == ["metadata"])
    }

    @Test func aPatchDoesNotShowTheRest() {
        var log = Log()
        log.add("patch", Self.name, by: "alice", at: 1, request: "{\"spec\":{\"replicas\":3}}")
        log.add("update", Self.name, by: "carol", at: 2, request: Log.web(version: 51, replicas: 3, privileged: true))
        #expect(Self.author(Self.privileged, log) == "carol?" && Self.author("spec.replicas", log) == "alice")
    }

    /// Kinds whose changes the server does not count.
    @Test(arguments: [("10", "patch", "carol?"), ("10", "update", "carol"), ("11", "update", "carol?"), ("", "update", "carol?")])
    func onlyTheVersionThatWasReadShowsThatNothingCameBetween(read: String, verb: String, author: String) {
        func role(_ verbs: String, _ version: String) -> String {
            """
            {"kind":"ClusterRole","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"ops","uid":"r1","resourceVersion":"\(version)"},\
            "rules":[{"resources":["secrets"],"verbs":["\(verbs)"]}]}
            """
        }
        var log = Log()
        let name = "clusterroles.rbac.authorization.k8s.io /ops"
        log.add("create", name, by: "alice", at: 1, request: role("get", ""), response: role("get", "10"), code: 201)
        let body = verb == "patch" ? "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}" : role("*", read)
        log.add(verb, name, by: "carol", at: 3, request: body, response: role("*", "12"))
        let subject = Subject(
            ObjectName(group: "rbac.authorization.k8s.io", resource: "clusterroles", namespace: "", name: "ops"), kind: "ClusterRole")
        #expect(Self.author("rules[0].verbs[=*]", log, of: subject) == author)
        #expect(log.history(of: subject).current?.gaps.isEmpty == (author == "carol"))
    }

    /// One step of the generation may be that of a request that is missing; what the client had read tells.
    @Test(arguments: [("11", 1, 2, "carol"), ("11", 2, 2, "carol?"), ("11", 1, 3, "carol?"), ("", 1, 2, "carol?")])
    func theGenerationMustHaveBeenRead(read: String, had: Int, generation: Int, author: String) {
        var log = Self.created()
        let body = Log.web(version: 0, generation: had, privileged: true).replacing(
            "\"resourceVersion\":\"0\"", with: "\"resourceVersion\":\"\(read)\"")
        log.add("update", Self.name, by: "carol", at: 3, request: body, response: Log.web(version: 12, generation: generation, privileged: true))
        #expect(Self.author(Self.privileged, log) == author)
    }

    /// Without an answer a whole object may hold what its sender has only read.
    @Test func whatWasSentBackIsNotTheSendersWork() {
        var log = Self.created(answered: false)
        log.add("update", Self.name, by: "carol", at: 3, request: Log.web(version: 17, replicas: 3, privileged: true))
        #expect(Self.author(Self.privileged, log) == "carol?" && Self.author("spec.replicas", log) == "carol?")
        var known = Self.created()
        known.add("update", Self.name, by: "carol", at: 3, request: Log.web(version: 10, replicas: 3))
        #expect(Self.author("spec.replicas", known) == "carol", "the server had shown version 10, and she wrote over that")
    }

    // MARK: - JSON patches

    private static let test = "{\"op\":\"test\",\"path\":\"/spec/template/spec/containers/0/securityContext/privileged\",\"value\":true}"

    @Test(arguments: [false, true])
    func whatAPatchTestsItDoesNotSet(isBlind: Bool) throws {
        var log = Self.created()
        if isBlind { log.add("patch", Self.name, by: "bob", at: 2) }
        let left = Log.web(version: 17, generation: isBlind ? 3 : 2, replicas: 3, privileged: true)
        log.add(
            "patch", Self.name, by: "aksService", at: 3, request: "[\(Self.test),{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":3}]",
            response: left)
        // What it sets may have stood there before, by the request of which the log has no body.
        #expect(Self.author(Self.privileged, log) == "aksService?" && Self.author("spec.replicas", log) == (isBlind ? "aksService?" : "aksService"))
        // A scan believes the same.
        let tree = DocumentTree.parse(left, source: "dump.json").tree
        let object = try #require(SourceObjects(tree).objects.first)
        let writes = AuditedWrites(log.collected(Selection([Log.deployment.name])).records, inventory: Inventory([object]))
        let spec = object.root["spec"]
        let container = try #require(Array(try spec["template"]["spec"]["containers"].items()).first)
        #expect(writes.writer(of: container["securityContext"]["privileged"], missing: "", in: object) == nil)
        #expect(writes.writer(of: spec["replicas"], missing: "", in: object)?.user == (isBlind ? nil : "aksService"))
    }

    /// An index means what it meant when its operation came, and only where the answer agrees.
    @Test(arguments: [
        ("[{\"op\":\"add\",\"path\":\"/l/1/v\",\"value\":1},{\"op\":\"add\",\"path\":\"/l/0\",\"value\":{\"name\":\"new\"}}]", "l[b].v l[new]"),
        ("[{\"op\":\"remove\",\"path\":\"/l/0\"},{\"op\":\"add\",\"path\":\"/l/0/v\",\"value\":1}]", "l[b].v"),
        ("[{\"op\":\"add\",\"path\":\"/l/-\",\"value\":{\"name\":\"new\"}},{\"op\":\"remove\",\"path\":\"/l/2\"}]", ""),
        ("[{\"op\":\"copy\",\"from\":\"/m\",\"path\":\"/l/0/v\"},{\"op\":\"move\",\"from\":\"/m\",\"path\":\"/n\"}]", "l[a].v n m"),
        ("[{\"op\":\"test\",\"path\":\"/m\",\"value\":1},{\"op\":\"remove\",\"path\":\"/m\"}]", "m"),
    ])
    func indexesAreFollowed(patch: String, places: String) throws {
        func value(_ text: String) -> FieldValue {
            DocumentTree.parse(Array(text.utf8), source: "x", syntax: .json).tree.roots.first.map { FieldValue($0) } ?? .null
        }
        let old = value("{\"l\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"m\":1}")
        let json = JSONPatch(try #require(value(patch).list))
        let new = try json.applied(to: old)
        #expect(json.places(in: old, answer: new).map { FieldPath(Array($0.steps)).description }.joined(separator: " ") == places)
        // A webhook that puts something first makes indexes mean something else.
        guard case .map(var map) = new, let items = new["l"]?.list else { return }
        map[.init("l")] = .list([value("{\"name\":\"w\"}")] + items)
        #expect(!json.places(in: old, answer: .map(map)).contains { "\(FieldPath(Array($0.steps)))".hasPrefix("l[") })
        #expect(!json.places(in: nil, answer: nil).contains { "\(FieldPath(Array($0.steps)))".hasPrefix("l[") })
    }

    // MARK: - Deletions

    @Test(arguments: [true, false])
    func whatFollowsADeletionIsAnotherObject(hasBody: Bool) {
        var log = Self.created(answered: false, privileged: true)
        log.add("delete", Self.name, by: "bob", at: 2, request: hasBody ? "{\"kind\":\"DeleteOptions\"}" : nil)
        log.add("patch", Self.name, by: "carol", at: 3, request: "{\"spec\":{\"replicas\":5}}")
        #expect(Self.author(Self.privileged, log) == nil && Self.author("spec.replicas", log) == "carol")
        let history = log.history(of: Log.deployment)
        #expect(history.lives.count == 2 && history.current?.gaps.first == .beginsLater("2026-11-24T05:00:03.000000Z"))
    }

    /// Level Metadata does not show that a deletion was a trial.
    @Test func aDeletionWithoutABodyMayBeATrial() throws {
        var log = Self.created(privileged: true)
        log.add("delete", Self.name, by: "bob", at: 2)
        #expect(log.history(of: Log.deployment).current?.deleted == nil && Self.author(Self.privileged, log) == "alice")
        let result = try log.blame(Log.deployment)
        #expect(result.timeline.last?.deed == "may have deleted (or tried)" && result.timeline.last?.strength == .recorded)
        #expect(result.gaps.contains { $0.contains("has no body in the log, so whether it deleted the object") })
        // An answer with its uid shows that it lives on.
        log.add(
            "patch", Self.name, by: "carol", at: 3, request: "{\"spec\":{\"replicas\":5}}",
            response: Log.web(version: 11, generation: 2, replicas: 5, privileged: true))
        #expect(log.history(of: Log.deployment).lives.count == 1 && Self.author(Self.privileged, log) == "alice")
    }

    // MARK: - What may be gone

    @Test func whatAnApplyNamesNoMoreIsNotProven() {
        var log = Log()
        for (second, flag) in [(1, true), (2, nil as Bool?)] {
            let code = second == 1 ? 201 : 200
            log.add(
                "patch", Self.name, by: "alice", at: second, request: Log.web(version: 0, privileged: flag), code: code,
                query: "fieldManager=k&force=true")
        }
        #expect(Self.author(Self.privileged, log) == "alice?" && Self.author("spec.template.spec.containers[app].image", log) == "alice")
    }

    @Test func whatAMergePatchMayHaveReplacedIsNotProven() {
        var log = Self.created(answered: false, privileged: true)
        let patch = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"web:2\"}]}}}}"
        log.add("patch", Self.name, by: "carol", at: 2, request: patch)
        #expect(Self.author(Self.privileged, log) == "alice?" && Self.author("spec.replicas", log) == "alice")
        #expect(Self.author("spec.template.spec.containers[app].image", log) == "carol?", "a merge patch says the whole list")
    }

    // MARK: - Values that nobody asked for

    @Test(arguments: [("env", "\"env\":[{\"name\":\"DB\",\"value\":\"V\"}]", "env[DB].value"), ("key", "\"apiToken\":\"V\"", "apiToken")])
    func whatMayBeACredentialIsHidden(name: String, field: String, path: String) throws {
        func web(_ version: Int, _ value: String) -> String {
            Log.web(version: version, generation: version).replacing(
                "\"image\":\"web:1\"", with: "\"image\":\"web:1\"," + field.replacing("V", with: value))
        }
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: web(1, "hunter1"), response: web(1, "hunter1"), code: 201)
        log.add("update", Self.name, by: "bob", at: 2, request: web(1, "hunter2"), response: web(2, "hunter2"))
        let extra = web(3, "hunter2").replacing(
            "\"containers\":[", with: "\"containers\":[{\"name\":\"side\",\(field.replacing("V", with: "hunter3"))},")
        log.add(
            "update", Self.name, by: "carol", at: 3, request: extra.replacing("\"resourceVersion\":\"3\"", with: "\"resourceVersion\":\"2\""),
            response: extra)
        for asked in [nil, "spec.replicas", "spec.template.spec.containers"] {
            let result = try log.blame(Log.deployment, asked)
            let shown = "\(result.timeline.map(\.details)) \(result.answers.map { $0.shownValue ?? "" })"
            #expect(!shown.contains("hunter") && shown.contains("\(path): (hidden) → (hidden)"), "\(shown)")
        }
        let result = try log.blame(Log.deployment, "spec.template.spec.containers[app].\(path)")
        #expect(result.timeline[1].details == ["spec.template.spec.containers[app].\(path): \"hunter1\" → \"hunter2\""])
        #expect(result.introduced?.shownValue == "\"hunter2\"" && !"\(result.timeline[2].details)".contains("hunter3"))
    }

    @Test func configurationIsHidden() throws {
        func map(_ version: Int, _ value: String) -> String {
            "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"c\",\"namespace\":\"shop\",\"uid\":\"c1\",\"resourceVersion\":\"\(version)\"},\"data\":{\"a\":\"\(value)\"}}"
        }
        var log = Log()
        log.add("create", "configmaps shop/c", at: 1, request: map(1, "x1"), response: map(1, "x1"), code: 201)
        log.add("update", "configmaps shop/c", at: 2, request: map(1, "x2"), response: map(2, "x2"))
        let subject = Subject(ObjectName(group: "", resource: "configmaps", namespace: "shop", name: "c"), kind: "ConfigMap")
        #expect(try log.blame(subject).timeline.last?.details == ["data.a: (hidden) → (hidden)"])
        #expect(try log.blame(subject, "data.a").timeline.last?.details == ["data.a: \"x1\" → \"x2\""])
    }

    // MARK: - Large lists

    /// The keys of a list are worked out once, however many places inside are asked about.
    @Test func keysOfAListAreWorkedOutOnce() throws {
        let items = (0..<50).map { "{\"name\":\"c\($0)\",\"v\":\($0)}" }.joined(separator: ",")
        let root = try #require(DocumentTree.parse(Array("{\"containers\":[\(items)]}".utf8), source: "x", syntax: .json).tree.roots.first)
        let keys = ListKeys()
        for (index, item) in try root["containers"].items().enumerated() {
            let path = FieldPath(of: item["v"], in: root) { keys.keys(of: $0, named: $1, in: root, of: Log.deployment.name) }
            #expect(path?.description == "containers[c\(index)].v")
        }
        #expect(keys.count == 1)
        let state = ObjectHistory.state(of: root)
        var asked = 0
        for index in [0, 49, 50] {
            let path = FieldPath([.key(.init("containers")), .item(.merge([.init("c\(index)")])), .key(.init("v"))])
            let found = Blamer.find(path, in: state) {
                asked += 1
                return keys.position(of: $0, among: $1, at: $2, of: Log.deployment.name)
            }
            if case .field(let field, _)? = found { #expect(field.plain.summary() == "\(index)") } else { #expect(index == 50) }
        }
        #expect(asked == 3)
    }

    @Test func finalizersAreASet() {
        let patch = StrategicMerge.applied(
            .map([.init("finalizers"): .list(["b", "c", "c"].map { .string(.init($0)) })]),
            to: .map([.init("finalizers"): .list(["a", "b"].map { .string(.init($0)) })]), list: "")
        #expect(patch["finalizers"]?.list?.compactMap(\.text) == ["a", "b", "c"])
    }
}
