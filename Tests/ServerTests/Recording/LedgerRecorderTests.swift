import Admission
import ClusterSupport
import Documents
import Foundation
import Kubernetes
import KubernetesClient
import Ledger
import Logging
import Synchronization
import Testing

@testable import Server

/// The recorder with real ledgers: who writes, who hands over, and what becomes of it when things fail.
struct LedgerRecorderTests {
    private static let start = Timestamp(secondsSinceEpoch: 1_781_481_600)

    /// One replica: whether it holds the lease, what it knows, and its clock.
    private final class Replica: Sendable {
        let token = Mutex<Int?>(nil)
        let time = Mutex(LedgerRecorderTests.start)
        let grants = Mutex<[KubernetesObject]?>([])
        let metrics = LedgerMetrics(MetricRegistry())
        let recorder: LedgerRecorder

        init(_ ledger: PublishedLedger, _ name: String, path: String? = nil, mailbox: (any RecordMailbox)? = nil, keeps: Bool = true) {
            let (changes, _) = AsyncStream<Void>.makeStream()
            let holder = Holder()
            let clock = BackgroundClock(now: { holder.now }, uptime: { .zero }, sleep: { _ in })
            recorder = LedgerRecorder(
                keeps ? ServerLedger(path: path ?? ledger.path, key: ledger.key, token: { holder.token }) : nil, mailbox: mailbox,
                sources: LedgerRecorder.Sources(grants: { holder.grants }, model: ("acs", "sha256:m"), changes: changes), identity: name,
                clock: clock,
                metrics: metrics, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            holder.replica.withLock { $0 = self }
        }

        /// The closures of the recorder come before the replica.
        final class Holder: Sendable {
            let replica = Mutex<Replica?>(nil)
            var one: Replica? { replica.withLock { $0 } }
            var now: Timestamp { one?.time.withLock { $0 } ?? LedgerRecorderTests.start }
            var token: Int? { one?.token.withLock { $0 } }
            var grants: [KubernetesObject]? { one?.grants.withLock { $0 } }
        }

        func deny(_ user: String, isDryRun: Bool = false) {
            recorder.observe(
                AdmissionAnswer(
                    body: [], decision: .deny, operation: "CREATE", resource: "pods", namespace: "shop", isDryRun: isDryRun,
                    trace: AdmissionTrace(user: user, namespace: "shop", workload: "Pod shop/a", outcome: .denied(controls: ["host-ports"]))))
        }

        func work() async { await recorder.work(takesTally: true) }
    }

    private final class Letters: RecordMailbox, Sendable {
        let entries = Mutex<[Entry]>([])
        let isFull = Mutex(false)

        func post(_ entries: [Entry]) async throws -> Bool {
            if isFull.withLock({ $0 }) { return false }
            self.entries.withLock { $0 += entries }
            return true
        }

        func collect(_ body: @Sendable ([Entry]) async throws -> Void) async throws {
            try await body(entries.withLock { $0 })
            entries.withLock { $0 = [] }
        }
    }

