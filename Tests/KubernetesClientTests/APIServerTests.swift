import ClusterSupport
import Documents
import Foundation
import Testing

@testable import KubernetesClient

/// The client against a real API server.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct APIServerTests {
    private static let configMaps = Resource(version: "v1", name: "configmaps", kind: "ConfigMap", isNamespaced: true)
    private static let namespaces = Resource(version: "v1", name: "namespaces", kind: "Namespace", isNamespaced: false)

    private static func connected<R: Sendable>(
        _ server: APIServer, as impersonation: Impersonation? = nil, _ body: @Sendable (ClusterClient) async throws -> R
    ) async throws -> R {
        let options = ConnectionOptions(kubeconfig: server.kubeconfig.path, impersonation: impersonation, environment: [:])
        return try await ClusterClient.connected(to: options.connection(), body)
    }

    private static func configMap(_ name: String, _ data: KeyValuePairs<String, ManifestText>, version: String? = nil) -> ManifestText {
        var metadata: [ManifestText.Entry] = [.init("name", .text(name))]
        if let version { metadata.append(.init("resourceVersion", .text(version))) }
        return .map(["apiVersion": .text("v1"), "kind": .text("ConfigMap"), "metadata": .map(metadata), "data": .map(data)])
    }

    private static func kind(_ body: () async throws -> Void) async -> ClusterError.Kind? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? ClusterError)?.kind
        }
    }

    @Test func discoveryFindsWhatTheServerHas() async throws {
        try await APIServer.running { server in
            let found = try await Self.connected(server) { try await $0.discovery() }
            #expect(found.failures.isEmpty)
            let names = Set(found.resources.map { "\($0.apiVersion) \($0.name)" })
            #expect(names.isSuperset(of: ["v1 pods", "apps/v1 deployments", "rbac.authorization.k8s.io/v1 clusterroles"]))
            #expect(found.resources.first { $0.name == "pods" }?.isNamespaced == true)
            #expect(found.resources.first { $0.name == "nodes" }?.isNamespaced == false)
            #expect(!names.contains { $0.contains("/status") })
        }
    }

    @Test func objectsAreMadeChangedAndRemoved() async throws {
        try await APIServer.running { server in
            try await Self.connected(server) { client in
                let reference = ObjectReference(Self.configMaps, namespace: "default", name: "one")
                let made = try await client.create(Self.configMap("one", ["a": .text("1")]), Self.configMaps, namespace: "default")
                let version = made["metadata"]["resourceVersion"].text
                #expect(
                    await Self.kind { _ = try await client.create(Self.configMap("one", [:]), Self.configMaps, namespace: "default") } == .conflict)
                let replaced = try await client.replace(Self.configMap("one", ["a": .text("2")], version: version), reference)
                #expect(replaced["data"]["a"].text == "2")
                // The version that was read is no longer the newest.
                #expect(await Self.kind { _ = try await client.replace(Self.configMap("one", [:], version: version), reference) } == .conflict)

                let applied = try await client.apply(Self.configMap("one", ["b": .text("3")]), reference, manager: "demarc")
                #expect(applied["data"]["a"].text == "2" && applied["data"]["b"].text == "3")
                let other = Self.configMap("one", ["b": .text("4")])
                #expect(await Self.kind { _ = try await client.apply(other, reference, manager: "other") } == .conflict)
                #expect(try await client.apply(other, reference, manager: "other", force: true)["data"]["b"].text == "4")

                #expect(await Self.kind { try await client.delete(reference, uid: "another") } == .conflict)
                try await client.delete(reference, uid: made["metadata"]["uid"].text)
                #expect(await Self.kind { _ = try await client.get(reference) } == .notFound)

                let space = ObjectReference(Self.namespaces, name: "default")
                let condition = ManifestText.map(["type": .text("Judged"), "status": .text("True")])
                let patched = try await client.patchStatus(.map(["conditions": .list([condition])]), space, manager: "demarc")
                #expect(patched["status"]["conditions"].count == 1)
            }
        }
    }

    @Test func rightsAndTokensAreReviewed() async throws {
        try await APIServer.running(users: ["alice": ["dev", "ops"]]) { server in
            let token = try #require(server.tokens["alice"])
            try await Self.connected(server) { client in
                let alice = try #require(try await client.identity(of: Secret(token)))
                #expect(alice.user == "alice")
                #expect(Set(alice.groups) == ["dev", "ops", "system:authenticated"])
                #expect(try await client.identity(of: Secret("nobody's")) == nil)
                #expect(try await !client.may(alice, Permission("list", "secrets", namespace: "default")).isAllowed)
                let admin = TokenIdentity(user: "x", uid: "", groups: ["system:masters"])
                #expect(try await client.may(admin, Permission("get", "pods/log", namespace: "default", name: "web")).isAllowed)
            }
        }
    }

    /// Of two who want a lease one has it, until it has been silent for as long as it said.
    @Test func aLeaseHasOneHolder() async throws {
        try await APIServer.running { server in
            try await Self.connected(server) { client in
                let leases = ["one", "two"].map {
                    Lease(client, namespace: "default", name: "demarc", identity: $0, duration: .seconds(3))
                }
                // Both find that there is none, and one of them is faster.
                async let first = leases[0].attempt()
                async let second = leases[1].attempt()
                let got = try await [first, second]
                #expect(got.count { $0 } == 1)
                let (holder, other) = got[0] ? (leases[0], leases[1]) : (leases[1], leases[0])
                #expect(!other.isHeld)
                #expect(try await holder.attempt(), "it is renewed by its holder")

                // The holder falls silent. Each attempt takes some milliseconds, so this ends.
                var attempts = 0
                while try await !other.attempt(), attempts < 20_000 { attempts += 1 }
                #expect(attempts > 0 && attempts < 20_000)
                #expect(other.isHeld && !holder.isHeld, "never both")
                #expect(try await !holder.attempt())
                let lease = try await client.get(ObjectReference(Lease.resource, namespace: "default", name: "demarc"))
                #expect(lease["spec"]["holderIdentity"].text == (got[0] ? "two" : "one"))
                #expect(lease["spec"]["leaseTransitions"].text == "1")
            }
        }
    }

    /// Who ends does not make others wait for the rest of its time.
    @Test func aLeaseIsGivenUp() async throws {
        try await APIServer.running { server in
            try await Self.connected(server) { client in
                let leases = ["one", "two"].map { Lease(client, namespace: "default", name: "demarc", identity: $0, duration: .seconds(3_600)) }
                #expect(try await leases[0].attempt())
                let token = try #require(leases[0].token)
                #expect(try await !leases[1].attempt())
                // Nobody gives up what another holds.
                try await leases[1].release()
                #expect(try await leases[0].attempt())
                try await leases[0].release()
                #expect(!leases[0].isHeld && leases[0].token == nil)
                let reference = ObjectReference(Lease.resource, namespace: "default", name: "demarc")
                #expect(try await client.get(reference)["spec"]["holderIdentity"].text == "")
                #expect(try await leases[1].attempt())
                #expect(leases[1].token.map { $0 > token } == true, "what is written under it can be told apart")
                // Late, it takes nothing from the next one.
                try await leases[0].release()
                #expect(try await client.get(reference)["spec"]["holderIdentity"].text == "two")
            }
        }
    }

    /// Secrets are watched without their values, and each event has the type.
    @Test func secretsAreWatchedWithoutValues() async throws {
        let secrets = Resource(version: "v1", name: "secrets", kind: "Secret", isNamespaced: true)
        @Sendable func secret(_ name: String) -> ManifestText {
            .map([
                "apiVersion": .text("v1"), "kind": .text("Secret"), "metadata": .map(["name": .text(name)]), "type": .text("example.com/key"),
                "stringData": .map(["key": .text("hidden-\(name)")]),
            ])
        }
        try await APIServer.running { server in
            try await Self.connected(server) { client in
                _ = try await client.create(secret("a"), secrets, namespace: "default")
                var story: [String] = []
                for try await event in client.watch(ListQuery(secrets, namespace: "default")) {
                    switch event {
                    case .beginsAnew: story.append("anew")
                    case .present(let object):
                        guard object["type"].text == "example.com/key" else { continue }
                        story.append("+\(object["metadata"]["name"].text)")
                        #expect(object["kind"].text == "Secret" && !object["data"].exists && !object["stringData"].exists)
                        #expect(!"\(ManifestText(object))".contains("hidden"))
                        if object["metadata"]["name"].text == "b" {
                            try await client.delete(ObjectReference(secrets, namespace: "default", name: "b"))
                        }
                    case .unreadable(let object): story.append("?\(object.name)")
                    case .deleted(let object): story.append("-\(object["metadata"]["name"].text)")
                    case .listed:
                        story.append("listed")
                        _ = try await client.create(secret("b"), secrets, namespace: "default")
                    }
                    if story.last == "-b" { break }
                }
                #expect(story == ["anew", "+a", "listed", "+b", "-b"])
            }
        }
    }

    /// A watch goes on over a restart of the server, and misses nothing that happens around it.
    @Test func aWatchGoesOnOverARestart() async throws {
        try await APIServer.running { server in
            try await Self.connected(server) { client in
                var query = ListQuery(Self.configMaps, namespace: "default")
                query.limit = 2
                for name in ["a", "b", "c"] { _ = try await client.create(Self.configMap(name, [:]), Self.configMaps, namespace: "default") }
                var known: Set<String> = []
                var seen: Set<String> = []
                var lists = 0
                for try await event in client.watch(query) {
                    switch event {
                    case .beginsAnew: known = []
                    case .present(let object):
                        let name = object["metadata"]["name"].text
                        known.insert(name)
                        seen.insert(name)
                        if name == "d" {
                            try await server.restart()
                            _ = try await client.create(Self.configMap("e", [:]), Self.configMaps, namespace: "default")
                            try await client.delete(ObjectReference(Self.configMaps, namespace: "default", name: "a"))
                            _ = try await client.create(Self.configMap("f", [:]), Self.configMaps, namespace: "default")
                        }
                    case .unreadable(let object): Issue.record("\(object)")
                    case .deleted(let object): known.remove(object["metadata"]["name"].text)
                    case .listed:
                        lists += 1
                        if lists == 1 {
                            #expect(known.isSuperset(of: ["a", "b", "c"]))
                            _ = try await client.create(Self.configMap("d", [:]), Self.configMaps, namespace: "default")
                        }
                    }
                    if seen.contains("f") { break }
                }
                #expect(seen.isSuperset(of: ["d", "e", "f"]))
                #expect(!known.contains("a") && known.isSuperset(of: ["b", "c", "d", "e", "f"]))
            }
        }
    }
}
