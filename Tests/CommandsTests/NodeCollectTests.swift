import Foundation
import Testing

/// `demarc node collect`, run as a person runs it.
struct NodeCollectTests {
    private static let machine = [
        "root/etc/kubernetes/kubelet.conf": "users: [{name: n, user: {token: s3cr3tToken99}}]\n", "root/etc/hostname": "cp-1\n",
        "root/proc/9/stat": "9 (kubelet) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4700 0 0", "root/proc/9/cmdline": "kubelet\0--v=2\0",
        "root/proc/9/status": "Uid:\t0\t0\t0\t0\n",
        "root/proc/9/cgroup": "0::/\n", "root/proc/9/maps": "",
    ]

    private func document(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func theDocumentGoesToStandardOutput() throws {
        try Program.withFiles(Self.machine) { folder in
            let result = try Program.run(["node", "collect", "--root", folder.path + "/root", "--kubernetes-version", "1.31.2", "--node-name", "n-1"])
            #expect(result.code == 0, "\(result.errors)")
            let document = try document(result.output)
            #expect(document["kind"] as? String == "NodeEvidence" && document["nodeName"] as? String == "n-1")
            #expect(document["kubernetesVersion"] as? String == "1.31.2")
            #expect(!result.output.contains("s3cr3t"))
        }
    }

    @Test func theFileIsForItsOwnerAndWhole() throws {
        try Program.withFiles(Self.machine.merging(["out/evidence.json": "old"]) { $1 }) { folder in
            let output = folder.path + "/out/evidence.json"
            let result = try Program.run(["node", "collect", "--root", folder.path + "/root", "-o", output])
            #expect(result.code == 0 && result.output.isEmpty, "\(result.errors)")
            let attributes = try FileManager.default.attributesOfItem(atPath: output)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            _ = try document(String(contentsOfFile: output, encoding: .utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out") == ["evidence.json"])
        }
    }

    /// A link where the file should be is replaced, not written through.
    @Test func linksAreReplaced() throws {
        try Program.withFiles(Self.machine.merging(["victim": "precious"]) { $1 }) { folder in
            try FileManager.default.createSymbolicLink(atPath: folder.path + "/out.json", withDestinationPath: folder.path + "/victim")
            let result = try Program.run(["node", "collect", "--root", folder.path + "/root", "-o", folder.path + "/out.json"])
            #expect(result.code == 0)
            #expect(try String(contentsOfFile: folder.path + "/victim", encoding: .utf8) == "precious")
        }
    }

    @Test(arguments: ["/dev/full", "/nowhere/at/all/x.json"])
    func whatCannotBeWrittenIsAnError(path: String) throws {
        try Program.withFiles(Self.machine) { folder in
            let result = try Program.run(["node", "collect", "--root", folder.path + "/root", "-o", path])
            #expect(result.code == 2 || result.code == 3)
            #expect(result.errors.contains("\(path) cannot be written"))
        }
    }

    @Test func nothingOfKubernetesIsIncomplete() throws {
        try Program.withFiles(["root/etc/hostname": "plain\n"]) { folder in
            let result = try Program.run(["node", "collect", "--root", folder.path + "/root"])
            #expect(result.code == 3)
            #expect(result.errors.contains("nothing of Kubernetes was seen"))
            #expect(try document(result.output)["kind"] as? String == "NodeEvidence", "there is a document all the same")
        }
    }

    @Test func aRootThatIsNoneIsAWrongCommandLine() throws {
        try Program.withFiles(["file": "x"]) { folder in
            for root in ["/nowhere", folder.path + "/file"] {
                let result = try Program.run(["node", "collect", "--root", root])
                #expect(result.code == 2 && result.errors.contains("\(root) cannot be entered"))
            }
        }
    }

    /// Without rights it shows what it may see, says what it may not, and is no failure.
    @Test func withoutRightsItSaysWhatWasRefused() throws {
        try Program.withFiles(Self.machine) { folder in
            #expect(chmod(folder.path, 0o755) == 0)
            #expect(chmod(folder.path + "/root/etc/kubernetes/kubelet.conf", 0o600) == 0)
            let result = try Program.run(["node", "collect", "--root", folder.path + "/root"], asNobody: true)
            #expect(result.code == 0, "\(result.errors)")
            let refusals = try #require(document(result.output)["refusals"] as? [[String: Any]])
            if getuid() == 0 {
                #expect(
                    refusals.contains { $0["path"] as? String == "/etc/kubernetes/kubelet.conf" && $0["error"] as? String == "Permission denied" })
                #expect(result.errors.contains("/etc/kubernetes/kubelet.conf: read: Permission denied"))
            }
            let quiet = try Program.run(["node", "collect", "--root", folder.path + "/root", "--quiet"], asNobody: true)
            #expect(quiet.errors.isEmpty)
        }
    }

    /// More rights are worth asking for only where the machine refused something, and root has them all.
    @Test(arguments: [false, true])
    func rightsAreAskedForWhereTheyHelp(asNobody: Bool) throws {
        let files = Self.machine.merging(["root/etc/kubernetes/manifests/x.yaml": "hunter22\n"]) { $1 }
        try Program.withFiles(files) { folder in
            #expect(chmod(folder.path, 0o755) == 0)
            let arguments = ["node", "collect", "--root", folder.path + "/root"]
            let known = try Program.run(arguments, asNobody: asNobody)
            #expect(known.errors.contains("note: /etc/kubernetes/manifests/x.yaml: redact: cannot be read as what it should be"))
            #expect(known.errors.contains("3 things were refused; what they would show is not observable.\n"), "\(known.errors)")
            #expect(!known.errors.contains("Run as root"))
            #expect(chmod(folder.path + "/root/etc/kubernetes/kubelet.conf", 0) == 0)
            let refused = try Program.run(arguments, asNobody: asNobody)
            #expect(refused.errors.contains("Run as root to see more.") == (asNobody || getuid() != 0), "\(refused.errors)")
            #expect(refused.errors.contains("4 things were refused; what they would show") == (asNobody || getuid() != 0), "\(refused.errors)")
        }
    }

    @Test func itsFlagsAreThoseOfTheManual() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let manual = try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)
        let start = try #require(manual.range(of: "## `demarc node collect`")).upperBound
        let section = manual[start..<(manual.range(of: "\n## ", range: start..<manual.endIndex)?.lowerBound ?? manual.endIndex)]
        let help = try Program.run(["node", "collect", "--help"]).output
        let flags = Set(section.matches(of: /`(--[a-z-]+)/).map { String($0.1) })
        #expect(flags.count >= 6)
        for flag in flags { #expect(help.contains(flag), "\(flag) is no flag of node collect") }
    }

    /// The manifests that run it ask for what their README says, and for nothing else.
    @Test func itsManifestsAskForNoMore() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "deploy/node-evidence/README.md"), encoding: .utf8)
        let start = try #require(readme.range(of: "## What `demarc scan` says about it")).upperBound
        let rows = readme[start...].split(separator: "\n").filter { $0.hasPrefix("| `") }
        let expected = Set(rows.flatMap { row in row.split(separator: "|")[0].matches(of: /`([a-z-]+)`/).map { String($0.1) } })
        let files = ["namespace", "network-policy", "job", "cronjob"].map { "deploy/node-evidence/\($0).yaml" }
        let result = try Program.run(["scan", "--format", "json", "--quiet"] + files, in: root)
        let report = try document(result.output)
        let findings = try #require(report["findings"] as? [[String: Any]])
        #expect(Set(findings.compactMap { $0["control"] as? String }) == expected)
        #expect((report["coverage"] as? [String: Any])?["gaps"] as? [String] == [])
    }
}