    private static func grant(_ count: Int) -> KubernetesObject {
        let decisions = (0..<count).map { #"{action: apply, by: {username: ann-\#($0)}, at: "2026-06-01T00:00:00Z", specHash: s}"# }
        let text = """
            {apiVersion: demarc.dev/v1alpha1, kind: PrivilegeGrant, metadata: {name: probe, namespace: shop, uid: g-1}, spec: {}, \
            status: {decisions: [\(decisions.joined(separator: ","))]}}
            """
        return SourceObjects(DocumentTree.parse(text).tree).objects[0]
    }

    private static func entries(_ path: String) throws -> [Entry] { try LedgerReader(path: path).entries(0..<10_000).map { try Entry($0) } }

    @Test func itMakesItsLedgerAndWritesEachThingOnce() async throws {
        try await PublishedLedger.with { ledger in
            let path = ledger.directory.appending(path: "own.db").path
            let replica = Replica(ledger, "a", path: path)
            await replica.work()
            #expect(!FileManager.default.fileExists(atPath: path), "it does not hold the lease")
            replica.token.withLock { $0 = 1 }
            replica.grants.withLock { $0 = [Self.grant(2)] }
            replica.deny("ben")
            replica.deny("ben")
            replica.deny("cyd", isDryRun: true)
            await replica.work()
            await replica.work()
            let kinds = ["ledger.opened", "model.changed", "grant.apply", "grant.apply", "admission.denied"]
            let first = try Self.entries(path)
            #expect(first.map(\.kind) == kinds)
            #expect(first.map(\.actor) == ["demarc", "demarc", "ann-0", "ann-1", "ben"])
            // Another run of the program finds all of it there.
            let again = Replica(ledger, "b", path: path)
            again.token.withLock { $0 = 1 }
            again.grants.withLock { $0 = [Self.grant(3)] }
            await again.work()
            #expect(try Self.entries(path).map(\.kind) == kinds + ["grant.apply"])
            #expect(try LedgerReader(path: path).audit(AuditOptions(keys: [ledger.key.verifier])).faults.isEmpty)
        }
    }

    /// The lease goes from one to the other while decisions are made: none is lost, and none is there twice.
    @Test func whoTakesOverGoesOnWhereTheOtherStood() async throws {
        try await PublishedLedger.with { ledger in
            let letters = Letters()
            let replicas = [Replica(ledger, "a", mailbox: letters), Replica(ledger, "b", mailbox: letters)]
            for round in 1...12 {
                let leader = round / 3 % 2
                replicas[leader].token.withLock { $0 = round / 3 + 1 }
                replicas[1 - leader].token.withLock { $0 = nil }
                for replica in replicas {
                    replica.grants.withLock { $0 = [Self.grant(round)] }
                    replica.deny("round-\(round)")
                    await replica.work()
                }
            }
            for replica in replicas { await replica.work() }
            let entries = try Self.entries(ledger.path)
            #expect(entries.filter { $0.kind == "grant.apply" }.map(\.actor) == (0..<12).map { "ann-\($0)" })
            let denied = entries.filter { $0.kind == "admission.denied" }.map(\.actor)
            #expect(denied.count == 24 && Set(denied).count == 12, "both replicas refused in each round")
            #expect(letters.entries.withLock { $0.isEmpty })
        }
    }

    /// A replica that was suspended while another took over cannot write any more, and what it has is not lost.
    @Test func whoSleptThroughTheLossWritesNothing() async throws {
        try await PublishedLedger.with { ledger in
            let (old, new) = (Replica(ledger, "a"), Replica(ledger, "b"))
            for (replica, token) in [(old, 1), (new, 2)] {
                replica.token.withLock { $0 = token }
                replica.grants.withLock { $0 = [Self.grant(1)] }
                await replica.work()
            }
            old.deny("ben")
            await old.work()
            let before = try Self.entries(ledger.path)
            #expect(before.map(\.kind) == ["ledger.opened", "model.changed", "grant.apply"])
            #expect(old.metrics.failures.value("append") == 1)
            old.token.withLock { $0 = 3 }
            await old.work()
            #expect(try Self.entries(ledger.path).map(\.kind) == ["ledger.opened", "model.changed", "grant.apply", "admission.denied"])
        }
    }

    @Test func nobodyIsHeldUpByALedgerThatCannotBeWritten() async throws {
        try await PublishedLedger.with { ledger in
            let path = ledger.directory.appending(path: "later/own.db").path
            let replica = Replica(ledger, "a", path: path)
            replica.token.withLock { $0 = 1 }
            for number in 0..<9_000 {
                replica.deny("user-\(number)")
                if number % 1_000 == 999 { await replica.work() }
            }
            #expect(replica.metrics.failures.value("append") == 9 && replica.metrics.waiting.value == 4_096)
            #expect(replica.metrics.lost.value() == 9_000 - 4_096)
            try FileManager.default.createDirectory(at: ledger.directory.appending(path: "later"), withIntermediateDirectories: true)
            await replica.work()
            let entries = try Self.entries(path)
            #expect(entries.filter { $0.kind == "admission.denied" }.count == 4_096)
            #expect(entries.last?.kind == "records.lost" && String(decoding: entries.last?.payload ?? [], as: UTF8.self).contains(#""count":4904"#))
            #expect(replica.metrics.waiting.value == 0)
        }
    }

    /// A letter may make up denials, since whoever can write it can do worse; it cannot make up a decision.
    @Test func lettersHoldNoDecisions() async throws {
        try await PublishedLedger.with { ledger in
            let letters = Letters()
            let replica = Replica(ledger, "a", mailbox: letters)
            replica.token.withLock { $0 = 1 }
            letters.entries.withLock { entries in
                for kind in ["grant.apply", "model.changed", "webhook.silent", "ledger.opened", "other", "admission.denied"] {
                    if let entry = try? Entry(
                        kind: kind, actor: "eve", subject: "s", time: "2026-06-01T00:00:00Z", payload: Array(#"{"id":"x"}"#.utf8))
                    {
                        entries.append(entry)
                    }
                }
            }
            await replica.work()
            let entries = try Self.entries(ledger.path)
            #expect(entries.filter { $0.actor == "eve" }.map(\.kind) == ["admission.denied"])
        }
    }

    @Test func aFullMailboxKeepsWhatItCannotTake() async throws {
        try await PublishedLedger.with { ledger in
            let letters = Letters()
            let replica = Replica(ledger, "a", mailbox: letters, keeps: false)
            letters.isFull.withLock { $0 = true }
            replica.deny("ben")
            await replica.work()
            #expect(replica.metrics.waiting.value == 1)
            letters.isFull.withLock { $0 = false }
            await replica.work()
            #expect(replica.metrics.waiting.value == 0 && letters.entries.withLock { $0.map(\.actor) } == ["ben"])
        }
    }

    // MARK: - Through a cluster

    @Test(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)")) func theMailboxIsAConfigMap() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            _ = try server.create(InstallationTests.namespace("demarc"))
            try await InstallationTests.connected(server) { client in
                let entries = try (0..<3).map {
                    try Entry(
                        kind: "admission.denied", actor: "ann \($0)", subject: "s", time: "2026-06-01T00:00:00Z",
                        payload: Array(#"{"id":"\#($0)"}"#.utf8))
                }
                let senders = ["demarc-7f/Ä", "b"].map { ConfigMapMailbox(client, namespace: "demarc", sender: $0) }
                let seen = Mutex<[Entry]>([])
                try await senders[0].collect { _ in Issue.record("nobody has written") }
                #expect(try await senders[0].post([entries[0], entries[1]]))
                #expect(try await senders[0].post([entries[0], entries[1]]), "the same once more is the same letter")
                #expect(try await senders[1].post([entries[2]]))
                try await senders[1].collect { letter in seen.withLock { $0 += letter } }
                #expect(seen.withLock { Set($0) } == Set(entries) && seen.withLock { $0.count } == 3)
                try await senders[1].collect { _ in Issue.record("it was emptied") }

                // A letter that cannot be dealt with stays.
                #expect(try await senders[0].post([entries[0]]))
                await #expect(throws: ClusterError.self) { try await senders[1].collect { _ in throw ClusterError(.conflict, "not now") } }
                try await senders[1].collect { letter in seen.withLock { $0 += letter } }
                #expect(seen.withLock { $0.count } == 4)
                // It takes no more than etcd bears.
                let large = try Entry(kind: "k", actor: String(repeating: "a", count: 60_000), subject: "s", time: "2026-06-01T00:00:00Z")
                var taken = 0
                for number in 0..<12 {
                    let sender = ConfigMapMailbox(client, namespace: "demarc", sender: "s\(number)")
                    if try await sender.post([large]) { taken += 1 }
                }
                #expect(taken == 8)
            }
        }
    }
}
