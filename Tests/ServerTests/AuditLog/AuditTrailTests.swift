import Controls
import Documents
import Foundation
import Kubernetes
import Logging
import Reports
import Responsibility
import Synchronization
import Testing

@testable import Blame
@testable import Server

/// What a folder of audit events and what comes after it prove about the objects of a cluster.
@Suite(.timeLimit(.minutes(20)))
struct AuditTrailTests {
    private static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)

    private static func deployment(_ name: String, version: Int, privileged: Bool) -> String {
        """
        {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"\(name)","namespace":"shop","uid":"u-\(name)","resourceVersion":"\(version)",\
        "generation":\(version)},"spec":{"template":{"spec":{"containers":[{"name":"app","image":"r/app","securityContext":{"privileged":\(privileged)}}]}}}}
        """
    }

    /// What an API server sends of a request: the first creates the object, later ones write the privilege.
    private static func event(_ name: String, _ number: Int, by user: String, privileged: Bool = true) -> String {
        let answer = deployment(name, version: number, privileged: privileged)
        let body =
            number == 1
            ? answer
            : "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"securityContext\":{\"privileged\":\(privileged)}}]}}}}"
        let time = "2026-06-14T0\(number):00:00"
        return """
            {"level":"RequestResponse","auditID":"\(name)-\(number)","stage":"ResponseComplete","requestURI":"/x","verb":"\(number == 1 ? "create" : "patch")",\
            "user":{"username":"\(user)","groups":["system:authenticated"]},"objectRef":{"resource":"deployments","apiGroup":"apps","namespace":"shop",\
            "name":"\(name)"},"responseStatus":{"code":\(number == 1 ? 201 : 200)},"requestObject":\(body),"responseObject":\(answer),\
            "requestReceivedTimestamp":"\(time).000000Z","stageTimestamp":"\(time).500000Z"}
            """
    }

    private static func lines(_ events: String...) throws -> [[UInt8]] {
        try AuditEvents(Array(#"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[\#(events.joined(separator: ","))]}"#.utf8)).lines
    }

    /// Runs a trail over a folder; `body` gets it with what it says has changed, nil for all.
    private static func following(
        mostQueuedBytes: Int = 1 << 20, before: (AuditStore) async throws -> Void = { _ in },
        _ body: @Sendable (AuditTrail, AuditStore, AsyncStream<Set<String>?>, MetricRegistry) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-trail-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await before(AuditStore(folder: folder.path, now: { now }))
        let registry = MetricRegistry()
        // A moment later, as another run would.
        let store = AuditStore(folder: folder.path, now: { now.advanced(bySeconds: 1) })
        let trail = AuditTrail(
            store, kinds: ["Deployment"], mostQueuedBytes: mostQueuedBytes, registry: registry,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (changes, sink) = AsyncStream<Set<String>?>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await trail.run { sink.yield($0) } }
            try await body(trail, store, changes, registry)
            group.cancelAll()
        }
    }

    /// Who is proven to have written the privilege, and by what.
    private static func writer(_ trail: AuditTrail, _ name: String, version: Int, privileged: Bool = true) throws -> ProvenWriter? {
        let text = deployment(name, version: version, privileged: privileged)
        let object = try #require(SourceObjects(DocumentTree.parse(text, source: "cluster").tree).objects.first)
        let pod = try #require(object.pod)
        let place = try #require(pod.containers.first).node["securityContext"]["privileged"]
        return trail.writes(for: Inventory([object])).writer(of: place, missing: "", in: object)
    }

    @Test func whatIsStoredAndWhatComesAreOneRecord() async throws {
        try await Self.following(before: { try await $0.append(Self.lines(Self.event("web", 1, by: "ann"), Self.event("db", 1, by: "dora"))) }) {
            trail, store, changes, registry in
            #expect(await changes.next() == .some(nil) && trail.isCaughtUp, "all may have another author now")
            let first = try #require(try Self.writer(trail, "web", version: 1))
            #expect(first.user == "ann" && first.evidence.firstMatch(of: /^audit event audit-\d+-\d+-000001\.jsonl:1$/) != nil, "\(first.evidence)")
            #expect(try Self.writer(trail, "db", version: 1)?.evidence.hasSuffix(".jsonl:2") == true)
            #expect(trail.latest != nil)

            try await store.append(Self.lines(Self.event("web", 2, by: "bob", privileged: false)))
            try await store.append(Self.lines(Self.event("web", 3, by: "carol")))
            var told: Set<String> = []
            while try Self.writer(trail, "web", version: 3)?.user != "carol" { told.formUnion((await changes.next() ?? nil) ?? ["all"]) }
            #expect(told.isSubset(of: ["shop"]))
            // A value that differs from what the record shows has no author in it.
            #expect(try Self.writer(trail, "web", version: 3, privileged: false) == nil)
            let metrics = String(decoding: registry.text(), as: UTF8.self)
            #expect(metrics.contains("\ndemarc_audit_histories 2\n") && metrics.contains("\ndemarc_audit_histories_dropped_total 0\n"))
        }
    }

    /// Where more comes than can be kept until it is taken, what was known before is not known now.
    @Test func whatIsTornProvesNothing() async throws {
        try await Self.following(mostQueuedBytes: 10, before: { try await $0.append(Self.lines(Self.event("web", 1, by: "ann"))) }) {
            trail, store, changes, registry in
            #expect(await changes.next() == .some(nil))
            #expect(try Self.writer(trail, "web", version: 1)?.user == "ann")
            try await store.append(Self.lines(Self.event("db", 1, by: "dora")))
            #expect(await changes.next() == .some(nil))
            #expect(try Self.writer(trail, "web", version: 1) == nil)
            #expect(String(decoding: registry.text(), as: UTF8.self).contains("\ndemarc_audit_histories_dropped_total 1\n"))
        }
    }

    @Test func aFolderThatIsNotThereIsEmpty() async throws {
        try await Self.following { trail, store, changes, _ in
            #expect(await changes.next() == .some(nil) && trail.isCaughtUp)
            try await store.append(Self.lines(Self.event("web", 1, by: "ann")))
            #expect(await changes.next() == ["shop"])
            #expect(try Self.writer(trail, "web", version: 1)?.user == "ann")
        }
    }

    /// A line that was cut off when a disk was full is no event, and takes no other with it.
    @Test func aFileWithoutItsEndIsReadAsFarAsItGoes() async throws {
        try await Self.following(before: { store in
            try await store.append(Self.lines(Self.event("web", 1, by: "ann")) + [Array("{\"kind\":\"Event\",\"cut".utf8)])
        }) { trail, _, changes, _ in
            _ = await changes.next()
            let writer = try Self.writer(trail, "web", version: 1)
            #expect(writer?.user == "ann")
        }
    }

    /// The pass of a cluster names whom the trail names, in the words of a scan.
    @Test func aPassNamesTheAuthor() async throws {
        try await Self.following(before: { try await $0.append(Self.lines(Self.event("web", 1, by: "ann"))) }) { trail, _, changes, _ in
            _ = await changes.next()
            let objects = SourceObjects(DocumentTree.parse(Self.deployment("web", version: 1, privileged: true), source: "cluster").tree).objects
            let pass = EstatePass(objects, rules: try LiveCluster.rules(), now: Self.now) { trail.writes(for: $0) }
            let rows = try #require(pass.namespace("shop")).objects.flatMap(\.rows)
            let row = try #require(rows.first { $0.policy == "privileged-containers" })
            #expect(row.strength == "proven" && row.principal == "ann" && row.party == "customer")
            #expect(row.introducedBy?.hasPrefix("ann (2026-06-14T01:00:00.000000Z, audit event audit-") == true, "\(row.introducedBy ?? "")")
        }
    }
}

extension AsyncStream where Element: Sendable {
    /// The next element, for one who asks now and then.
    fileprivate func next() async -> Element? {
        for await element in self { return element }
        return nil
    }
}
