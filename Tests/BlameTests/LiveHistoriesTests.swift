import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

@testable import Blame

/// Histories that grow event by event say what the whole log says, and less where something is missing, never something else.
struct LiveHistoriesTests {
    private static let name = "deployments.apps shop/web"
    private static let kinds: Set<String> = ["Deployment", "Pod", "ConfigMap"]

    private static func take(_ lines: [String], into live: inout LiveHistories, first: Int = 1) -> Set<String> {
        live.take(lines.map { Array($0.utf8)[...] }, of: "audit.log", first: first)
    }

    private static func live(_ lines: [String], atOnce: Int = 1, _ limits: LiveHistories.Limits = LiveHistories.Limits()) -> LiveHistories {
        var live = LiveHistories(kinds: kinds, limits: limits)
        for start in stride(from: 0, to: lines.count, by: atOnce) {
            _ = take(Array(lines[start..<min(start + atOnce, lines.count)]), into: &live, first: start + 1)
        }
        return live
    }

    /// Who wrote each field, `?` where that is not proven.
    private static func authors(_ history: ObjectHistory?) -> [String: String] {
        var authors: [String: String] = [:]
        history?.current?.state?.forEachLeaf { path, field in
            authors[path.description] = (history?.changes[field.origin.latest].actor.name ?? "") + (field.origin.isProven ? "" : "?")
        }
        return authors
    }

    private static func authors(_ live: LiveHistories) -> [String: String] { authors(live.moment.histories[Log.deployment.name]) }

    /// Three people at random, each sets an image, a privilege or a number; 20 seconds pass between two.
    private static func edits(_ count: Int, seed: Int) -> Log {
        var dice = RandomEditTests.Dice(state: UInt64(seed))
        var (log, replicas, image, privileged) = (Log(), 1, 1, false)
        let first = Log.web(version: 1)
        log.add("create", name, by: "ann", at: 1, request: first, response: first, code: 201)
        for number in 2...count {
            let user = ["ann", "bob", "carol"].randomElement(using: &dice) ?? ""
            let body: String
            switch Int.random(in: 0..<3, using: &dice) {
            case 0:
                replicas += 1
                body = "{\"spec\":{\"replicas\":\(replicas)}}"
            case 1:
                image += 1
                body = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"web:\(image)\"}]}}}}"
            default:
                privileged.toggle()
                body =
                    "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"securityContext\":{\"privileged\":\(privileged)}}]}}}}"
            }
            let answer = Log.web(version: number, generation: number, replicas: replicas, image: "web:\(image)", privileged: privileged)
            log.add("patch", name, by: user, at: number * 20, request: body, response: answer)
        }
        return log
    }

    @Test(arguments: 0..<12, [1, 7, 200])
    func theyComeToWhatTheWholeLogSays(seed: Int, atOnce: Int) {
        let log = Self.edits(120, seed: seed)
        let live = Self.live(log.lines, atOnce: atOnce)
        #expect(Self.authors(live) == Self.authors(log.history(of: Log.deployment)) && live.dropped == 0 && live.taken == 120)
        #expect(Self.authors(live).count > 3)
    }

    /// Batches of several servers overtake each other, and come twice.
    @Test(arguments: 0..<12)
    func orderAndRepetitionsWithinTheWindowDoNotMatter(seed: Int) {
        let log = Self.edits(100, seed: seed)
        var dice = RandomEditTests.Dice(state: UInt64(seed))
        var lines: [String] = []
        for start in stride(from: 0, to: 100, by: 10) {
            let batch = Array(log.lines[start..<start + 10])
            lines += batch.shuffled(using: &dice)
            if Bool.random(using: &dice) { lines += batch }
            // Of long ago: it was carried out already, and is known.
            if start >= 40, Bool.random(using: &dice) { lines += log.lines[start - 40..<start - 30] }
        }
        let live = Self.live(lines, atOnce: 3)
        #expect(Self.authors(live) == Self.authors(log.history(of: Log.deployment)) && live.dropped == 0 && live.taken == 100)
    }

    @Test func whatComesTooLateMakesTheRestUnknown() {
        let log = Self.edits(60, seed: 1)
        var lines = log.lines
        let late = lines.remove(at: 10)
        var live = Self.live(lines)
        #expect(live.dropped == 0 && live.count == 1)
        #expect(Self.take([late], into: &live) == ["shop"])
        #expect(live.dropped == 1 && live.count == 0 && Self.authors(live).isEmpty)
        // It begins anew: what stood there has no author, what comes has.
        var more = log
        more.add(
            "patch", Self.name, by: "dora", at: 1_300, request: "{\"spec\":{\"replicas\":99}}",
            response: Log.web(version: 900, generation: 900, replicas: 99, image: "web:1", privileged: true))
        _ = Self.take([more.lines[60]], into: &live)
        let authors = Self.authors(live)
        #expect(authors["spec.replicas"] == "dora" && authors["spec.template.spec.containers[app].securityContext.privileged"] == "dora?")
    }

