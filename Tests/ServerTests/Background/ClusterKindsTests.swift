import BuiltInControls
import Controls
import Foundation
import KubernetesClient
import Responsibility
import Testing

@testable import Kubernetes
@testable import Server

struct ClusterKindsTests {
    private static let controls = BuiltInControls.all + GrantControls.all

    /// Kinds that engines name in their sources: in a question to the inventory, or in a list of kinds.
    private static let named: Set<String> = {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        var named: Set<String> = []
        for room in ["Kubernetes", "Access", "Reachability", "Controls", "BuiltInControls", "Responsibility"] {
            let files = FileManager.default.enumerator(at: sources.appending(path: room), includingPropertiesForKeys: nil)
            for case let file as URL in files ?? FileManager.DirectoryEnumerator() where file.pathExtension == "swift" {
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
                for question in text.matches(of: /(?:ofKind|contains\(kind|object\(kind|index\(kind): "([A-Z]\w+)"/) {
                    named.insert(String(question.1))
                }
                for list in text.matches(of: /[kK]inds(?:: \[String\]|: Set<String>)? = \[([^\]]*)\]/) {
                    for kind in list.1.matches(of: /"([A-Z]\w+)"/) { named.insert(String(kind.1)) }
                }
            }
        }
        return named
    }()

    /// Of a machine, of a cloud or of files: no cluster serves them.
    private static let fromElsewhere: Set<String> = [
        "NodeEvidence", "SecurityGroup", "SecurityGroupHistory", "BenchmarkAttestation", "Baseline", "ResponsibilityModel",
    ]

    /// An engine that looks for a kind which no list reads would find nothing, and call it absent.
    @Test func whatEnginesLookForIsRead() {
        let read = ClusterKinds.kinds(for: [])
        let missing = Self.named.subtracting(read).subtracting(Self.fromElsewhere).filter { kind in
            // What only controls judge is read when they are asked for.
            !Self.controls.contains { $0.subjectKinds.contains(kind) }
        }
        #expect(missing.sorted() == [])
        #expect(Self.named.isSuperset(of: ["Namespace", "ServiceAccount", "NetworkPolicy", "PrivilegeGrant"]), "the sources were read")
        #expect(Set(NetworkIsolation.policyKinds + ServiceLinks.routeKinds).subtracting(read) == [])
    }

    @Test func whatProgramsWriteIsNotRead() {
        let all = ClusterKinds.kinds(for: Self.controls)
        #expect(!all.contains("Event") && !all.contains("Lease"))
        #expect(all.isSuperset(of: PodSpec.kinds))
    }

    @Test func eachKindIsReadOnceAsTheServerPrefers() {
        func resource(_ group: String, _ version: String, _ name: String, _ kind: String, _ verbs: [String] = ["list", "watch"]) -> Resource {
            Resource(group: group, version: version, name: name, kind: kind, isNamespaced: true, verbs: verbs)
        }
        let served = [
            resource("extensions", "v1beta1", "ingresses", "Ingress"), resource("networking.k8s.io", "v1", "ingresses", "Ingress"),
            resource("networking.k8s.io", "v1beta1", "ingresses", "Ingress"), resource("", "v1", "pods", "Pod"),
            resource("", "v1", "events", "Event"), resource("", "v1", "bindings", "Binding"), resource("", "v1", "secrets", "Secret", ["get"]),
            resource("apps.kruise.io", "v1", "statefulsets", "StatefulSet"), resource("apps", "v1", "statefulsets", "StatefulSet"),
        ]
        #expect(
            ClusterKinds.resources(served, for: []).map { "\($0.apiVersion) \($0.name)" } == [
                "v1 pods", "apps/v1 statefulsets", "apps.kruise.io/v1 statefulsets", "networking.k8s.io/v1 ingresses",
            ])
    }
}
