import BuiltInControls
import Controls
import Documents
import Foundation
import Kubernetes
import KubernetesClient
import Testing

@testable import Server

/// The policies are worked out by an own reading of CEL (`Expression`), everywhere and fast. `ServeModernPolicyTests` has them worked out by Kubernetes'
/// own code, where that can be had.
struct AdmissionPolicyTests {
    private static func settings(_ version: KubernetesVersion) -> InstallationSettings {
        InstallationSettings(
            namespace: "demarc", endpoint: .service(name: "demarc", port: 443), version: version, systemNamespaces: ["ack-csi-fuse"])
    }

    /// What the policy for a kind makes of an object: the ids of the checks that fail. An error refuses, as `failurePolicy: Fail` does.
    private static func failing(_ object: String, kind: String, version: KubernetesVersion) throws -> Set<String> {
        let set = AdmissionPolicySet(settings(version), action: .deny)
        let name = kind == "Pod" ? "pods" : kind == "CronJob" ? "cronjobs" : "workloads"
        let policy = try #require(set.objects.first { $0.reference.name == "demarc-baseline-\(name)" })
        let root = try #require(DocumentTree.parse(policy.manifest.yaml).tree.roots.first)
        var names = ["object": try Datum(try #require(DocumentTree.parse(object).tree.roots.first)).stored]
        var variables: [String: Datum] = [:]
        for variable in try root["spec"]["variables"].items() {
            let value = try ExpressionReader.read(variable["expression"].text).value(names.merging(["variables": .map(variables)]) { $1 })
            variables[variable["name"].text] = value
        }
        names["variables"] = .map(variables)
        var failing: Set<String> = []
        for validation in try root["spec"]["validations"].items() {
            let id = try #require(validation["message"].text.firstMatch(of: /baseline, (\w+):/)).1
            if (try? ExpressionReader.read(validation["expression"].text).truth(names)) != true { failing.insert(String(id)) }
        }
        return failing
    }

    /// A Pod as each kind that makes Pods carries it.
    private static func wrapped(_ pod: Value, kind: String) -> String {
        let template = ManifestText.map([.init("metadata", ManifestText(pod["metadata"])), .init("spec", ManifestText(pod["spec"]))])
        let spec: ManifestText
        switch kind {
        case "Pod": return ManifestText(pod).yaml
        case "CronJob": spec = .map(["jobTemplate": .map(["spec": .map(["template": template])])])
        default: spec = .map(["template": template])
        }
        return ManifestText.map(["kind": .text(kind), "metadata": .map(["name": .text("x")]), "spec": spec]).yaml
    }

    /// Every case of Kubernetes' own, as a Pod, in a Deployment and in a CronJob. The cases are outside the repository.
    @Test func policiesAgreeWithKubernetes() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(filePath: $0) } ?? package.appending(path: "../shared/data")
        let file = folder.appending(path: "pod-security/expected.json")
        guard let bytes = FileManager.default.contents(atPath: file.path) else {
            print("conformance, admission policies: skipped, \(file.path) is not there; set DEMARC_CONFORMANCE_DATA to run it")
            return
        }
        let expected = try #require(DocumentTree.parse([UInt8](bytes), source: file.path).tree.roots.first)
        var judged = 0
        for expectation in try expected["cases"].items() where try expectation["level"].equals("baseline") {
            guard try expectation["kubernetesVersions"].strings().contains("1.30") else { continue }
            let path = expectation["pod"].text
            let text = try String(contentsOf: folder.appending(path: "pod-security/\(path)"), encoding: .utf8)
            let pod = try #require(DocumentTree.parse(text).tree.roots.first)
            for kind in ["Pod", "Deployment", "CronJob"] {
                judged += 1
                let failing = try Self.failing(Self.wrapped(pod, kind: kind), kind: kind, version: KubernetesVersion(1, 30))
                if try expectation["expect"].equals("pass") {
                    #expect(failing == [], "\(path) in \(kind)")
                } else {
                    #expect(!failing.isDisjoint(with: try expectation["reportedBy"].strings()), "\(path) in \(kind): \(failing)")
                }
            }
        }
        #expect(judged > 100)
        print("conformance, admission policies: \(judged) verdicts")
    }

