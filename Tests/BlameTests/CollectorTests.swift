import Blame
import Documents
import Foundation
import Kubernetes
import Testing

/// Logs as they come: broken, repeated, of somebody else.
struct CollectorTests {
    private static let wanted = Selection([Log.deployment.name])

    private static var one: String {
        var log = Log()
        return log.add("patch", "deployments.apps shop/web", at: 1, request: "{\"spec\":{}}", response: Log.web(version: 1))
    }

    private static func take(_ text: String) -> AuditCollector {
        var collector = AuditCollector(wanted)
        collector.take(Array(text.utf8), of: "audit.log", first: 1)
        return collector
    }

    @Test(arguments: [
        ("", 0, "the text ends"), ("{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}", 0, "should be an Event of audit.k8s.io"), ("[1,2]", 0, "should be"),
        ("\"text\"", 0, "should be"), ("{} {}", 0, "one event in a line"), ("{\"kind\":\"Event\"", 0, "the text ends"), ("\u{1}", 0, ""),
        ("{\"kind\":7}", 0, "kind should be a string"),
    ])
    func brokenLinesAreCountedAndNamed(line: String, extra: Int, says: String) throws {
        let collector = Self.take("\(Self.one)\n\(line)\n\n\(Self.one.replacing("id-1", with: "id-2"))\n")
        #expect(collector.records.map(\.id) == ["id-1", "id-2"])
        #expect(collector.records.map(\.place.line) == [1, 4])
        guard !line.utf8.allSatisfy({ $0 <= 32 }) else { return #expect(collector.counts.unreadable == 0) }
        #expect(collector.counts.unreadable == 1 && collector.counts.lines == 3)
        let problem = try #require(collector.problems.first)
        #expect(problem.place.line == 2 && problem.message.contains(says), "\(problem.message)")
    }

    /// A line that was cut off anywhere is either unreadable or not there; it never becomes another event.
    @Test func cutLinesProveNothing() {
        let line = Self.one
        for length in stride(from: 1, to: line.utf8.count, by: 7) {
            let cut = String(decoding: Array(line.utf8)[..<length], as: UTF8.self)
            let collector = Self.take("\(cut)\n\(line)\n")
            #expect(collector.records.map(\.place.line) == [2], "cut at \(length)")
            #expect(collector.counts.unreadable == 1)
        }
    }

    /// However many lines are read at once.
    @Test func anEventIsInOneLine() {
        let collector = Self.take("{\"a\":\n1}\(Self.one)\n")
        #expect(collector.records.isEmpty && collector.counts.unreadable == 2 && collector.counts.events == 0)
        #expect(Self.take(" \(Self.one)\n\t\(Self.one.replacing("id-1", with: "id-2"))\n").records.map(\.id) == ["id-1", "id-2"])
    }

    /// Names may be escaped in JSON, and keys too.
    @Test func escapedNamesAreFound() {
        let escaped = Self.one.replacing("\"name\":\"web\",\"apiGroup\"", with: "\"n\\u0061me\":\"w\\u0065b\",\"apiGroup\"")
        #expect(escaped != Self.one && Self.take(escaped + "\n").records.count == 1)
    }

    /// The API server takes the last of two keys of one name; so does whoever reads its log.
    @Test func theLastOfRepeatedKeysCounts() {
        let twice = Self.one.replacing("\"verb\":\"patch\"", with: "\"verb\":\"get\",\"verb\":\"patch\"")
        #expect(Self.take(twice + "\n").records.map(\.verb) == ["patch"])
    }

    /// A patch stands in the log as it was sent. Keys that stand twice hide nobody, however many there are.
    @Test func repeatedKeysOfAPatchHideNobody() {
        let patch = "{\(String(repeating: "\"a\":1,", count: 300))\"spec\":{}}"
        let records = Self.take(Self.one.replacing("{\"spec\":{}}", with: patch) + "\n").records
        #expect(records.map(\.actor.authenticated.user) == ["alice"] && records.first?.request["a"].text == "1")
    }

    /// Go reads JSON as deep as 10,000. Who sent a body that is too deep for us is still known, and what was sent is not.
    @Test(arguments: [100, 9_990])
    func depthHidesNobody(levels: Int) throws {
        let patch = String(repeating: "{\"a\":", count: levels) + "1" + String(repeating: "}", count: levels)
        let deep = Self.one.replacing("{\"spec\":{}}", with: patch)
        let list = "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[\(deep),\(Self.one.replacing("id-1", with: "id-2"))]}"
        for text in [deep, list] {
            let collector = Self.take(text + "\n")
            let record = try #require(collector.records.first)
            #expect(record.actor.authenticated.user == "alice" && record.verb == "patch" && record.code == 200 && collector.counts.unreadable == 0)
            #expect(record.request.exists == (levels == 100) && record.response.exists == (levels == 100))
            #expect(record.level == (levels == 100 ? .requestResponse : .metadata))
        }
        #expect(Self.take(list + "\n").records.last?.request.exists == true, "others keep their bodies")
    }

    @Test func depthElsewhereIsNoEvent() {
        let odd = Self.one.replacing("\"code\":200", with: "\"code\":\(String(repeating: "[", count: 300))\(String(repeating: "]", count: 300))")
        #expect(Self.take(odd + "\n").counts.unreadable == 1)
        #expect(Self.take(String(repeating: "[", count: 100_000) + "\n").counts.unreadable == 1)
    }

    @Test func listsOfEventsAreOpened() {
        let list =
            "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[\(Self.one),\(Self.one.replacing("id-1", with: "id-2")),\(Self.one)]}"
        let collector = Self.take(list + "\n")
        #expect(collector.records.count == 2 && collector.counts.repeated == 1 && collector.counts.lines == 1 && collector.counts.events == 3)
    }

    @Test func memoryIsBounded() {
        var collector = AuditCollector(Self.wanted, mostBytes: 10_000)
        for number in 0..<200 {
            collector.take(Array((Self.one.replacing("id-1", with: "id-\(number)") + "\n").utf8), of: "audit.log", first: 1)
        }
        #expect(collector.records.count < 50 && collector.counts.dropped == 200 - collector.records.count)
    }

    @Test func manyProblemsAreNotListedEach() {
        let collector = Self.take(String(repeating: "x\n", count: 100))
        #expect(collector.counts.unreadable == 100 && collector.problems.count == 20)
    }

    @Test func whatWasKeptIsTheSameEvent() throws {
        var log = Log()
        log.add(
            "patch", "deployments.apps shop/web", by: "a\\\"b\\\\c\\u0001é", at: 1, request: "{\"spec\":{\"n\":1.5e3,\"l\":[true,null,{}]}}",
            response: Log.web(version: 1))
        let collector = log.collected(Self.wanted)
        let record = try #require(collector.records.first)
        var again = AuditCollector(Self.wanted)
        again.resume([(Array(record.kept.utf8)[...], record.place)], after: collector.counts)
        let same = try #require(again.records.first)
        #expect(same.actor == record.actor && same.id == record.id && FieldValue(same.request) == FieldValue(record.request))
        #expect(FieldValue(same.response) == FieldValue(record.response) && again.counts == collector.counts)
    }

    /// What is kept for later holds no Secret's content.
    @Test(arguments: [("secrets", "db"), ("serviceaccounts", "db/token")])
    func secretsAreNotKept(resource: String, name: String) throws {
        var log = Log()
        log.add(
            "create", "\(resource) shop/\(name)", at: 1, request: "{\"data\":{\"p\":\"aHVudGVyMg==\"}}",
            response: "{\"kind\":\"X\",\"status\":{\"token\":\"aHVudGVyMg==\"}}", code: 201)
        let collector = log.collected(Selection([ObjectName(group: "", resource: resource, namespace: "shop", name: "db")]))
        #expect(collector.records.count == 1 && collector.records.first?.kept.contains("aHVudGVyMg") == false)
    }

    @Test func selectionsSurviveAsText() {
        var selection = Self.wanted
        selection.insert(release: ObjectName(group: "", resource: "secrets", namespace: "shop", name: "sh.helm.release.v1.web"))
        selection.skipsStatus = true
        #expect(Selection(text: selection.text) == selection)
        #expect(Selection(address: "10.0.0.1").flatMap { Selection(text: $0.text) } == Selection(address: "10.0.0.1"))
        #expect(Selection(text: ["object\tapps"]) == nil && Selection(address: "10.0.0.0/8") == nil)
    }
}
