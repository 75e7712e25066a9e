import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

@testable import Server

/// The webhook configurations that are installed from Kubernetes 1.28 on, their conditions in CEL included: worked out by the code of today's
/// Kubernetes, which then calls `demarc serve` or does not.
@Suite(.enabled(if: ModernKubernetes.isAvailable, "\(ModernKubernetes.whyNot)"))
struct ServeModernWebhookTests {
    private typealias Request = ModernKubernetes.Request

    private static func configurations(_ port: Int, _ authority: String, version: KubernetesVersion = KubernetesVersion(1, 36)) -> String {
        let settings = InstallationSettings(
            namespace: "demarc", endpoint: .url("https://localhost:\(port)"), version: version, systemNamespaces: ["ack-csi-fuse"])
        return ServeModernPolicyTests.namespaces
            + WebhookConfigurations(settings: settings, bundle: authority, owner: nil).objects.map(\.manifest.yaml).joined(separator: "---\n")
    }

    /// Asks with a server that answers, and again when that is gone.
    private static func admit(
        _ requests: [Request], version: KubernetesVersion = KubernetesVersion(1, 36)
    ) async throws -> (up: [ModernKubernetes.Answer], down: [ModernKubernetes.Answer]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await Serving(["--standalone", "--drain-delay", "0", "--model", "acs"], in: folder)
        defer { server.stop() }
        let authority = try String(contentsOf: folder.appending(path: "demarc-data/ca.crt"), encoding: .utf8)
        let cluster = configurations(server.port, authority, version: version)
        let up = try ModernKubernetes.admit(requests, in: cluster).answers
        server.stop()
        return (up, try ModernKubernetes.admit(requests, in: cluster).answers)
    }

    // MARK: - Requests

    private static let nodes = ["system:nodes", "system:authenticated"]

