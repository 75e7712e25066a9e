import ClusterSupport
import Foundation
import Testing

/// `scripts/kube-apiserver.sh` where it has nothing to start: what it cannot do is told apart by exit code and said in one line.
struct ScriptTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "scripts/kube-apiserver.sh").path

    private static let modern = URL(filePath: script).deletingLastPathComponent().appending(path: "modern-apiserver.sh").path

    struct Refusal: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let environment: [String: String]
        let code: Int32
        let complaint: String

        init(_ arguments: String, _ code: Int32, _ complaint: String, with environment: [String: String] = [:]) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            (self.environment, self.code, self.complaint) = (environment, code, complaint)
        }

        var testDescription: String { "\(arguments) \(environment)" }

        static let usage = "the head of \(script) shows the arguments"
        static let otherwise = "set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd"
        static let nowhere = ["KUBEBUILDER_ASSETS": "", "DEMARC_CACHE": "/nonexistent/demarc"]
        static let all = [
            Refusal("", 64, "give one of assets, tools, start, run, stop; \(usage)"),
            Refusal("restart", 64, "give one of assets, tools, start, run, stop; \(usage)"),
            Refusal("assets --now", 64, "wrong arguments of assets; \(usage)"),
            Refusal("start", 64, "a folder is missing; \(usage)"),
            Refusal("start x --user alice", 64, "--user needs NAME=GROUP,GROUP; \(usage)"),
            Refusal("start x --user a\"b=c", 64, "--user needs NAME=GROUP,GROUP; \(usage)"),
            Refusal("run x --controller-manager=", 64, "unknown argument '--controller-manager='; \(usage)"),
            Refusal("stop x sshd", 64, "there is no process 'sshd'; \(usage)"),
            Refusal("run / --remove", 64, "--remove would remove /, which exists already; \(usage)"),
            Refusal("start x", 1, "lacks kube-apiserver or etcd; correct it or unset it", with: ["KUBEBUILDER_ASSETS": "/nonexistent"]),
            Refusal("assets --no-build", 69, "not built yet; run scripts/kube-apiserver.sh assets, or \(otherwise)", with: nowhere),
            Refusal("tools --no-download", 69, "kubectl is not fetched yet; run scripts/kube-apiserver.sh tools", with: nowhere),
        ]
    }

    @Test(arguments: Refusal.all)
    func refuses(_ refusal: Refusal) throws {
        let outcome = try BoundedProcess.run(Self.script, refusal.arguments, environment: refusal.environment, seconds: 60)
        #expect(outcome.code == refusal.code)
        #expect(outcome.complaint.hasPrefix("kube-apiserver: ") && outcome.complaint.hasSuffix(refusal.complaint), "\(outcome.complaint)")
        #expect(outcome.output.isEmpty)
    }

    /// The other script says it in the same way.
    @Test(arguments: [
        ("", Int32(64), "give assets, and --no-build if nothing is to be built; the head of \(modern) shows the arguments"),
        ("assets --now", 64, "give assets, and --no-build if nothing is to be built; the head of \(modern) shows the arguments"),
        ("assets --no-build", 69, "today's Kubernetes is not built yet; run scripts/modern-apiserver.sh assets"),
        ("assets", 69, "/proc/demarc cannot be written; set DEMARC_CACHE to a folder that can"),
    ])
    func refusesModern(arguments: String, code: Int32, complaint: String) throws {
        let words = arguments.split(separator: " ").map(String.init)
        let outcome = try BoundedProcess.run(Self.modern, words, environment: ["DEMARC_CACHE": "/proc/demarc"], seconds: 60)
        #expect(outcome.code == code && outcome.complaint == "modern-apiserver: \(complaint)" && outcome.output.isEmpty, "\(outcome)")
    }

    /// The id in a folder may be another's by the time somebody stops what is there.
    @Test func stopsNobodyElse() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "run"), withIntermediateDirectories: true)
        let bystander = Process()
        bystander.executableURL = URL(filePath: "/usr/bin/sleep")
        bystander.arguments = ["600"]
        try bystander.run()
        defer { kill(bystander.processIdentifier, SIGKILL) }
        let file = folder.appending(path: "run/etcd.pid")
        try "\(bystander.processIdentifier) 1@another-start\n".write(to: file, atomically: true, encoding: .utf8)

        #expect(try BoundedProcess.run(Self.script, ["stop", folder.path], seconds: 60).code == 0)

        #expect(bystander.isRunning)
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }
}
