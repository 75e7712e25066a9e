import ClusterSupport
import Documents
import Foundation
import KubernetesClient
import Logging
import Synchronization
import Testing

@testable import Server

@Suite struct ClusterAuthorizerTests {
    /// A cluster of two users, on demand out of reach.
    private final class Cluster: AccessReviewing {
        let isDown = Atomic<Bool>(false)
        private let asked = Mutex<[String]>([])

        var questions: [String] { asked.withLock { $0 } }

        func identity(of token: Secret, audiences: [String]) async throws(ClusterError) -> TokenIdentity? {
            asked.withLock { $0.append("identity \(audiences)") }
            if isDown.load(ordering: .relaxed) { throw ClusterError(.unreachable, "nobody answers") }
            return token == Secret("jane's") ? TokenIdentity(user: "jane", groups: ["dev"], extra: ["scopes": ["metrics"]]) : nil
        }

        func may(_ identity: TokenIdentity, verb: String, path: String) async throws(ClusterError) -> AccessAnswer {
            asked.withLock { $0.append("\(identity.user) \(verb) \(path)") }
            if isDown.load(ordering: .relaxed) { throw ClusterError(.unreachable, "nobody answers") }
            return AccessAnswer(isAllowed: path == "/metrics", reason: "")
        }
    }

    private final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: @Sendable () -> ContinuousClock.Instant { { [self] in time.withLock { $0 } } }
        func advance(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    private static let jane = TokenIdentity(user: "jane", groups: ["dev"], extra: ["scopes": ["metrics"]])

    private let log = LogCatcher()
    private let clock = Clock()
    private let cluster = Cluster()

    private func authorizer(limit: Int = 16) -> ClusterAuthorizer {
        ClusterAuthorizer(
            cluster, audiences: ["demarc"], keeps: .seconds(10), entries: 8, limit: limit,
            logger: Logger(label: "test") { [log] in LogLines(label: $0, format: .json, level: .debug, write: log.take) }, now: clock.now)
    }

    @Test func answersAreKeptForAWhile() async {
        let authorizer = authorizer()
        for _ in 0..<3 { #expect(await authorizer.authorize(token: "jane's", verb: "get", path: "/metrics") == .allowed(Self.jane)) }
        #expect(cluster.questions == ["identity [\"demarc\"]", "jane get /metrics"])
        #expect(await authorizer.authorize(token: "jane's", verb: "post", path: "/demarc/v1/x") == .forbidden(user: "jane"))
        #expect(cluster.questions.count == 3)
        for _ in 0..<3 { #expect(await authorizer.authorize(token: "else", verb: "get", path: "/metrics") == .unauthenticated) }
        #expect(cluster.questions.count == 4)
        clock.advance(.seconds(10))
        #expect(await authorizer.authorize(token: "jane's", verb: "get", path: "/metrics") == .allowed(Self.jane))
        #expect(cluster.questions.count == 6)
    }

    /// Nobody is allowed because nobody could be asked, and what could not be asked is asked again.
    @Test func aClusterOutOfReachAllowsNothing() async {
        let authorizer = authorizer()
        cluster.isDown.store(true, ordering: .relaxed)
        #expect(await authorizer.authorize(token: "jane's", verb: "get", path: "/metrics") == .unavailable)
        cluster.isDown.store(false, ordering: .relaxed)
        #expect(await authorizer.authorize(token: "jane's", verb: "get", path: "/metrics") == .allowed(Self.jane))
        // Now only the identity is known.
        cluster.isDown.store(true, ordering: .relaxed)
        #expect(await authorizer.authorize(token: "jane's", verb: "get", path: "/other") == .unavailable)
        #expect(log.lines(with: "a token cannot be checked").count == 2)
        #expect(!log.text.contains("jane's"))
    }

    @Test func whoSendsTokensAtRandomIsNotAskedAbout() async {
        #expect(await authorizer(limit: 0).authorize(token: "jane's", verb: "get", path: "/metrics") == .unavailable)
        #expect(cluster.questions.isEmpty)
    }

    @Test func theCacheHasAnEnd() {
        var cache = BoundedCache<Int, Int>(limit: 4, keeps: .seconds(10))
        let start = ContinuousClock.now
        for number in 0..<4 { cache.keep(number, for: number, start + .seconds(number)) }
        #expect((0..<4).map { cache.value($0, start + .seconds(9)) } == [0, 1, 2, 3])
        #expect(cache.value(0, start + .seconds(10)) == nil)
        // Two are over and make room; the others stay.
        cache.keep(4, for: 4, start + .seconds(11))
        #expect(cache.count == 3)
        #expect(cache.value(3, start + .seconds(11)) == 3)
        for number in 5..<100 { cache.keep(number, for: number, start + .seconds(11)) }
        #expect(cache.count <= 4)
        #expect(cache.value(99, start + .seconds(11)) == 99)
    }

    @Test(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
    func aRealClusterDecides() async throws {
        let manifests = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: metrics}
            rules: [{nonResourceURLs: [/metrics], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: metrics}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: metrics}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: monitoring}]
            """
        try await APIServer.running(users: ["alice": ["monitoring"], "bob": ["dev"]]) { server in
            _ = try server.create(manifests)
            let (alice, bob) = (try #require(server.tokens["alice"]), try #require(server.tokens["bob"]))
            let options = ConnectionOptions(kubeconfig: server.kubeconfig.path, environment: [:])
            try await ClusterClient.connected(to: options.connection()) { client in
                let authorizer = ClusterAuthorizer(client, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                guard case .allowed(let identity) = await authorizer.authorize(token: alice, verb: "get", path: "/metrics") else {
                    Issue.record("alice may read metrics")
                    return
                }
                #expect(identity.user == "alice")
                #expect(await authorizer.authorize(token: alice, verb: "post", path: "/metrics") == .forbidden(user: "alice"))
                #expect(await authorizer.authorize(token: bob, verb: "get", path: "/metrics") == .forbidden(user: "bob"))
                #expect(await authorizer.authorize(token: "nobody's", verb: "get", path: "/metrics") == .unauthenticated)
                // A token file's tokens are for no audience but the server's own.
                let elsewhere = ClusterAuthorizer(client, audiences: ["demarc"], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                #expect(await elsewhere.authorize(token: alice, verb: "get", path: "/metrics") == .unauthenticated)
            }
        }
    }
}