    // MARK: - Limits

    @Test func memoryIsBoundedAndTheLongestSilentGo() {
        var limits = LiveHistories.Limits()
        limits.bytes = 200_000
        var log = Log()
        for number in 0..<200 {
            let answer = Log.web(version: number + 1).replacing("\"web\"", with: "\"web-\(number)\"")
            log.add("create", "deployments.apps shop/web-\(number)", at: number, request: answer, response: answer, code: 201)
        }
        let live = Self.live(log.lines, atOnce: 5, limits)
        #expect(live.bytes <= 200_000 && live.count > 5 && live.count + live.dropped == 200)
        let kept = Set(live.moment.histories.keys.map(\.name))
        #expect(kept == Set((200 - live.count..<200).map { "web-\($0)" }), "the newest stay")
    }

    /// One event about a hundred objects is in memory once.
    @Test func aCollectionThatIsDeletedDropsNothing() {
        var log = Log()
        for number in 0..<100 {
            let answer = Log.web(version: number + 1).replacing("\"web\"", with: "\"web-\(number)\"")
            log.add("create", "deployments.apps shop/web-\(number)", at: number, request: answer, response: answer, code: 201)
        }
        var limits = LiveHistories.Limits()
        limits.bytes = Self.live(log.lines, atOnce: 10).bytes * 2
        let items = (0..<100).map { Log.web(version: 200 + $0).replacing("\"web\"", with: "\"web-\($0)\"") }.joined(separator: ",")
        log.add("deletecollection", "deployments.apps shop/", by: "bob", at: 150, response: "{\"kind\":\"DeploymentList\",\"items\":[\(items)]}")
        let live = Self.live(log.lines, atOnce: 10, limits)
        #expect(live.dropped == 0 && live.count == 100)
    }

    /// Whoever creates and deletes the same name again and again leaves no more behind than the last of them took.
    @Test func whatIsGoneTakesNoRoom() throws {
        var log = Log()
        for number in 0..<100 {
            let answer = Log.web(version: number + 1).replacing("\"uid\":\"", with: "\"uid\":\"\(number)-")
            log.add("create", Self.name, at: 2 * number, request: answer, response: answer, code: 201)
            log.add("delete", Self.name, at: 2 * number + 1, response: "{\"kind\":\"Status\",\"status\":\"Success\"}")
        }
        let history = try #require(Self.live(log.lines).moment.histories[Log.deployment.name])
        #expect(history.lives.count == 100 && history.lives.dropLast().allSatisfy { $0.state == nil })
    }