    private static func pod(_ metadata: String = "", privileged: Bool = false, more: String = "") -> String {
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"shop"\(metadata)},"spec":{\(more)"containers":[{"name":"a",\
        "image":"r/a@sha256:\(String(repeating: "ab", count: 32))","securityContext":{"privileged":\(privileged)}}]}}
        """
    }

    private static func create(_ pod: String, groups: [String] = ["system:authenticated"]) -> Request {
        Request("v1/Pod", "pods", pod).with { $0.groups = groups }
    }

    private static func update(_ object: String, _ old: String, subresource: String = "") -> Request {
        Request("v1/Pod", "pods", object).with { ($0.operation, $0.oldObject, $0.subresource) = ("UPDATE", old, subresource) }
    }

    private static let mirror = #","annotations":{"kubernetes.io/config.mirror":"x"}"#
    private static let owner = #","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"r","uid":"u"}]"#
    private static let another = #","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"s","uid":"v"}]"#
    private static let finalizer = #","finalizers":["batch.kubernetes.io/job-tracking"]"#
    private static let debugging = #""ephemeralContainers":[{"name":"d","securityContext":{"privileged":true}}],"#

    /// What the server says of it, where it is asked.
    private enum Verdict { case allowed, refused }

    private struct Case: Sendable {
        var name: String
        var request: Request
        /// The webhooks that hear of it.
        var called: [String]
        var verdict = Verdict.allowed
        /// Whether it goes through while nobody answers.
        var isOpen: Bool

        init(_ name: String, _ request: Request, _ called: [String], _ verdict: Verdict = .allowed, open isOpen: Bool) {
            (self.name, self.request, self.called, self.verdict, self.isOpen) = (name, request, called, verdict, isOpen)
        }
    }

    private static let creations: [Case] = [
        Case("a Pod", create(pod()), ["defaults", "pods"], open: false),
        Case("a privileged Pod", create(pod(privileged: true)), ["defaults", "pods"], .refused, open: false),
        Case("a mirror Pod", create(pod(mirror, privileged: true), groups: nodes), [], open: true),
        Case("a node's Pod without that annotation", create(pod(), groups: nodes), ["defaults", "pods"], open: false),
        Case("one with another annotation", create(pod(#","annotations":{"a":"b"}"#), groups: nodes), ["defaults", "pods"], open: false),
        Case("a tenant's mirror Pod", create(pod(mirror, privileged: true)), ["defaults", "pods"], .refused, open: false),
        Case("one by somebody in no group", create(pod(mirror, privileged: true), groups: []), ["defaults", "pods"], .refused, open: false),
        Case("in an exempt namespace", create(pod(privileged: true)).with { $0.namespace = "kube-system" }, [], open: true),
        Case("in the server's namespace", create(pod(privileged: true)).with { $0.namespace = "demarc" }, [], open: true),
    ]

    private static let updates: [Case] = [
        Case("nothing", update(pod(), pod()), [], open: true), Case("a finalizer is gone", update(pod(), pod(finalizer)), [], open: true),
        Case("of a privileged Pod, too", update(pod(privileged: true), pod(finalizer, privileged: true)), [], open: true),
        Case("a finalizer comes", update(pod(finalizer), pod()), [], open: true),
        Case("an owner is gone", update(pod(), pod(owner)), [], open: true),
        Case("an owner stays", update(pod(owner), pod(owner + finalizer)), [], open: true),
        Case("an owner comes", update(pod(owner), pod()), ["pods"], open: false),
        Case("another owner", update(pod(another), pod(owner)), ["pods"], open: false),
        Case("a label comes", update(pod(#","labels":{"a":"b"}"#), pod()), ["pods"], open: false),
        Case("a label goes", update(pod(), pod(#","labels":{"a":"b"}"#)), ["pods"], open: false),
        Case("an annotation", update(pod(#","annotations":{"a":"c"}"#), pod(#","annotations":{"a":"b"}"#)), ["pods"], open: false),
        Case("an annotation stays", update(pod(#","annotations":{"a":"b"}"#), pod(#","annotations":{"a":"b"}"# + finalizer)), [], open: true),
        Case("the spec", update(pod(more: #""hostNetwork":true,"#), pod()), ["pods"], .refused, open: false),
        Case("an ephemeral container", update(pod(more: debugging), pod(), subresource: "ephemeralcontainers"), ["pods"], .refused, open: false),
        Case("the same by that way", update(pod(), pod(), subresource: "ephemeralcontainers"), ["pods"], open: false),
        Case("a status", update(pod(), pod(), subresource: "status"), [], open: true),
        Case("a deletion", update("", pod()).with { ($0.operation, $0.object) = ("DELETE", nil) }, [], open: true),
    ]

    private static let shell = Request("v1/PodExecOptions", "pods", #"{"apiVersion":"v1","kind":"PodExecOptions","command":["sh"]}"#).with {
        ($0.operation, $0.subresource) = ("CONNECT", "exec")
    }
    private static let grant = Request(
        "demarc.dev/v1alpha1/PrivilegeGrant", "privilegegrants",
        """
        {"apiVersion":"demarc.dev/v1alpha1","kind":"PrivilegeGrant","metadata":{"name":"a","namespace":"shop"},"spec":{"workload":{"kind":"Pod",\
        "name":"a","serviceAccountName":"default"},"privileges":[{"control":"host-ports"}],"justification":"j","accountable":{"team":"t"},\
        "notBefore":"2026-06-01T00:00:00Z","expires":"2026-07-01T00:00:00Z"}}
        """)

    private static func deployment(_ template: String) -> Request {
        Request(
            "apps/v1/Deployment", "deployments",
            #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"template":\#(template)}}"#)
    }

    private static func replicaSet(_ metadata: String, before: String, subresource: String) -> Request {
        func object(_ metadata: String) -> String {
            """
            {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"r","namespace":"shop"\(metadata)},"spec":{"selector":{"matchLabels":{"a":"b"}},\
            "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"r/a"}]}}}}
            """
        }
        return Request("apps/v1/ReplicaSet", "replicasets", object(metadata)).with {
            ($0.operation, $0.oldObject, $0.subresource) = ("UPDATE", object(before), subresource)
        }
    }

    private static let statuses: [Case] = [
        Case("a ReplicaSet's status", replicaSet("", before: "", subresource: "status"), [], open: true),
        Case("with its owner", replicaSet(another, before: another, subresource: "status"), [], open: true),
        Case("that loses its owner", replicaSet("", before: another, subresource: "status"), [], open: true),
        Case("that gets an owner", replicaSet(another, before: "", subresource: "status"), ["pods"], open: false),
        Case("another owner", replicaSet(another, before: owner, subresource: "status"), ["pods"], open: false),
        Case("the ReplicaSet itself", replicaSet("", before: "", subresource: ""), ["pods"], open: false),
        Case(
            "a grant's status", grant.with { ($0.operation, $0.oldObject, $0.subresource) = ("UPDATE", $0.object, "status") }, ["grants", "pods"],
            open: false),
    ]

    private static let others: [Case] = [
        // Conditions about Pods are worked out for these, too, and must be no error there.
        Case("a shell", shell, ["pods"], open: false), Case("a grant", grant, ["grants", "pods"], open: false),
        Case("a Deployment", deployment(#"{"spec":{"containers":[{"name":"a","image":"r/a"}]}}"#), ["objects"], open: true),
        Case("a ConfigMap", Request("v1/ConfigMap", "configmaps", #"{"apiVersion":"v1","kind":"ConfigMap"}"#), [], open: true),
    ]

    private static func full(_ names: [String]) -> [String] { names.map { $0 + ".demarc.dev" } }

    // MARK: - Tests

    @Test func conditionsDecideWhoIsCalled() async throws {
        let cases = Self.creations + Self.updates + Self.statuses + Self.others
        let (up, down) = try await Self.admit(cases.map(\.request))
        for (expected, answer) in zip(cases, up) {
            #expect(answer.called == Self.full(expected.called), "\(expected.name): \(answer)")
            #expect(answer.allowed == (expected.verdict == .allowed), "\(expected.name): \(answer.status?.message ?? "let in")")
            #expect(answer.allowed || answer.status?.message.contains("denied the request: ") == true, "\(expected.name): \(answer)")
        }
        for (expected, answer) in zip(cases, down) {
            #expect(answer.allowed == expected.isOpen, "\(expected.name), nobody answers: \(answer)")
            #expect(answer.allowed || answer.status?.message.contains("failed calling webhook") == true, "\(expected.name): \(answer)")
            // A mutating webhook that fails closed keeps the validating ones from being asked.
            let isSubset = Set(answer.called).isSubset(of: Self.full(expected.called)) && answer.called.isEmpty == expected.called.isEmpty
            #expect(isSubset, "\(expected.name), nobody answers: \(answer.called)")
        }
    }

    /// What the mutating webhook fills in is applied by the real code, and the validating one decides about that.
    @Test func defaultsAreApplied() async throws {
        let (up, down) = try await Self.admit([Self.create(Self.pod())])
        let filled = Reading(try #require(up[0].object))["spec"]
        #expect(filled["automountServiceAccountToken"].flag == false || filled["securityContext"]["seccompProfile"]["type"].text == "RuntimeDefault")
        #expect(down[0].object == nil)
    }

    /// The same without conditions, as before 1.28: everything is asked about.
    @Test func olderServersAskAboutEverything() async throws {
        let requests = [Self.create(Self.pod(Self.mirror), groups: Self.nodes), Self.update(Self.pod(), Self.pod(Self.finalizer))]
        let (up, down) = try await Self.admit(requests, version: KubernetesVersion(1, 27))
        #expect(up.map(\.called) == [Self.full(["defaults", "pods"]), Self.full(["pods"])])
        #expect(down.map(\.allowed) == [false, false])
    }

    /// Conditions may cost only so much, and one that costs more refuses: a Pod as large as the store takes them must end all the same.
    @Test func largePodsEndWhileNobodyAnswers() async throws {
        let variables = (0..<30_000).map { #"{"name":"V\#($0)","value":"\#($0)"}"# }.joined(separator: ",")
        let labels = (0..<1000).map { #""l\#($0)":"\#($0)""# }.joined(separator: ",")
        let annotations = (0..<200).map { #""a\#($0)":"\#(String(repeating: "x", count: 1000))""# }.joined(separator: ",")
        let metadata = #","labels":{\#(labels)},"annotations":{\#(annotations)}"#
        let more = #""initContainers":[{"name":"i","image":"r/i","env":[\#(variables)]}],"#
        let (large, old) = (Self.pod(metadata, more: more), Self.pod(metadata + Self.finalizer + Self.owner, more: more))
        try #require(large.utf8.count > 900_000 && large.utf8.count < 1_500_000)
        let (_, down) = try await Self.admit([Self.update(large, old), Self.update(large, Self.pod(metadata + Self.finalizer))])
        #expect(down[0].allowed && down[0].called.isEmpty, "\(down[0])")
        #expect(!down[1].allowed && down[1].called == Self.full(["pods"]), "\(down[1])")
    }
}
