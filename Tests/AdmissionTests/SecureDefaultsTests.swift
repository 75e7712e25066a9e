import Admission
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

struct SecureDefaultsTests {
    static let plain = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec:
          containers:
          - {name: app, image: web}
        """

    @Test func aPlainPodGetsThemAll() throws {
        let estate = AdmissionEstate(runtimeClasses: ["gvisor", "other"])
        let reply = try Fixture.ask(Review(Self.plain), .mutate, estate: estate)
        #expect(reply.answer.decision == .mutate && reply.response["patchType"] as? String == "JSONPatch")
        #expect(reply.notes["defaults"] == "runtimeClassName,seccompProfile,capabilities,automountServiceAccountToken")
        let pod = try patched(Self.plain, reply.patch)
        #expect(pod["spec"]["runtimeClassName"].text == "gvisor")
        #expect(pod["spec"]["securityContext"]["seccompProfile"]["type"].text == "RuntimeDefault")
        #expect(try pod["spec"]["automountServiceAccountToken"].bool() == false)
        let container = try #require(try pod["spec"]["containers"].items().first { _ in true })
        #expect(try container["securityContext"]["capabilities"]["drop"].strings() == ["ALL"])
    }

    /// Asked a second time, as the API server may, there is nothing left to fill in.
    @Test(arguments: [
        plain, Fixture.privileged,
        plain.replacing("{name: app, image: web}", with: "{name: app, image: web, securityContext: {capabilities: {add: [CHOWN]}}}"),
        plain.replacing("  containers:", with: "  initContainers:\n  - {name: i, image: i, securityContext: {runAsUser: 1}}\n  containers:"),
    ])
    func patchingTwiceChangesNothing(manifest: String) throws {
        let estate = AdmissionEstate(runtimeClasses: ["kata"])
        let first = try Fixture.ask(Review(manifest), .mutate, estate: estate)
        let pod = CanonicalJSON.text(of: try patched(manifest, first.patch))
        #expect(try Fixture.ask(Review(pod), .mutate, estate: estate).answer.decision == .allow)
    }

    @Test func whatTheAuthorSaysStays() throws {
        #expect(try Fixture.ask(Review(Fixture.hardened), .mutate, estate: AdmissionEstate(runtimeClasses: ["rund"])).answer.decision == .allow)
    }

    @Test func aSandboxThatTheClusterLacksIsNotAskedFor() throws {
        #expect(try Fixture.ask(Review(Self.plain), .mutate).notes["defaults"]?.contains("runtimeClassName") == false)
    }

    @Test(arguments: ["hostNetwork", "hostPID", "hostIPC"])
    func whoAsksForTheHostGetsNoSandbox(field: String) throws {
        let manifest = Self.plain.replacing("  containers:", with: "  \(field): true\n  containers:")
        let reply = try Fixture.ask(Review(manifest), .mutate, estate: AdmissionEstate(runtimeClasses: ["rund"]))
        #expect(reply.notes["defaults"]?.contains("runtimeClassName") == false)
    }

    @Test(arguments: ["os: {name: windows}", "nodeSelector: {kubernetes.io/os: windows}"])
    func windowsGetsNothingOfLinux(field: String) throws {
        let manifest = Self.plain.replacing("  containers:", with: "  \(field)\n  containers:")
        let reply = try Fixture.ask(Review(manifest), .mutate, estate: AdmissionEstate(runtimeClasses: ["rund"]))
        #expect(reply.notes["defaults"] == "automountServiceAccountToken")
    }

    @Test func aContainerKeepsWhatItAdds() throws {
        let manifest = Self.plain.replacing("image: web}", with: "image: web, securityContext: {capabilities: {add: [CHOWN]}}}")
        let reply = try Fixture.ask(Review(manifest), .mutate)
        let container = try #require(try patched(manifest, reply.patch)["spec"]["containers"].items().first { _ in true })
        #expect(try container["securityContext"]["capabilities"]["add"].strings() == ["CHOWN"])
        #expect(try container["securityContext"]["capabilities"]["drop"].strings() == ["ALL"])
    }

    /// The API server has mounted the token already.
    @Test(arguments: [
        ("kube-api-access-x2v9", "projected: {sources: [{serviceAccountToken: {path: token}}]}"),
        ("default-token-abcde", "secret: {secretName: default-token-abcde}"),
    ])
    func theInjectedTokenGoes(name: String, source: String) throws {
        let manifest = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              serviceAccountName: default
              volumes:
              - {name: data, emptyDir: {}}
              - {name: \(name), \(source)}
              initContainers:
              - {name: i, image: web, volumeMounts: [{name: \(name), mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]}
              containers:
              - name: app
                image: web
                volumeMounts:
                - {name: data, mountPath: /data}
                - {name: \(name), mountPath: /var/run/secrets/kubernetes.io/serviceaccount}
            """
        let pod = try patched(manifest, try Fixture.ask(Review(manifest), .mutate).patch)
        #expect(try pod["spec"]["volumes"].items().map { $0["name"].text } == ["data"])
        for list in ["initContainers", "containers"] {
            let container = try #require(try pod["spec"].entry(named: list).items().first { _ in true })
            #expect(try container["volumeMounts"].items().allSatisfy { $0["name"].text == "data" })
        }
    }

    @Test(arguments: ["serviceAccountName: shop", "automountServiceAccountToken: true"])
    func whoNeedsATokenKeepsIt(field: String) throws {
        let manifest = Self.plain.replacing("  containers:", with: "  \(field)\n  containers:")
        #expect(try Fixture.ask(Review(manifest), .mutate).notes["defaults"]?.contains("automount") == false)
    }

    @Test func onlyNewPodsOfTenants() throws {
        let review = Review(Self.plain)
        #expect(try Fixture.ask(review.with { ($0.operation, $0.old) = ("UPDATE", Self.plain) }, .mutate).patch.isEmpty)
        let system = review.with { ($0.namespace, $0.manifest) = ("kube-system", Self.plain.replacing("shop", with: "kube-system")) }
        #expect(try Fixture.ask(system, .mutate).patch.isEmpty)
    }

    /// RFC 6902, as much of it as a patch uses.
    private func patched(_ manifest: String, _ operations: [[String: Any]]) throws -> Value {
        var document = try Review.json(try #require(DocumentTree.parse(manifest).tree.roots.first))
        for operation in operations {
            let path = try #require(operation["path"] as? String).split(separator: "/").map(String.init)
            document = try apply(operation, to: document, at: path[...])
        }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: document), as: UTF8.self)
        return try #require(DocumentTree.parse(text).tree.roots.first)
    }

    private func apply(_ operation: [String: Any], to document: Any, at path: ArraySlice<String>) throws -> Any {
        let step = try #require(path.first)
        let rest = path.dropFirst()
        if var list = document as? [Any] {
            let index = try #require(Int(step))
            #expect(list.indices.contains(index))
            if !rest.isEmpty { list[index] = try apply(operation, to: list[index], at: rest) } else { list.remove(at: index) }
            return list
        }
        var map = try #require(document as? [String: Any])
        if !rest.isEmpty {
            map[step] = try apply(operation, to: try #require(map[step], "\(step) is not there"), at: rest)
        } else {
            map[step] = operation["op"] as? String == "remove" ? nil : operation["value"]
        }
        return map
    }
}
