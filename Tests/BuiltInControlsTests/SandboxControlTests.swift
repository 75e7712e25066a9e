import Controls
import Documents
import Testing

@testable import BuiltInControls

/// Whether Pods are in the sandbox they claim, beyond the controls' examples.
struct SandboxControlTests {
    static func pod(_ kind: String = "Pod", name: String = "web", spec: String = "runtimeClassName: gvisor, ") -> String {
        let body = "{\(spec)containers: [{name: app, image: registry.example.com/app:1.0}]}"
        let whole = kind == "Pod" ? body : kind == "CronJob" ? "{jobTemplate: {spec: {template: {spec: \(body)}}}}" : "{template: {spec: \(body)}}"
        let group = ["Pod": "v1", "Job": "batch/v1", "CronJob": "batch/v1"][kind] ?? "apps/v1"
        return "apiVersion: \(group)\nkind: \(kind)\nmetadata: {name: \(name), namespace: shop, uid: u-1}\nspec: \(whole)\n---\n"
    }

    static func node(_ task: String, files: String = "") -> String {
        "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nnodeName: node-1\ncontainers: [{podNamespace: shop, \(task)}]\n\(files)"
    }

    static let gVisor = "podName: web, shim: io.containerd.runsc.v1, processes: [runsc-sandbox]"

    @Test(arguments: [
        (gVisor, "pass"), (gVisor + ", podUID: u-1", "pass"),
        ("podName: web, shim: io.containerd.kata.v2, processes: [qemu-system-x86_64, virtiofsd]", "pass"),
        ("podName: web, shim: /usr/bin/containerd-shim-kata-v2, processes: [cloud-hypervisor]", "pass"),
        ("podName: web, shim: io.containerd.runc.v2, binary: /usr/bin/runsc, processes: [runsc-sandbox]", "pass"),
        ("podName: web, shim: io.containerd.runc.v2, binary: /usr/bin/crun, processes: [runsc-sandbox]", "fail"),
        ("podName: web, shim: io.containerd.runc.v2, processes: [nginx]", "fail"), ("podName: web, shim: io.containerd.runc.v2", "fail"),
        // Whoever starts a process in a container chooses its name: that makes no sandbox, and what the shim started is not known.
        ("podName: web, shim: io.containerd.runc.v2, processes: [runsc-sandbox]", "notObservable"),
        ("podName: web, shim: io.containerd.runsc.v1, processes: [nginx]", "fail"), ("podName: web, shim: io.containerd.runsc.v1", "notObservable"),
        ("podName: web, shim: io.containerd.runsc.v1, processes: []", "notObservable"), ("podName: web", "notObservable"),
        ("podName: web, shim: io.containerd.new.v1, processes: [x]", "notObservable"),
        ("podName: other, shim: io.containerd.runc.v2", "notObservable"),
        (gVisor + ", podUID: u-2", "notObservable"),
    ])
    func oneTaskDecides(task: String, verdict: String) {
        let judgement = judge([.sandboxClaims], Self.pod() + Self.node(task))
        #expect(judgement.gaps.isEmpty && judgement.evaluated == 1)
        #expect(judgement.findings.map(\.verdict.rawValue) == (verdict == "pass" ? [] : [verdict]), "\(told(judgement))")
        #expect(judgement.findings.allSatisfy { $0.fieldPath == "spec.runtimeClassName" })
        // What is not proven does not pass.
        #expect(judgement.passed == (verdict == "pass" ? 1 : 0))
        if verdict == "fail" { #expect(judgement.findings.first?.cause?.place.fieldPath == "containers[0]") }
    }

    /// The handler of the node's configuration tells which program a shim starts.
    @Test(arguments: [("/usr/local/bin/runsc", "pass"), ("/usr/bin/runc", "fail")])
    func handlersTellThePrograms(binary: String, verdict: String) {
        let files = """
            files:
            - path: /etc/containerd/config.toml
              content: |
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.gvisor]
                  runtime_type = "io.containerd.runc.v2"
                  options = {BinaryName = "\(binary)"}
            """
        let task = "podName: web, handler: gvisor, shim: io.containerd.runc.v2, processes: [runsc-sandbox]"
        let judgement = judge([.sandboxClaims], Self.pod() + Self.node(task, files: files))
        #expect(judgement.findings.map(\.verdict.rawValue) == (verdict == "pass" ? [] : [verdict]), "\(told(judgement))")
    }

    @Test(arguments: [
        ("Deployment", "web-6b7f9c5d8-x2v4z", true), ("Deployment", "web-x2v4z", false), ("Deployment", "web-api-6b7f9c5d8-x2v4z", false),
        ("Deployment", "web-6b7f9c5d8-x2v4a", false), ("StatefulSet", "web-0", true), ("StatefulSet", "web-x", false),
        ("DaemonSet", "web-x2v4z", true),
        ("Job", "web-x2v4z", true), ("Job", "web-3-x2v4z", true), ("CronJob", "web-28923456-x2v4z", true), ("CronJob", "web-x2v4z", false),
    ])
    func workloadsAreFoundByTheNamesOfTheirPods(kind: String, name: String, isFound: Bool) {
        let task = "podName: \(name), shim: io.containerd.runc.v2, processes: [nginx]"
        let judgement = judge([.sandboxClaims], Self.pod(kind) + Self.node(task))
        #expect(judgement.findings.map(\.verdict) == [isFound ? .fail : .notObservable], "\(told(judgement))")
    }

    @Test func whoClaimsNothingIsNotAsked() {
        let plain = judge([.sandboxClaims], Self.pod(spec: "") + Self.node(Self.gVisor))
        #expect(plain.notApplicable == 1 && plain.passed == 0)
        // Without evidence of any machine there is nothing to compare.
        let alone = judge([.sandboxClaims], Self.pod())
        #expect(alone.notApplicable == 1 && alone.passed == 0)
    }

    @Test(arguments: [
        ("runtimeClassName: gvisor, ", "no evidence shows a task of the Pod, so that its sandbox is a mere claim; collect evidence on its node"),
        ("runtimeClassName: gvisor, nodeName: node-1, ", "the evidence of node-1 shows no task of the Pod, though it is bound to that node"),
        ("runtimeClassName: gvisor, nodeName: node-2, ", "there is no evidence of node-2, where the Pod runs"),
    ])
    func whatNobodySawIsNotObservable(spec: String, message: String) {
        let judgement = judge([.sandboxClaims], Self.pod(spec: spec) + Self.node("podName: other, shim: io.containerd.runc.v2"))
        #expect(told(judgement) == ["notObservable spec.runtimeClassName: \(message)"] && judgement.passed == 0)
    }

    /// A class that is called like a sandbox and leads elsewhere is a claim all the same; so is any class whose handler is one.
    @Test(arguments: [("gvisor", "standard", 1), ("fenced", "runsc", 1), ("fenced", "standard", 0)])
    func claimsAreNamesAndHandlers(name: String, handler: String, findings: Int) {
        let runtimeClass = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: \(name)}\nhandler: \(handler)\n---\n"
        let pod = Self.pod(spec: "runtimeClassName: \(name), ")
        let judgement = judge([.sandboxClaims], runtimeClass + pod + Self.node("podName: web, shim: io.containerd.runc.v2"))
        #expect(judgement.findings.count == findings)
    }

