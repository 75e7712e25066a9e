import Admission
import BuiltInControls
import Controls
import Documents
import Kubernetes
import KubernetesClient
import Logging
import Responsibility
import Synchronization
import Testing

@testable import Server

/// What is written about grants, said of them, and when.
struct GrantKeeperTests {
    private static let now = LiveCluster.now
    private static let model = ResponsibilityModel.builtIn("acs")
    private static let controls = BuiltInControls.all + GrantControls.all
    private static let digest = "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

    /// A grant with its spec's hash for `HASH`, and its applicant's mark.
    private static func grant(
        _ decisions: [String] = [], status: String = "", expires: String = "2026-06-30T00:00:00Z", version: Int = 1, mark: Bool = true
    ) throws -> KubernetesObject {
        let liability = try #require(model?.liabilityHash)
        let spec = """
            {workload: {kind: Deployment, name: probe, serviceAccountName: probe}, privileges: [{control: privileged-containers, container: app, \
            value: "true"}], imageDigests: ["\(digest)"], justification: a, accountable: {person: ann}, notBefore: 2026-06-01T00:00:00Z, \
            expires: \(expires), liabilityTextHash: "\(liability)"}
            """
        let hash = Responsibility.CanonicalJSON.digest(of: try #require(DocumentTree.parse(spec).tree.roots.first))
        let annotation = #"{"at":"2026-06-10T00:00:00Z","groups":["dev"],"specHash":"\#(hash)","username":"ann"}"#
        let text = """
            apiVersion: demarc.dev/v1alpha1
            kind: PrivilegeGrant
            metadata: {name: probe, namespace: shop, uid: g-1, generation: 3, resourceVersion: "\(version)"\(mark ? ", annotations: {demarc.dev/applied-by: '\(annotation)'}" : "")}
            spec: \(spec)
            status: {decisions: [\(decisions.joined(separator: ","))]\(status)}
            """
        return try #require(SourceObjects(DocumentTree.parse(text.replacing("HASH", with: hash)).tree).objects.first)
    }

    private static func said(_ action: String, _ who: String, _ at: String, reason: String = "") -> String {
        "{action: \(action), by: {username: \(who), groups: [dev]}, at: \"\(at)\", specHash: HASH\(reason.isEmpty ? "" : ", reason: \"\(reason)\"")}"
    }

    private static let applied = said("apply", "ann", "2026-06-10T00:00:00Z")
    private static let decided = [
        applied, said("approve", "ben", "2026-06-11T00:00:00Z"), said("approve", "cyd", "2026-06-11T00:00:00Z"),
        said("accept", "ann", "2026-06-12T00:00:00Z"),
    ]

    private static func made(_ grant: KubernetesObject, usage: GrantUsage? = nil, at now: Timestamp = now) throws -> GrantReconciliation {
        let controls = Dictionary(controls.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return GrantReconciliation(of: grant, model: try #require(model), controls: controls, usage: usage, now: now)
    }

    private static func text(_ made: GrantReconciliation) -> String { ManifestText.map(made.status).yaml }

    // MARK: - What is written

    @Test func whoAppliedIsTakenOverFromTheAnnotation() throws {
        let first = try Self.made(Self.grant())
        #expect(first.status.map(\.key) == ["decisions"] && first.events == [])
        let yaml = Self.text(first)
        #expect(yaml.contains("action: apply") && yaml.contains("username: ann") && yaml.contains("2026-06-10T00:00:00Z"))
        // Once; and again only for whoever applied after it.
        #expect(try !Self.made(Self.grant([Self.applied])).status.contains { $0.key == "decisions" })
        let earlier = try Self.made(Self.grant([Self.said("apply", "ann", "2026-06-09T00:00:00Z")]))
        #expect(Self.text(earlier).matches(of: /action: apply/).count == 2)
        #expect(try !Self.made(Self.grant(mark: false)).status.contains { $0.key == "decisions" })
        let full = Array(repeating: Self.said("deny", "ben", "2026-06-09T00:00:00Z"), count: 256)
        #expect(try !Self.made(Self.grant(full)).status.contains { $0.key == "decisions" })
    }

    @Test func theStatusFollowsFromTheDecisionsAndIsWrittenOnce() throws {
        let first = try Self.made(Self.grant(Self.decided))
        #expect(first.status.map(\.key) == ["phase", "conditions", "approvedSpecs", "observedGeneration"])
        #expect(first.phase == .active)
        // Read back, there is nothing more to write.
        let written = Self.text(first).split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let all = try #require(DocumentTree.parse("status:\n\(written)").tree.roots.first)["status"]
        let status = ["phase", "conditions", "approvedSpecs", "observedGeneration"].map { key in
            ", \(key): \(Responsibility.CanonicalJSON.text(of: all.entry(named: key)))"
        }.joined()
        #expect(try Self.made(Self.grant(Self.decided, status: status)).status.isEmpty)
        // At its end it says so by itself, and the instant was known before.
        let end = try #require(Timestamp("2026-06-30T00:00:00Z"))
        let over = try Self.made(Self.grant(Self.decided, status: status), at: end)
        #expect(over.phase == .expired && over.status.contains { $0.key == "phase" } && over.next == nil)
        #expect(try #require(first.next) <= end)
    }

    @Test func usageIsWrittenByTheHourAndOnlyGrows() throws {
        func usage(_ control: String?, _ time: String) throws -> GrantUsage {
            GrantUsage(privileges: control.map { [.init(control: $0, container: "app")] } ?? [], seen: try #require(Timestamp(time)))
        }
        let used = try Self.made(Self.grant(Self.decided), usage: usage("host-ports", "2026-06-15T10:40:00Z"))
        let row = try #require(used.status.first { $0.key == "usage" })
        #expect(
            row.value
                == .map([
                    "lastUsed": .text("2026-06-15T10:00:00Z"),
                    "privileges": .list([.map(["control": .text("host-ports"), "container": .text("app")])]),
                ]))
        let before = #", usage: {lastUsed: "2026-06-15T10:00:00Z", privileges: [{control: host-ports, container: app}]}"#
        func again(_ control: String?, _ time: String) throws -> Bool {
            try Self.made(Self.grant(Self.decided, status: before), usage: usage(control, time)).status.contains { $0.key == "usage" }
        }
        #expect(try !again("host-ports", "2026-06-15T10:59:59Z") && again("host-ports", "2026-06-15T11:00:00Z"))
        #expect(try again("host-paths", "2026-06-15T10:59:59Z") && !again(nil, "2026-06-16T00:00:00Z"))
        let unused = try Self.made(Self.grant(Self.decided), usage: usage(nil, "2026-06-15T10:40:00Z"))
        #expect(Self.text(unused).contains("reason: Unused"))
    }

    @Test func whatCannotBeReadIsLeftAlone() throws {
        let odd = try Self.grant([Self.applied]).root
        let text = Responsibility.CanonicalJSON.text(of: odd).replacing(#""justification":"a""#, with: #""justification":"a","onlyOnSundays":true"#)
        let object = try #require(SourceObjects(DocumentTree.parse(text).tree).objects.first)
        let made = try Self.made(object)
        #expect(made.status.isEmpty && made.events.isEmpty && made.next == nil && made.phase == nil)
    }

    // MARK: - What is said

    @Test func onlyNewsIsSaid() throws {
        let old = try Self.made(Self.grant(Self.decided))
        #expect(old.events.map(\.reason) == ["Active"], "what was decided days ago was said then")
        let fresh = Self.decided.dropLast() + [Self.said("accept", "ann", "2026-06-14T23:55:00Z", reason: "mine")]
        let events = try Self.made(Self.grant(Array(fresh))).events
        #expect(events.map(\.reason) == ["Accepted", "Active"] && events[0].message == "ann accepted the liability: mine")
        let denied = try Self.made(Self.grant([Self.applied, Self.said("deny", "ben", "2026-06-14T23:59:00Z", reason: "no")])).events
        #expect(denied.map(\.reason) == ["Denied"] && denied[0].isWarning)
        let soon = try Self.made(Self.grant(Self.decided, status: ", phase: active"), at: try #require(Timestamp("2026-06-27T00:00:30Z"))).events
        #expect(soon.map(\.reason).contains("Expiring") && soon.allSatisfy { $0.reason != "Active" || $0.isWarning == false })
    }

    /// Two replicas that say the same make one event of it.
    @Test func anEventsNameFollowsFromWhatItSays() throws {
        let grant = try Self.grant(Self.decided)
        let events = try Self.made(grant).events + Self.made(grant).events
        let names = events.map { $0.manifest(about: grant, from: "replica-\(Int.random(in: 0...9))").name }
        #expect(Set(names).count == 1 && names[0].hasPrefix("probe."))
        let manifest = events[0].manifest(about: grant, from: String(repeating: "r", count: 300)).manifest
        #expect(manifest["involvedObject"]?["uid"] == .text("g-1") && manifest["type"] == .text("Normal"))
        if case .text(let reporter)? = manifest["reportingInstance"] { #expect(reporter.count == 128) }
    }

    // MARK: - When

    private final class Store: GrantStore {
        let written = Mutex<[String]>([])
        let sent = Mutex<[String]>([])
        let error = Mutex<ClusterError?>(nil)

        func write(_ status: ManifestText, to grant: KubernetesObject) async throws(ClusterError) {
            if let error = error.withLock({ $0 }) { throw error }
            written.withLock { $0.append(status.yaml) }
        }

        func send(_ event: ManifestText, in namespace: String) async throws(ClusterError) {
            if case .text(let reason)? = event["reason"] { sent.withLock { $0.append(reason) } }
        }
    }

    private struct Round {
        let store = Store()
        let grants = Cabinet()
        let keeper: GrantKeeper

        final class Cabinet: Sendable {
            let objects = Mutex<[KubernetesObject]>([])
            let isLeader = Mutex(true)
            let time = Mutex(GrantKeeperTests.now)
        }

        init() throws {
            let (changes, _) = AsyncStream<Void>.makeStream()
            keeper = GrantKeeper(
                store, model: try #require(GrantKeeperTests.model), controls: GrantKeeperTests.controls,
                grants: { [grants] in grants.objects.withLock { $0 } },
                usage: { nil }, changes: changes, isLeader: { [grants] in grants.isLeader.withLock { $0 } }, identity: "a",
                clock: BackgroundClock(now: { [grants] in grants.time.withLock { $0 } }, uptime: { .zero }, sleep: { _ in }),
                registry: MetricRegistry(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        func has(_ grant: KubernetesObject) async -> Int {
            grants.objects.withLock { $0 = [grant] }
            await keeper.work()
            return store.written.withLock { $0.count }
        }
    }

    @Test func aVersionIsWrittenOnceAndOnlyByTheLeader() async throws {
        let round = try Round()
        round.grants.isLeader.withLock { $0 = false }
        #expect(await round.has(try Self.grant(Self.decided)) == 0)
        round.grants.isLeader.withLock { $0 = true }
        let first = await round.has(try Self.grant(Self.decided))
        let second = await round.has(try Self.grant(Self.decided))
        #expect(first == 1 && second == 1, "the watch has not told of the write yet")
        let third = await round.has(try Self.grant(Self.decided, version: 2))
        #expect(third == 2)
        // Time alone: nothing comes from the watch.
        round.grants.time.withLock { $0 = $0.advanced(bySeconds: 30 * 86_400) }
        await round.keeper.work()
        #expect(round.store.written.withLock { $0.last?.contains("phase: expired") } == true)
        #expect(round.store.sent.withLock { $0.last } == "Expired")
    }

    @Test func whatFailsIsMadeAgainAndAConflictIsSomebodyElses() async throws {
        let round = try Round()
        let grant = try Self.grant(Self.decided)
        for kind in [ClusterError.Kind.forbidden, .conflict] {
            round.store.error.withLock { $0 = ClusterError(kind, "no") }
            #expect(await round.has(grant) == 0)
        }
        round.store.error.withLock { $0 = nil }
        #expect(await round.has(grant) == 1)
        #expect(round.store.sent.withLock { $0 } == ["Active"], "said once, however often it was tried")
    }
}
