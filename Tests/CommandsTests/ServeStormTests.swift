import ClusterSupport
import Foundation
import Testing

/// A cluster in trouble: what `demarc serve` does while others do not answer, and that it is right afterwards.
///
/// The large cluster is small by default; `DEMARC_STORM_NAMESPACES=10000 swift test --filter ServeStormTests` makes it as large as it is meant to be.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeStormTests {
    private static let deployments = "/apis/apps/v1/namespaces/shop/deployments"

    private static func deployment(_ name: String, namespace: String = "shop") -> String {
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\(name)","namespace":"\(namespace)"},"spec":{"replicas":0,"selector":{"matchLabels":\
        {"app":"\(name)"}},"template":{"metadata":{"labels":{"app":"\(name)"}},"spec":{"containers":[{"name":"app","image":"r/app","securityContext":\
        {"privileged":true}}]}}}}
        """
    }

    /// Deployments of a namespace about which something is said.
    private static func found(_ replica: Serving, _ api: APIServer, in namespace: String = "shop") throws -> Set<String> {
        let rows = Reading(try replica.ask("/demarc/v1/findings?namespace=\(namespace)", token: api.token).body)["findings"].items
        return Set(rows.filter { $0["kind"].text == "Deployment" && $0["control"].text == "privileged-containers" }.compactMap { $0["name"].text })
    }

    /// What the webhook says to the API server, asked as that would ask.
    private static func isGuarding(_ replica: Serving) throws -> Bool {
        let answers = try [true, false].map { try replica.ask("/validate", body: Data(ServeStandaloneTests.review(privileged: $0).utf8)) }
        return answers.allSatisfy { $0.status == "200" } && answers.map { Reading($0.body)["response"]["allowed"].flag } == [false, true]
    }

    /// All kinds are listed anew at once, again and again, while things come and go.
    @Test func whatTheServerForgotIsReadAnew() async throws {
        // Without its cache a server remembers what etcd does, and etcd forgets every second.
        try await GuardedCluster.running(.init(flags: ["--watch-cache=false", "--etcd-compaction-interval=1s"])) { cluster in
            let api = cluster.api
            let replica = try await cluster.guarded()
            defer { replica.stop() }
            var memory: [Int] = []
            for round in 1...3 {
                let past = try #require(Reading(try api.get("/api/v1/secrets").body)["metadata"]["resourceVersion"].text)
                #expect(try api.post(Self.deployments, Self.deployment("before-\(round)")).status == 201)
                let isKnown = try await eventually { try Self.found(replica, api).contains("before-\(round)") }
                #expect(isKnown)

                // It sleeps through all of this: something goes, something comes, both are forgotten, and its watches are cut.
                replica.freeze()
                #expect(try api.request("DELETE", "\(Self.deployments)/before-\(round)").status == 200)
                #expect(try api.post(Self.deployments, Self.deployment("after-\(round)")).status == 201)
                let isForgotten = try await eventually {
                    try api.get("/api/v1/secrets?watch=1&timeoutSeconds=1&resourceVersion=\(past)").body.contains(#""code":410"#)
                }
                try #require(isForgotten)
                try await api.restart()
                replica.thaw()

                let isRight = try await eventually { try Self.found(replica, api) == Set((1...round).map { "after-\($0)" }) }
                let found = try Self.found(replica, api)
                #expect(isRight, "round \(round): \(found) \(replica.output.suffix(2_000))")
                try await cluster.guarding()
                // The last kinds come later: who could not reach the server waits longer each time.
                let isAnew = try await eventually { try (replica.metric("demarc_watch_restarts_total", token: api.token) ?? 0) > Double(20 * round) }
                let restarts = try replica.metric("demarc_watch_restarts_total", token: api.token) ?? 0
                #expect(isAnew, "round \(round): \(restarts) lists anew of about thirty kinds")
                memory.append(try replica.residentKiB())
            }
            let restarts = try replica.metric("demarc_watch_restarts_total", token: api.token) ?? 0
            #expect(memory[2] < memory[0] * 2, "KiB after each round: \(memory)")
            #expect(Reading(try replica.ask("/demarc/v1/gaps", token: api.token).body)["gaps"].items.isEmpty)
            print("storm: \(Int(restarts)) lists anew in three rounds; \(memory.map { "\($0 / 1_024) MiB" }.joined(separator: ", ")) afterwards")
        }
    }

    @Test func itAnswersWhileNobodyAnswersIt() async throws {
        try await GuardedCluster.running { cluster in
            let api = cluster.api
            let replica = try await cluster.guarded()
            defer { replica.stop() }
            #expect(try api.post(Self.deployments, Self.deployment("known")).status == 201)
            let isKnown = try await eventually { try Self.found(replica, api) == ["known"] }
            #expect(isKnown)

            let store = try #require(try api.processes()["etcd"])
            kill(store, SIGSTOP)
            defer { kill(store, SIGCONT) }
            // Long enough that the lease is lost, as when the disk of etcd hangs.
            let isLost = try await eventually(900) {
                let isGuarding = try Self.isGuarding(replica)
                #expect(isGuarding)
                return replica.output.contains("no longer leads") || replica.output.contains("the lease cannot be asked for")
            }
            #expect(isLost, "\(replica.output.suffix(2_000))")
            for _ in 0..<20 { #expect(try Self.isGuarding(replica)) }
            #expect(try replica.ask("/readyz").status == "200")
            let stranger = try replica.ask("/metrics", token: "a-token-that-was-never-seen").status
            #expect(["401", "503"].contains(stranger), "whom nobody can be asked about is nobody")
            kill(store, SIGCONT)

            let isBack = try await eventually(600) {
                (try? cluster.create(GuardedCluster.pod("plain", privileged: false), dryRun: true).status) == 201
            }
            try #require(isBack)
            try await cluster.guarding()
            #expect(try api.post(Self.deployments, Self.deployment("new")).status == 201)
            let isRight = try await eventually { try Self.found(replica, api) == ["known", "new"] }
            #expect(isRight, "\(replica.output.suffix(2_000))")
            // What only the holder of the lease does is done again: somebody takes the webhook away, and it comes back.
            #expect(try api.request("DELETE", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/demarc").status == 200)
            try await cluster.guarding()
        }
    }

    @Test func aLargeClusterIsReadAndGuarded() async throws {
        let count = ProcessInfo.processInfo.environment["DEMARC_STORM_NAMESPACES"].flatMap { Int($0) } ?? 300
        try await GuardedCluster.running { cluster in
            let api = cluster.api
            let names = (0..<count).map { "tenant-\($0)" }
            for start in stride(from: 0, to: count, by: 1_000) {
                let part = names[start..<min(count, start + 1_000)]
                let objects =
                    part.map { #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#($0)"}}"# }
                    + part.map { Self.deployment("web", namespace: $0) }
                #expect(try api.create(objects.joined(separator: "\n")).allSatisfy { $0.status == 201 })
            }
            let (clock, start) = (ContinuousClock(), ContinuousClock.now)
            let replica = try await cluster.replica()
            defer { replica.stop() }
            try cluster.balancer.serve([replica.port])
            let isReady = try await eventually(1_200) { try replica.ask("/readyz").status == "200" }
            let ready = clock.now - start
            try #require(isReady, "\(replica.output.suffix(2_000))")
            try await cluster.guarding()
            #expect(try cluster.create(GuardedCluster.pod("probe", privileged: true), in: names[count - 1]).status == 403)
            let isJudged = try await eventually(1_200) { try Self.found(replica, api, in: names[count - 1]) == ["web"] }
            #expect(isJudged, "\(replica.output.suffix(2_000))")
            let judged = clock.now - start
            #expect(try Self.isGuarding(replica))
            // What happens in one of them is known though there are so many.
            #expect(try api.request("DELETE", "/apis/apps/v1/namespaces/\(names[0])/deployments/web").status == 200)
            let isGone = try await eventually(300) { try Self.found(replica, api, in: names[0]).isEmpty }
            #expect(isGone)
            print("large: \(count) namespaces, ready after \(ready), judged after \(judged), \(try replica.residentKiB() / 1_024) MiB resident")
        }
    }
}

extension Serving {
    /// Of the process, in KiB, as Linux counts it.
    func residentKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        return try #require(status.firstMatch(of: #/VmRSS:\s+(\d+)/#).flatMap { Int($0.1) })
    }
}
