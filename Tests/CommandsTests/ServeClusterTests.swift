import ClusterSupport
import Foundation
import Synchronization
import Testing

/// `demarc serve` beside a real API server, as people run it: replicas that come, go and are killed, and Pods that must not come in.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeClusterTests {
    // MARK: - Never in the way, never by the way

    /// Asks all the time for Pods that may and Pods that may not come in, and keeps every answer that is not as it should be.
    private final class Load: Sendable {
        private let api: APIServer
        private let state = Mutex((isOver: false, asked: 0, wrong: [String]()))

        init(_ api: APIServer) { self.api = api }

        var asked: Int { state.withLock { $0.asked } }
        var wrong: [String] { state.withLock { $0.wrong } }

        func stop() { state.withLock { $0.isOver = true } }

        /// What was wrong up to here, which is then forgotten.
        func take() -> [String] {
            state.withLock { state in
                defer { state.wrong = [] }
                return state.wrong
            }
        }

        func run() throws {
            while !state.withLock({ $0.isOver }) {
                let requests = (0..<20).map { number in
                    APIServer.Request(
                        "POST", "/api/v1/namespaces/shop/pods?dryRun=All", body: GuardedCluster.pod("load", privileged: number % 2 == 0))
                }
                let responses = try api.send(requests)
                state.withLock { state in
                    for (number, response) in responses.enumerated() {
                        let isRight =
                            number % 2 == 0 ? response.status == 403 && response.body.contains("privileged-containers") : response.status == 201
                        if !isRight {
                            state.wrong.append("\(number % 2 == 0 ? "privileged" : "plain"): \(response.status) \(response.body.prefix(300))")
                        }
                    }
                    state.asked += responses.count
                }
            }
        }
    }

    @Test func replicasComeAndGoWithoutOneWrongAnswer() async throws {
        try await GuardedCluster.running { cluster in
            // Far longer than the balancer needs to hear that one goes.
            let delay = 5
            var replicas = [try await cluster.replica(drainDelay: delay), try await cluster.replica(drainDelay: delay)]
            defer { for replica in replicas { replica.stop() } }
            try cluster.balancer.serve(replicas.map(\.port))
            try await cluster.guarding()
            let load = Load(cluster.api)
            let loading = Task.detached { try load.run() }
            // A rolling restart: one comes before one goes.
            for _ in 0..<2 {
                let next = try await cluster.replica(drainDelay: delay)
                try cluster.balancer.serve(replicas.map(\.port) + [next.port])
                let before = load.asked
                #expect(try await eventually { load.asked > before + 40 })
                let old = replicas.removeFirst()
                replicas.append(next)
                let code = await Task.detached { old.stop() }.value
                #expect(code == 0, "\(old.output.suffix(2_000))")
                try cluster.balancer.serve(replicas.map(\.port))
            }
            let before = load.asked
            #expect(try await eventually { load.asked > before + 40 })
            #expect(load.take() == [], "in a rolling restart every request is answered rightly")

            // One that is killed takes its connections with it. What was on them may be refused, but nothing may come in that must not.
            replicas.removeFirst().killAtOnce()
            #expect(try await eventually { load.asked > before + 120 })
            #expect(load.take().allSatisfy { !$0.hasPrefix("privileged: 201") })
            try cluster.balancer.serve(replicas.map(\.port))

            // Nobody is left: refused, not let in.
            replicas.removeFirst().killAtOnce()
            let alone = load.asked
            #expect(try await eventually { load.asked > alone + 40 })
            let refused = load.take()
            #expect(!refused.isEmpty && refused.allSatisfy { !$0.contains(": 201") && !$0.contains("\": 201") }, "\(refused.first ?? "")")
            #expect(
                try cluster.create(GuardedCluster.pod("system", privileged: true), in: "kube-system", dryRun: true).status == 201,
                "the system goes on")

            // The API server goes and comes back, and so does a replica.
            load.stop()
            try await loading.value
            // As if nobody had answered for ten minutes.
            let past = Date(timeIntervalSinceNow: -600).formatted(Date.ISO8601FormatStyle())
            let sign = try cluster.api.request(
                "PATCH", "/apis/coordination.k8s.io/v1/namespaces/demarc/leases/demarc-heartbeat",
                body: #"{"spec":{"renewTime":"\#(past.dropLast()).000000Z"}}"#, headers: ["Content-Type": "application/merge-patch+json"])
            #expect(sign.status == 200, "\(sign.body)")
            replicas.append(try await cluster.replica())
            try cluster.balancer.serve(replicas.map(\.port))
            try await cluster.guarding()
            try await cluster.api.restart()
            try await cluster.guarding()
            #expect(try cluster.create(GuardedCluster.pod("plain", privileged: false), dryRun: true).status == 201)
            let isKnown = try await eventually { replicas[0].output.contains("reviews were not answered") }
            #expect(isKnown, "the time without an answer is known afterwards")
        }
    }

    @Test func uninstallingLeavesNothing() async throws {
        try await GuardedCluster.running { cluster in
            let replica = try await cluster.replica()
            try cluster.balancer.serve([replica.port])
            try await cluster.guarding()
            #expect(replica.stop() == 0)
            try cluster.forget("demarc")
            let removed = try Program.run(["serve", "--uninstall", "--kubeconfig", cluster.api.kubeconfig.path])
            #expect(removed.code == 0 && removed.errors.contains("removed ValidatingWebhookConfiguration demarc"), "\(removed.errors)")
            let isFree = try await eventually { try cluster.create(GuardedCluster.pod("free", privileged: true), dryRun: true).status == 201 }
            #expect(isFree)
            for path in ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"] {
                #expect(!(try cluster.api.get("/apis/admissionregistration.k8s.io/v1/\(path)").body.contains("demarc")))
            }
            let again = try Program.run(["serve", "--uninstall", "--kubeconfig", cluster.api.kubeconfig.path])
            #expect(again.code == 0 && again.errors.contains("nothing to remove"), "\(again.errors)")
        }
    }

    // MARK: - Every way in

    /// Every Pod of the standard's fixtures, and of the controls' own examples, on each way a Pod can come into a cluster.
    @Test func everyWayInIsGuarded() async throws {
        let version = "1.20"
        let all = try PodFixture.all(for: version)
        let stored = Mutex<[PodFixture]>([])
        try await GuardedCluster.running(.init(controllers: ["deployment", "replicaset"])) { api in
            // What this server does not know it drops, and what it refuses by itself tells nothing.
            let answers = try api.send(all.map { .init("POST", "/api/v1/namespaces/shop/pods", body: $0.pod(named: $0.name)) })
            stored.withLock { kept in kept = zip(all, answers).filter { $1.status == 201 && $0.isContained(in: $1.body) }.map(\.0) }
        } _: { cluster in
            let fixtures = stored.withLock { $0 }
            try #require(fixtures.contains { $0.isAllowed } && fixtures.contains { !$0.isAllowed })
            let replica = try await cluster.replica(["--kubernetes-version", version])
            defer { replica.stop() }
            try cluster.balancer.serve([replica.port])
            try await cluster.guarding()
            let api = cluster.api
            func expect(_ answers: [APIServer.Response], _ way: String) {
                for (fixture, answer) in zip(fixtures, answers) {
                    let isDenied = answer.status == 403 && answer.body.contains("demarc.dev")
                    #expect(
                        isDenied == !fixture.isAllowed && (isDenied || (200..<300).contains(answer.status)),
                        "\(way) \(fixture.name): \(answer.status) \(answer.body.prefix(500))")
                }
            }
            expect(try cluster.send(fixtures.map { .init("POST", "/api/v1/namespaces/shop/pods", body: $0.pod(named: $0.name + "-again")) }), "Pod")

            // By update: another image is another program; a label changes nothing.
            let patch = ["Content-Type": "application/json-patch+json"]
            let image = #"[{"op":"replace","path":"/spec/containers/0/image","value":"r/other"}]"#
            expect(
                try cluster.send(fixtures.map { .init("PATCH", "/api/v1/namespaces/shop/pods/\($0.name)", body: image, headers: patch) }), "update")
            let label = #"[{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]"#
            let labelled = try cluster.send(fixtures.map { .init("PATCH", "/api/v1/namespaces/shop/pods/\($0.name)", body: label, headers: patch) })
            #expect(labelled.allSatisfy { $0.status == 200 })

            // By ephemeral container: as the same container in a Pod of its own. Servers before 1.22 let these have no security context at all, so
            // here they refuse by themselves what asks for something (422); what the webhook says of newer ones is tested without a server.
            _ = try cluster.create(GuardedCluster.pod("host", privileged: false).replacing(#""generateName":"host-""#, with: #""name":"host""#))
            let alone = try cluster.send(fixtures.map { .init("POST", "/api/v1/namespaces/shop/pods?dryRun=All", body: $0.containerAlone) })
            let path = "/api/v1/namespaces/shop/pods/host/ephemeralcontainers"
            let ephemeral = try cluster.send(fixtures.map { .init("PUT", "\(path)?dryRun=All", body: $0.ephemeral(in: "host")) })
            for (fixture, pair) in zip(fixtures, zip(alone, ephemeral)) where pair.0.status == 403 {
                #expect([403, 422].contains(pair.1.status), "ephemeral \(fixture.name): \(pair.1.status) \(pair.1.body.prefix(300))")
            }
            #expect(ephemeral.contains { $0.status == 200 })

            // By another namespace's name, in each way in which labels are written: newer servers write this one themselves.
            let name = #"{"metadata":{"labels":{"kubernetes.io/metadata.name":"kube-system"}}}"#
            for way in ["", "/status"] {
                _ = try api.request("PATCH", "/api/v1/namespaces/shop\(way)", body: name, headers: ["Content-Type": "application/merge-patch+json"])
            }
            let shop = try api.get("/api/v1/namespaces/shop").body
            let renamed = shop.replacing(#""metadata":{"#, with: #""metadata":{"labels":{"kubernetes.io/metadata.name":"kube-system"},"#)
            _ = try api.request("PUT", "/api/v1/namespaces/shop/finalize", body: renamed, headers: ["Content-Type": "application/json"])
            #expect(try !api.get("/api/v1/namespaces/shop").body.contains(#""kubernetes.io/metadata.name":"kube-system""#))

            // As a Deployment, whose Pods a controller makes.
            let created = try api.send(fixtures.map { .init("POST", "/apis/apps/v1/namespaces/shop/deployments", body: $0.deployment) })
            #expect(created.allSatisfy { $0.status == 201 })
            let outcomes = Mutex<[String: Bool]>([:])
            let isDone = try await eventually(600) {
                outcomes.withLock { $0 = (try? Self.outcomes(api)) ?? [:] }
                return fixtures.allSatisfy { fixture in outcomes.withLock { $0["d-" + fixture.name] != nil } }
            }
            #expect(isDone)
            for fixture in fixtures { #expect(outcomes.withLock { $0["d-" + fixture.name] } == fixture.isAllowed, "Deployment \(fixture.name)") }
            print(
                "bypass: \(fixtures.count) Pods (\(fixtures.count { !$0.isAllowed }) forbidden) as Pod, update, ephemeral container, Deployment; \(all.count - fixtures.count) this server cannot hold"
            )
        }
    }

    /// By Deployment: whether its Pod came in, as far as its ReplicaSet tells yet.
    private static func outcomes(_ api: APIServer) throws -> [String: Bool] {
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(api.get("/apis/apps/v1/namespaces/shop/replicasets").body.utf8)) as? [String: Any])
        var outcomes: [String: Bool] = [:]
        for item in list["items"] as? [[String: Any]] ?? [] {
            let metadata = item["metadata"] as? [String: Any]
            guard let owner = (metadata?["ownerReferences"] as? [[String: Any]])?.first?["name"] as? String,
                let status = item["status"] as? [String: Any]
            else { continue }
            let conditions = status["conditions"] as? [[String: Any]] ?? []
            if (status["replicas"] as? Int ?? 0) > 0 { outcomes[owner] = true }
            // A webhook that did not answer in time is asked again by the controller, and has said nothing yet.
            let refusals = conditions.filter { $0["type"] as? String == "ReplicaFailure" }.compactMap { $0["message"] as? String }
            if refusals.contains(where: { $0.contains("demarc.dev") && $0.contains("denied the request") }) { outcomes[owner] = false }
        }
        return outcomes
    }
}