    /// The examples of the controls that check the same: what fails there fails here, and what passes passes.
    @Test func policiesAgreeWithTheControls() throws {
        var judged = 0
        for control in BuiltInControls.all {
            guard let check = control.references.first(where: { $0.framework == "pss" && $0.level == "baseline" })?.id else { continue }
            for (examples, fails) in [(control.passing, false), (control.failing, true)] {
                for example in examples {
                    let version = example.version ?? .newest
                    guard version >= KubernetesVersion(1, 30) else { continue }
                    for document in DocumentTree.parse(example.manifest).tree.roots where try document["kind"].equals("Pod") {
                        for kind in ["Pod", "StatefulSet", "CronJob"] {
                            judged += 1
                            let failing = try Self.failing(Self.wrapped(document, kind: kind), kind: kind, version: version)
                            // The API server gives each port of a Pod with the host's network its host port before policies see it.
                            if fails, check == "hostPorts", try document["spec"]["hostNetwork"].bool() == true { continue }
                            #expect(failing.contains(check) == fails, "\(control.id), \(kind), \(version): \(example.manifest)")
                        }
                    }
                }
            }
        }
        #expect(judged > 80)
    }

    @Test func everyBaselineCheckOfTheStandardIsThere() {
        let standard = Set(BuiltInControls.all.flatMap(\.references).filter { $0.framework == "pss" && $0.level == "baseline" }.map(\.id))
        #expect(Set(BaselineCheck.all(.newest).map(\.id)) == standard)
        let controls = Set(BuiltInControls.all.map(\.id))
        for check in BaselineCheck.all(.newest) { #expect(controls.contains(check.control), "\(check.control)") }
    }

    private static let odd: [(String, Set<String>)] = [
        ("{containers: [{name: a}]}", []), ("{containers: [{name: a, securityContext: null}], volumes: null}", []),
        ("{containers: [{name: a}], initContainers: [{name: b, securityContext: {privileged: true}}]}", ["privileged"]),
        ("{containers: [{name: a}], ephemeralContainers: [{name: b, securityContext: {capabilities: {add: [ALL]}}}]}", ["capabilities_baseline"]),
        ("{containers: [{name: a, securityContext: {capabilities: {add: [CHOWN, cap_chown]}}}]}", ["capabilities_baseline"]),
        ("{containers: [{name: a}], securityContext: {seccompProfile: {}}}", ["seccompProfile_baseline"]),
        ("{containers: [{name: a, ports: [{hostPort: 0}, {hostPort: 80}]}]}", ["hostPorts"]),
    ]

    @Test(arguments: odd) func whatIsMissingIsNoError(spec: String, expected: Set<String>) throws {
        #expect(try Self.failing("{kind: Pod, metadata: {name: a}, spec: \(spec)}", kind: "Pod", version: .newest) == expected)
    }

    /// The versions of one standard differ.
    @Test func policiesFollowTheVersion() throws {
        let probe = "{kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, livenessProbe: {httpGet: {port: 1, host: b}}}]}}"
        #expect(try Self.failing(probe, kind: "Pod", version: KubernetesVersion(1, 33)) == [])
        #expect(try Self.failing(probe, kind: "Pod", version: KubernetesVersion(1, 34)) == ["hostProbesAndHostLifecycle"])
        let sysctl = "{kind: Pod, metadata: {name: a}, spec: {containers: [], securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]}}}"
        #expect(try Self.failing(sysctl, kind: "Pod", version: KubernetesVersion(1, 31)) == ["sysctls"])
        #expect(try Self.failing(sysctl, kind: "Pod", version: KubernetesVersion(1, 32)) == [])
    }

    // MARK: - Conditions

    private static func holds(_ condition: MatchCondition, _ names: String) throws -> Bool {
        let root = try #require(DocumentTree.parse(names).tree.roots.first)
        guard case .map(let entries) = try Datum(root).stored else { return false }
        return try ExpressionReader.read(condition.expression).truth(entries)
    }

    private static func update(_ object: String, _ old: String, subresource: String = "", kind: String = "Pod") -> String {
        let resource = subresource.isEmpty ? "" : ", subResource: \(subresource)"
        return "{request: {kind: {kind: \(kind)}, operation: UPDATE\(resource), userInfo: {groups: []}}, object: \(object), oldObject: \(old)}"
    }

    private static let updates: [(object: String, old: String, subresource: String, isSent: Bool)] = [
        ("{metadata: {finalizers: []}, spec: {a: 1}}", "{metadata: {finalizers: [x]}, spec: {a: 1}}", "", false),
        ("{metadata: {}, spec: {a: 1}}", "{metadata: {ownerReferences: [x]}, spec: {a: 1}}", "", false),
        ("{metadata: {ownerReferences: [x]}, spec: {a: 1}}", "{metadata: {}, spec: {a: 1}}", "", true),
        ("{metadata: {ownerReferences: [x]}, spec: {a: 1}}", "{metadata: {ownerReferences: [y]}, spec: {a: 1}}", "", true),
        ("{metadata: {}, spec: {a: 2}}", "{metadata: {}, spec: {a: 1}}", "", true),
        ("{metadata: {labels: {a: b}}, spec: {a: 1}}", "{metadata: {}, spec: {a: 1}}", "", true),
        ("{metadata: {}, spec: {a: 1}}", "{metadata: {annotations: {a: b}}, spec: {a: 1}}", "", true),
        ("{metadata: {annotations: {a: c}}, spec: {a: 1}}", "{metadata: {annotations: {a: b}}, spec: {a: 1}}", "", true),
        ("{metadata: {}, spec: {a: 1}}", "{metadata: {}, spec: {a: 1}}", "ephemeralcontainers", true),
    ]

    @Test(arguments: updates) func anEndingPodNeedsNoReview(object: String, old: String, subresource: String, isSent: Bool) throws {
        #expect(try Self.holds(.onlyWhatIsJudged, Self.update(object, old, subresource: subresource)) == isSent)
        #expect(try Self.holds(.onlyWhatIsJudged, Self.update(object, old, kind: "PrivilegeGrant")), "other kinds are always sent")
    }

    private static let creations: [(kind: String, groups: String, metadata: String, isSent: Bool)] = [
        ("Pod", "[system:nodes]", "{annotations: {kubernetes.io/config.mirror: x}}", false), ("Pod", "[system:nodes]", "{}", true),
        ("Pod", "[system:nodes]", "{annotations: {a: x}}", true), ("Pod", "[dev]", "{annotations: {kubernetes.io/config.mirror: x}}", true),
        ("PodExecOptions", "[system:nodes]", "{}", true), ("Pod", "", "{annotations: {kubernetes.io/config.mirror: x}}", true),
    ]

    @Test(arguments: creations) func onlyAKubeletMakesMirrorPods(kind: String, groups: String, metadata: String, isSent: Bool) throws {
        let object = kind == "Pod" ? "{metadata: \(metadata)}" : "{container: a}"
        let user = groups.isEmpty ? "{}" : "{groups: \(groups)}"
        let names = "{request: {kind: {kind: \(kind)}, operation: CREATE, userInfo: \(user)}, object: \(object), oldObject: null}"
        #expect(try Self.holds(.noMirrorPods, names) == isSent)
        #expect(try Self.holds(.onlyWhatIsJudged, names))
    }

    @Test func policiesSayWhatTheyDo() throws {
        let text = AdmissionPolicySet(Self.settings(.newest), action: .warn).yaml
        let parsed = DocumentTree.parse(text)
        #expect(parsed.problems.isEmpty && parsed.tree.roots.count == 6)
        for root in parsed.tree.roots where try root["kind"].equals("ValidatingAdmissionPolicyBinding") {
            #expect(try root["spec"]["validationActions"].strings() == ["Audit", "Warn"])
        }
        for root in parsed.tree.roots where try root["kind"].equals("ValidatingAdmissionPolicy") {
            let values = try root["spec"]["matchConstraints"]["namespaceSelector"]["matchExpressions"].items().map { try $0["values"].strings() }
            #expect(values.first == ["ack-csi-fuse", "demarc", "kube-node-lease", "kube-public", "kube-system"])
        }
    }
}
