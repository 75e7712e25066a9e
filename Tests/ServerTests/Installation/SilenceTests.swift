import Documents
import Kubernetes
import Testing

@testable import Server

struct SilenceTests {
    private static let start = Timestamp(secondsSinceEpoch: 1_800_000_000)

    private static func at(_ seconds: Int64) -> Timestamp { start.advanced(bySeconds: seconds) }

    @Test func silenceBeyondTheToleranceIsNoted() {
        var log = SilenceLog()
        #expect(log.beat(at: Self.at(0)) == nil, "before the first sign there was no webhook")
        #expect(log.beat(at: Self.at(45)) == nil)
        #expect(log.beat(at: Self.at(91)) == Silence(start: Self.at(45), end: Self.at(91)))
        #expect(log.beat(at: Self.at(60)) == nil, "a clock that goes back")
        #expect(log.last == Self.at(91))
        #expect(log.silences.count == 1)
    }

    @Test func oldSilencesMergeRatherThanVanish() {
        var log = SilenceLog()
        log.limit = 3
        for index in 0..<6 { _ = log.beat(at: Self.at(Int64(index) * 100)) }
        #expect(
            log.silences == [
                Silence(start: Self.at(0), end: Self.at(300)), Silence(start: Self.at(300), end: Self.at(400)),
                Silence(start: Self.at(400), end: Self.at(500)),
            ])
    }

    @Test func silencesSurviveWritingAndReading() {
        let window = Silence(start: Self.at(0), end: Self.at(5))
        #expect(window.description == "2027-01-15T08:00:00Z/2027-01-15T08:00:05Z")
        #expect(Silence(window.description[...]) == window)
        for text in ["", "/", "2027-01-15T08:00:00Z", "2027-01-15T08:00:05Z/2027-01-15T08:00:00Z", "a/b"] { #expect(Silence(text[...]) == nil) }
    }

    private static func changes(_ metadata: String) throws -> [UnreviewedChange] {
        let root = try #require(DocumentTree.parse("{apiVersion: v1, kind: Pod, metadata: \(metadata)}").tree.roots.first)
        let object = try KubernetesObject(root: root, apiVersion: "v1", kind: "Pod")
        return try Silence.unreviewed(object, in: [silence])
    }

    /// 08:01:40 to 08:03:20.
    private static let silence = Silence(start: at(100), end: at(200))

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

    @Test(arguments: cases) func whatCameInASilenceIsFound(metadata: String, what: [UnreviewedChange.What]) throws {
        #expect(try Self.changes(metadata).map(\.what) == what)
    }

    @Test func theObjectsOfASilenceAreThoseOfTenants() throws {
        func object(_ name: String, _ namespace: String, _ created: String) throws -> KubernetesObject {
            let text =
                "{apiVersion: v1, kind: Pod, metadata: {name: \(name), namespace: \(namespace), uid: \(name)-1, creationTimestamp: \(created)}}"
            return try KubernetesObject(root: #require(DocumentTree.parse(text).tree.roots.first), apiVersion: "v1", kind: "Pod")
        }
        let quiet = Silence(start: Self.at(1_000), end: Self.at(2_000))
        let objects = [
            try object("a", "shop", "'2027-01-15T08:02:00Z'"), try object("b", "kube-system", "'2027-01-15T08:02:00Z'"),
            try object("c", "shop", "'2027-01-15T08:05:00Z'"), try object("d", "shop", "7"),
        ]
        let log = KnownSilences(exempt: ["kube-system"])
        #expect(log.inspector == nil, "without a silence nothing is asked")
        #expect(log.take([Self.silence, quiet]) == [Self.silence, quiet] && log.take([Self.silence, quiet]).isEmpty)
        let inspector = try #require(log.inspector)
        let said = objects.map(inspector)
        #expect(said[0]?.hasPrefix("created at 2027-01-15T08:02:00Z: no replica of the webhook gave a sign of life from ") == true)
        #expect(said[1] == nil && said[2] == nil)
        #expect(said[3]?.hasPrefix("metadata.creationTimestamp is no ") == true, "what cannot be judged is not called reviewed")
    }

    @Test func aTimeThatIsNoneIsAnError() throws {
        #expect(throws: WrongType.self) { try Self.changes("{name: a, creationTimestamp: 7}") }
    }
}