    @Test func brokenEvidenceNeverPasses() {
        let judgement = judge([.sandboxClaims], Self.pod() + Self.node("podName: 7, shim: io.containerd.runsc.v1"))
        #expect(judgement.passed == 0 && judgement.findings.map(\.verdict) == [.notObservable])
        let handlers = judge([.sandboxHandlers], Self.pod() + Self.node("podName: 7"))
        #expect(handlers.passed == 0 && handlers.gaps.count == 1, "\(told(handlers))")
    }

    @Test(arguments: [
        ("version = 2\n[plugins.x", "notObservable files[0].content: line 2 of /etc/containerd/config.toml: expected ']'"),
        ("version = 9", "notObservable files[0].content: line 1 of /etc/containerd/config.toml: version 9 of the format is not known; 1 to 3 are"),
        (
            "version = 2\nimports = [\"conf.d/*.toml\"]",
            "notObservable files[0].content: /etc/containerd/config.toml: the import 'conf.d/*.toml' leads to '/etc/containerd/conf.d', which the evidence does not hold"
        ),
    ])
    func configurationsThatCannotBeReadAreSaid(text: String, expected: String) {
        let content = text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let files = "files:\n- path: /etc/containerd/config.toml\n  content: |\n\(content)"
        let judgement = judge([.sandboxHandlers], Self.node(Self.gVisor, files: files))
        #expect(told(judgement) == [expected] && judgement.passed == 0)
        let classes = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nhandler: runsc\n---\n"
        #expect(judge([.runtimeClassHandlers], classes + Self.node(Self.gVisor, files: files)).findings.map(\.verdict) == [.notObservable])
    }

    @Test func theDefaultMattersWhereASandboxIsRequired() {
        let files = "files:\n- {path: /etc/containerd/config.toml, missing: true}"
        let evidence = Self.node(Self.gVisor, files: "processes: [{name: containerd, argv: [containerd]}]\n" + files)
        #expect(judge([.sandboxDefaultRuntime], evidence, settings: Settings()).notApplicable == 1)
        var settings = Settings()
        settings.requiresSandbox = true
        #expect(
            told(judge([.sandboxDefaultRuntime], evidence, settings: settings)) == [
                "fail files: containerd's default handler 'runc' is runc and no sandbox"
            ])
    }
}
