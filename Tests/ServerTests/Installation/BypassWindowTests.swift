import Documents
import Kubernetes
import Testing

@testable import Server

struct BypassWindowTests {
    private static let start = Timestamp(secondsSinceEpoch: 1_800_000_000)

    private static func at(_ seconds: Int64) -> Timestamp { start.advanced(bySeconds: seconds) }

    @Test func silenceBeyondTheToleranceIsAWindow() {
        var log = BypassLog()
        #expect(log.beat(at: Self.at(0)) == nil, "before the first sign there was no webhook")
        #expect(log.beat(at: Self.at(45)) == nil)
        #expect(log.beat(at: Self.at(91)) == BypassWindow(start: Self.at(45), end: Self.at(91)))
        #expect(log.beat(at: Self.at(60)) == nil, "a clock that goes back")
        #expect(log.last == Self.at(91))
        #expect(log.windows.count == 1)
    }

    @Test func oldWindowsMergeRatherThanVanish() {
        var log = BypassLog()
        log.limit = 3
        for index in 0..<6 { _ = log.beat(at: Self.at(Int64(index) * 100)) }
        #expect(
            log.windows == [
                BypassWindow(start: Self.at(0), end: Self.at(300)), BypassWindow(start: Self.at(300), end: Self.at(400)),
                BypassWindow(start: Self.at(400), end: Self.at(500)),
            ])
    }

    @Test func windowsSurviveWritingAndReading() {
        let window = BypassWindow(start: Self.at(0), end: Self.at(5))
        #expect(window.description == "2027-01-15T08:00:00Z/2027-01-15T08:00:05Z")
        #expect(BypassWindow(window.description[...]) == window)
        for text in ["", "/", "2027-01-15T08:00:00Z", "2027-01-15T08:00:05Z/2027-01-15T08:00:00Z", "a/b"] { #expect(BypassWindow(text[...]) == nil) }
    }

    private static func changes(_ metadata: String) throws -> [UnreviewedChange] {
        let root = try #require(DocumentTree.parse("{apiVersion: v1, kind: Pod, metadata: \(metadata)}").tree.roots.first)
        let object = try KubernetesObject(root: root, apiVersion: "v1", kind: "Pod")
        return try BypassWindow.unreviewed(object, in: [window])
    }

    /// 08:01:40 to 08:03:20.
    private static let window = BypassWindow(start: at(100), end: at(200))

    private static let cases: [(metadata: String, what: [UnreviewedChange.What])] = [
        ("{name: a}", []), ("{name: a, creationTimestamp: '2027-01-15T08:00:00Z'}", []),
        ("{name: a, creationTimestamp: '2027-01-15T08:02:00Z'}", [.created]),
        ("{name: a, creationTimestamp: '2027-01-15T08:01:35Z'}", [.created]), ("{name: a, creationTimestamp: '2027-01-15T08:01:34Z'}", []),
        ("{name: a, creationTimestamp: '2027-01-15T08:03:25Z'}", [.created]), ("{name: a, creationTimestamp: '2027-01-15T08:03:26Z'}", []),
        (
            "{name: a, creationTimestamp: '2027-01-15T08:00:00Z', managedFields: [{manager: kubectl, time: '2027-01-15T08:02:00Z', fieldsV1: {'f:spec': {}}}]}",
            [.changed(manager: "kubectl")]
        ),
        (
            "{name: a, creationTimestamp: '2027-01-15T08:02:00Z', managedFields: [{manager: kubectl, time: '2027-01-15T08:02:00Z', fieldsV1: {'f:spec': {}}}]}",
            [.created]
        ),
        ("{name: a, managedFields: [{manager: kubelet, time: '2027-01-15T08:02:00Z', fieldsV1: {'f:status': {}}}]}", []),
        ("{name: a, managedFields: [{manager: kubelet, time: '2027-01-15T08:02:00Z', subresource: status}]}", []),
        (
            "{name: a, managedFields: [{manager: x, time: '2027-01-15T08:02:00Z', fieldsV1: {'f:status': {}, 'f:metadata': {}}}]}",
            [.changed(manager: "x")]
        ),
    ]

    @Test(arguments: cases) func whatCameInAWindowIsFound(metadata: String, what: [UnreviewedChange.What]) throws {
        #expect(try Self.changes(metadata).map(\.what) == what)
    }

    @Test func aTimeThatIsNoneIsAnError() throws {
        #expect(throws: WrongType.self) { try Self.changes("{name: a, creationTimestamp: 7}") }
    }
}