    @Test func anObjectThatChangesWithoutEndBeginsAnew() {
        var limits = LiveHistories.Limits()
        (limits.changes, limits.waiting) = (50, 8)
        let log = Self.edits(130, seed: 3)
        let live = Self.live(log.lines, limits)
        #expect(live.dropped == 2 && live.taken == 130)
        let whole = Self.authors(log.history(of: Log.deployment))
        for (path, author) in Self.authors(live) where !author.hasSuffix("?") { #expect(author == whole[path], "\(path)") }
    }

    @Test func whatIsGoneIsForgottenAndCountsAreKept() throws {
        var live = Self.live(Self.edits(10, seed: 2).lines)
        let now = try #require(Timestamp("2026-11-24T06:00:00Z"))
        let web = SourceObjects(DocumentTree.parse(Array(Log.web(version: 10).utf8), source: "x", syntax: .json).tree).objects
        live.keep(Inventory(web), at: now)
        #expect(live.count == 1 && live.bytes > 0)
        live.keep(Inventory([]), at: try #require(Timestamp("2026-11-24T05:05:00Z")))
        #expect(live.count == 1, "the watch may tell of it later than the log")
        live.keep(Inventory([]), at: now)
        #expect(live.count == 0 && live.bytes == 0 && live.dropped == 0)
        live = Self.live(Self.edits(10, seed: 2).lines)
        live.clear()
        #expect(live.count == 0 && live.bytes == 0 && live.dropped == 1)
    }

    // MARK: - What is taken

    @Test func onlyWhatChangesWhatIsJudgedIsTaken() {
        var log = Log()
        let answer = Log.web(version: 2)
        log.add("get", Self.name, at: 1, response: answer)
        log.add("patch", "\(Self.name)/status", at: 2, request: "{}", response: answer)
        log.add("patch", Self.name, at: 3, request: "{}", code: 403)
        log.add("patch", Self.name, at: 4, request: "{}", response: answer, query: "dryRun=All")
        log.add("update", "leases.coordination.k8s.io kube-system/a", at: 5, request: "{}")
        log.add("create", "pods shop/web-1/exec", at: 6, code: 101)
        log.add("create", "pods shop/web-1", by: "system:serviceaccount:kube-system:replicaset-controller", at: 7, request: "{}", code: 201)
        var live = Self.live(log.lines + ["{\"kind\":", "{}"])
        #expect(live.count == 0 && live.taken == 0 && live.unreadable == 1)
        log.add("create", "pods shop/mine", by: "bob", at: 8, request: "{}", code: 201)
        #expect(Self.take([log.lines[7]], into: &live) == ["shop"] && live.taken == 1)
    }

    @Test func aCollectionTakesWhatItListsWithIt() {
        var log = Self.edits(3, seed: 1)
        log.add(
            "deletecollection", "deployments.apps shop/", by: "bob", at: 100,
            response: "{\"kind\":\"DeploymentList\",\"items\":[{\"metadata\":{\"name\":\"web\",\"uid\":\"u1\"}}]}")
        let history = Self.live(log.lines).moment.histories[Log.deployment.name]
        #expect(history?.current?.deleted != nil)
    }

    /// A record for attribution, as of a moment.
    @Test func theyProveForAttribution() throws {
        var log = Log()
        let made = Log.web(version: 1)
        log.add("create", Self.name, by: "ann", at: 1, request: made, response: made, code: 201)
        let body = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"securityContext\":{\"privileged\":true}}]}}}}"
        let answer = Log.web(version: 2, generation: 2, privileged: true)
        log.add("patch", Self.name, by: "bob", at: 2, request: body, response: answer)
        let object = try #require(SourceObjects(DocumentTree.parse(Array(answer.utf8), source: "dump", syntax: .json).tree).objects.first)
        let writes = AuditedWrites(Self.live(log.lines).moment, inventory: Inventory([object]))
        let pod = try #require(object.pod)
        let place = try #require(pod.containers.first).node["securityContext"]["privileged"]
        let writer = try #require(writes.anew.writer(of: place, missing: "", in: object))
        #expect(writer.user == "bob" && writer.evidence == "audit event audit.log:2" && writer.wasAsked)
        // The cluster is further than the record, or behind it: somebody else may have written the same value meanwhile.
        for generation in [1, 3] {
            let other = Log.web(version: 9, generation: generation, privileged: true)
            let object = try #require(SourceObjects(DocumentTree.parse(Array(other.utf8), source: "dump", syntax: .json).tree).objects.first)
            let pod = try #require(object.pod)
            let place = try #require(pod.containers.first).node["securityContext"]["privileged"]
            #expect(writes.anew.writer(of: place, missing: "", in: object) == nil)
        }
    }

    /// What the server fills in by itself takes nothing from whoever wrote the rest.
    @Test func partsThatTheServerFillsInAreNobodys() throws {
        func binding(_ group: String) -> String {
            """
            {"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"b","uid":"u1","resourceVersion":"1"},\
            "subjects":[{"kind":"User","name":"eve"\(group)}],"roleRef":{"kind":"ClusterRole","name":"cluster-admin"\(group)}}
            """
        }
        let answer = binding(",\"apiGroup\":\"rbac.authorization.k8s.io\"")
        var log = Log()
        log.add("create", "clusterrolebindings.rbac.authorization.k8s.io /b", by: "bob", at: 1, request: binding(""), response: answer, code: 201)
        let object = try #require(SourceObjects(DocumentTree.parse(Array(answer.utf8), source: "dump", syntax: .json).tree).objects.first)
        let inventory = Inventory([object])
        let writes = AuditedWrites(log.collected(AuditedWrites.selection(for: inventory)).records, inventory: inventory)
        let subjects = try Array(object.root["subjects"].items())
        let subject = try #require(subjects.first)
        #expect(writes.writer(of: subject, missing: "", in: object)?.wasAsked == true)
        #expect(writes.writer(of: subject["apiGroup"], missing: "", in: object)?.wasAsked == false)
        #expect(writes.writer(of: subject["name"], missing: "", in: object)?.wasAsked == true)
    }
}
