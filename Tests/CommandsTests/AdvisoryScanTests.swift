import Foundation
import Testing

/// Advisories beside evidence, as a scan sees them.
struct AdvisoryScanTests {
    private struct Report: Decodable {
        struct Finding: Decodable {
            struct Attribution: Decodable {
                let party: String
                let basis: String
            }
            struct Location: Decodable {
                let line: Int
                let fieldPath: String
            }
            let control: String
            let verdict: String
            let message: String
            let location: Location
            let attribution: Attribution
        }
        struct Coverage: Decodable {
            struct Gap: Decodable {
                let source: String
                let line: Int
                let reason: String
                let message: String
            }
            let gaps: [Gap]
        }
        let findings: [Finding]
        let coverage: Coverage
    }

    static let evidence = """
        {"apiVersion": "demarc.dev/v1alpha1", "kind": "NodeEvidence", "nodeName": "node-1", "kubernetesVersion": "1.31.2",
         "os": {"id": "debian", "versionID": "12"},
         "packages": [
           {"name": "libssl3", "version": "3.0.11-1~deb12u1", "source": "openssl", "manager": "dpkg"},
           {"name": "zlib1g", "version": "1:1.2.13.dfsg-1", "source": "zlib", "manager": "dpkg"}]}
        """
    static let tracker = """
        {"openssl": {"CVE-2024-0001": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u2"}}}},
         "zlib": {"CVE-2024-0002": {"releases": {"bookworm": {"status": "open"}}}}}
        """

    private func scan(_ arguments: [String], _ files: [String: String]) throws -> (code: Int32, report: Report) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let result = try Program.run(["scan", "node.json", "--format", "json", "--model", "acs"] + arguments, in: folder)
        return (result.code, try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)))
    }

    @Test(arguments: [["--advisories", "tracker/debian.json"], ["--advisories", "tracker"], []])
    func advisoriesAreMatchedAndAttributed(arguments: [String]) throws {
        var files = ["node.json": Self.evidence, "tracker/debian.json": Self.tracker, "tracker/note.txt": "no advisory"]
        if arguments.isEmpty { files[".demarc.yaml"] = "advisories: [tracker]\n" }
        let (code, report) = try scan(arguments, files)
        let found = report.findings.filter { $0.control.hasPrefix("node-package") }.map {
            "\($0.control) \($0.location.line) \($0.location.fieldPath) \($0.attribution.party) \($0.attribution.basis): \($0.message)"
        }
        #expect(
            found == [
                "node-package-advisories 4 packages[0] provider fixedDuty: openssl 3.0.11-1~deb12u1 (libssl3): 1 advisory mended in 3.0.11-1~deb12u2: CVE-2024-0001",
                "node-packages-without-fix 5 packages[1] upstream transfer: zlib 1:1.2.13.dfsg-1 (zlib1g): 1 advisory for which nobody has a fix: CVE-2024-0002",
            ])
        #expect(code == 1 && !report.coverage.gaps.contains { $0.source.contains("tracker") }, "\(report.coverage.gaps)")
    }

    @Test func withoutAdvisoriesNothingIsCalledFine() throws {
        let (_, report) = try scan([], ["node.json": Self.evidence])
        let told = report.findings.filter { $0.control == "node-package-advisories" }
        #expect(told.map(\.verdict) == ["notObservable"] && told.first?.message.hasSuffix("give --advisories") == true)
    }

    @Test(arguments: [
        ("{\"id\": \"x\"", "syntax", 1), ("{}", "wrongType", 1), ("{\n\"id\": 7}", "wrongType", 2), ("[]", "noObjects", 0),
    ])
    func whatIsNoAdvisoryIsAGap(text: String, reason: String, line: Int) throws {
        let (code, report) = try scan(["--advisories", "a.json"], ["node.json": Self.evidence, "a.json": text])
        let gaps = report.coverage.gaps.filter { $0.source == "a.json" }
        #expect(gaps.map(\.reason) == [reason] && gaps.first?.line == line, "\(report.coverage.gaps)")
        #expect(code != 0)
    }

    @Test func aPathThatIsNotThereIsAGap() throws {
        let (_, report) = try scan(["--advisories", "gone.json"], ["node.json": Self.evidence])
        #expect(report.coverage.gaps.contains { $0.source == "gone.json" && $0.reason == "unreadable" })
    }
}
