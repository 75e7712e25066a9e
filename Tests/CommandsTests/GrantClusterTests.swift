import ClusterSupport
import Foundation
import Responsibility
import Synchronization
import Testing

/// What `demarc grant` makes of a cluster in which a server has the last word: about versions, and about time.
struct GrantClusterTests {
    /// A grant that all have decided about but the accountable person; the server draws its conclusions while somebody reads.
    private final class Kept: Sendable {
        private struct State {
            var version = 1
            var decisions: [String] = []
            var phase = "applied"
        }

        private let state = Mutex(State())
        let spec: String
        /// Changes what was read, once, before the first write comes.
        private let meanwhile: @Sendable (Kept) -> Void
        private let isFirst = Mutex(true)

        init(decisions: [String], spec: String, meanwhile: @escaping @Sendable (Kept) -> Void) {
            (self.spec, self.meanwhile) = (spec, meanwhile)
            state.withLock { $0.decisions = decisions }
        }

        var count: Int { state.withLock { $0.decisions.count } }

        func conclude() { state.withLock { ($0.version, $0.phase) = ($0.version + 1, "approved") } }

        func decide(_ decision: String) { state.withLock { ($0.version, $0.decisions) = ($0.version + 1, $0.decisions + [decision]) } }

        private var text: String {
            state.withLock { state in
                """
                {"apiVersion":"demarc.dev/v1alpha1","kind":"PrivilegeGrant","metadata":{"name":"probe","namespace":"shop","uid":"g-1",\
                "resourceVersion":"\(state.version)"},"spec":\(spec),"status":{"phase":"\(state.phase)","decisions":[\(state.decisions.joined(separator: ","))]}}
                """
            }
        }

        func answer(_ request: FakeServer.Request, made: String) -> FakeServer.Answer {
            guard request.method == "PATCH" else { return .init(200, text) }
            if isFirst.withLock({ isFirst in
                defer { isFirst = false }
                return isFirst
            }) {
                meanwhile(self)
            }
            guard request.body.contains(#""resourceVersion":"\#(state.withLock { $0.version })""#) else {
                return .init(409, #"{"kind":"Status","status":"Failure","message":"the object has been modified","reason":"Conflict","code":409}"#)
            }
            decide(made)
            return .init(200, text)
        }
    }

    private static func time(_ seconds: Double) -> String { Date(timeIntervalSinceNow: seconds).formatted(Date.ISO8601FormatStyle()) }

    private static func decision(_ action: String, _ user: String, _ seconds: Double, _ hash: String) -> String {
        #"{"action":"\#(action)","by":{"username":"\#(user)","groups":["ops"]},"at":"\#(time(seconds))","specHash":"\#(hash)"}"#
    }

    /// Accepts as ann beside a server that does something in between, and dates her decision some seconds from now.
    private static func accept(
        dated seconds: Double, meanwhile: @escaping @Sendable (Kept) -> Void = { _ in }
    ) async throws -> (result: Program.Result, decisions: Int, writes: Int) {
        let liability = try #require(ResponsibilityModel.builtIn("acs")?.liabilityHash)
        let spec = """
            {"workload":{"kind":"Deployment","name":"probe","serviceAccountName":"probe"},"privileges":[{"control":"added-capabilities",\
            "container":"app","value":"NET_RAW"}],"justification":"Measures","accountable":{"person":"ann"},"notBefore":"\(time(-86_400))",\
            "expires":"\(time(86_400 * 20))","liabilityTextHash":"\(liability)"}
            """
        let hash = try SpecHash.of(#"{"spec":\#(spec)}"#)
        let kept = Kept(
            decisions: [decision("apply", "ann", -7_200, hash), decision("approve", "ben", -3_600, hash)], spec: spec, meanwhile: meanwhile)
        let made = decision("accept", "ann", seconds, hash)
        return try await FakeServer.running { request, _ in
            kept.answer(request, made: made)
        } _: { (server) async throws in
            let config = """
                apiVersion: v1
                kind: Config
                current-context: c
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:\(server.port)"}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                users: [{name: u, user: {}}]
                """
            let result = try Program.withFiles(["config": config]) { folder in
                try Program.run(
                    [
                        "grant", "accept", "shop/probe", "--liability-text-hash", liability, "--cluster", "--kubeconfig", "config", "--model", "acs",
                        "--quiet",
                    ],
                    in: folder)
            }
            return (result, kept.count, server.requests.count { $0.method == "PATCH" })
        }
    }

    /// A server's clock is ahead, or has just gone on to the next second: what it dates has happened.
    @Test(arguments: [-5.0, 0, 1, 90]) func whatAServerDatesHasHappened(seconds: Double) async throws {
        let (result, decisions, writes) = try await Self.accept(dated: seconds)
        #expect(result.code == 0 && result.output == "shop/probe: accept by ann recorded; active\n", "\(result)")
        #expect(decisions == 3 && writes == 1)
    }

    /// The server writes its conclusions just when somebody decides: that is nobody's change.
    @Test func conclusionsKeepNobodyFromDeciding() async throws {
        let (result, decisions, writes) = try await Self.accept(dated: 0) { $0.conclude() }
        #expect(result.code == 0 && result.output.hasSuffix("; active\n"), "\(result)")
        #expect(decisions == 3 && writes == 2)
    }

    /// Somebody else decides just then: whoever has not seen that decides about something else.
    @Test func decisionsOfOthersAreLookedAtFirst() async throws {
        let (result, decisions, writes) = try await Self.accept(dated: 0) { $0.decide(Self.decision("revoke", "ben", -1, "")) }
        #expect(result.code == 1 && result.output.isEmpty && result.errors.contains("modified"), "\(result)")
        #expect(decisions == 3 && writes == 1)
    }
}
