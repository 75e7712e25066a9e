import ClusterSupport
import Documents
import Testing

@testable import KubernetesClient

struct DiscoveryTests {
    private static func answer(_ text: String) -> DiscoveryAnswer {
        DiscoveryAnswer(root: DocumentTree.parse(text).tree.roots[0], purpose: "discovery")
    }

    @Test func theAggregatedFormSaysAllAtOnce() throws {
        var reading = DiscoveryReading()
        let rest = try reading.take(
            Self.answer(
                """
                {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[
                 {"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[
                  {"resource":"deployments","responseKind":{"group":"apps","version":"v1","kind":"Deployment"},"scope":"Namespaced","verbs":["get","list"],
                   "subresources":[{"subresource":"scale"}]}]}]},
                 {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]},
                 {"metadata":{},"versions":[{"version":"v1","resources":[
                  {"resource":"nodes","responseKind":{"group":"","version":"","kind":"Node"},"scope":"Cluster","verbs":["list"]}]}]}]}
                """))
        #expect(rest.isEmpty)
        #expect(
            reading.resources == [
                Resource(group: "apps", version: "v1", name: "deployments", kind: "Deployment", isNamespaced: true, verbs: ["get", "list"]),
                Resource(version: "v1", name: "nodes", kind: "Node", isNamespaced: false, verbs: ["list"]),
            ])
        #expect(
            reading.failures.map(\.description) == [
                "discovery: the server behind metrics.k8s.io/v1beta1 does not answer, so its resources may be missing"
            ])
    }

    @Test func theOlderFormIsAskedVersionByVersion() throws {
        var reading = DiscoveryReading()
        #expect(try reading.take(Self.answer(#"{"kind":"APIVersions","versions":["v1"]}"#)) == [GroupVersion(group: "", version: "v1")])
        let groups = try reading.take(
            Self.answer(
                """
                {"kind":"APIGroupList","groups":[{"name":"batch","versions":[{"version":"v1beta1"},{"version":"v1"}],
                 "preferredVersion":{"version":"v1"}}]}
                """))
        #expect(groups.map(\.path) == ["/apis/batch/v1", "/apis/batch/v1beta1"], "the preferred one first")
        try reading.take(
            Self.answer(
                """
                {"kind":"APIResourceList","resources":[{"name":"jobs","namespaced":true,"kind":"Job","verbs":["list"]},
                 {"name":"jobs/status","namespaced":true,"kind":"Job","verbs":["get"]}]}
                """), of: groups[0])
        #expect(reading.resources == [Resource(group: "batch", version: "v1", name: "jobs", kind: "Job", isNamespaced: true, verbs: ["list"])])
    }

    @Test(arguments: [#"{"kind":"Status"}"#, "{}", #"{"kind":"APIGroupList","groups":7}"#, #"{"kind":"APIVersions","versions":[{}]}"#])
    func whatIsNoDiscoveryIsAnError(text: String) {
        var reading = DiscoveryReading()
        #expect(throws: ClusterError.self) { try reading.take(Self.answer(text)) }
    }

    /// One group whose server is down hides itself and nothing else.
    @Test func aGroupThatDoesNotAnswerIsAFailureOfItsOwn() async throws {
        try await FakeServer.running { request, _ in
            switch request.path {
            case "/api": .init(200, #"{"kind":"APIVersions","versions":["v1"]}"#)
            case "/apis": .init(200, #"{"kind":"APIGroupList","groups":[{"name":"down.example","versions":[{"version":"v1"}]}]}"#)
            case "/api/v1": .init(200, #"{"resources":[{"name":"pods","namespaced":true,"kind":"Pod","verbs":["list"]}]}"#)
            default: .init(503)
            }
        } _: { (server) async throws in
            let found = try await server.client(attempts: 2) { try await $0.discovery() }
            #expect(found.resources.map(\.name) == ["pods"])
            #expect(found.failures.map(\.description) == ["ask /apis/down.example/v1 what the cluster offers: the server failed (503)"])
            #expect(server.requests.first?.header("Accept").first?.hasPrefix("application/json;g=apidiscovery.k8s.io;v=v2;") == true)
        }
    }

    @Test func aTableOfSecretsHasTheirTypesAndNoValues() throws {
        let secrets = Resource(version: "v1", name: "secrets", kind: "Secret", isNamespaced: true)
        let table = try SecretTable(
            Self.answer(
                """
                {"kind":"Table","metadata":{"continue":"next"},"columnDefinitions":[{"name":"Name"},{"name":"Type"},{"name":"Data"}],
                 "rows":[{"cells":["login","kubernetes.io/tls",2],"object":{"metadata":{"name":"login","namespace":"shop","annotations":
                  {"kubectl.kubernetes.io/last-applied-configuration":"aHVudGVyMg==","other":"kept"}}}}]}
                """
            ).root, resource: secrets, purpose: "list")
        #expect(table.continueToken == "next")
        #expect(
            table.secrets.map(\.json) == [
                #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"login","namespace":"shop","annotations":{"other":"kept"}},"type":"kubernetes.io/tls"}"#
            ])
        // A server that gives the Secrets themselves instead is not listened to.
        let error = #expect(throws: ClusterError.self) {
            try SecretTable(Self.answer(#"{"kind":"SecretList","items":[]}"#).root, resource: secrets, purpose: "list")
        }
        #expect(error?.kind == .malformed)
    }
}
