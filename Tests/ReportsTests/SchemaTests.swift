import Foundation
import Reports
import Testing

/// Reports against the schemas of their formats, which lie outside the repository (`DEMARC_CONFORMANCE_DATA`).
struct SchemaTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let format: ReportFormat
        let schema: String
        /// The kind of the items of a Kubernetes List to check, nil for the whole document.
        var kind: String?

        var testDescription: String { "\(format.rawValue) \(kind ?? "")" }
    }

    static let cases: [Case] = [
        Case(format: .sarif, schema: "sarif-2.1.0.schema.json"),
        Case(format: .oscal, schema: "oscal.oscal_assessment-results_schema.json"),
        Case(format: .openreports, schema: "openreports.openreports.io.v1alpha1.Report.schema.json", kind: "Report"),
        Case(format: .openreports, schema: "openreports.openreports.io.v1alpha1.ClusterReport.schema.json", kind: "ClusterReport"),
        Case(format: .policyreport, schema: "wg-policy.wgpolicyk8s.io.v1alpha2.PolicyReport.schema.json", kind: "PolicyReport"),
        Case(format: .policyreport, schema: "wg-policy.wgpolicyk8s.io.v1alpha2.ClusterPolicyReport.schema.json", kind: "ClusterPolicyReport"),
    ]

    @Test(arguments: cases)
    func reportIsValid(_ each: Case) throws {
        let schema = SchemaTests.data.appending(path: "schemas/\(each.schema)")
        guard FileManager.default.fileExists(atPath: schema.path) else {
            print("skipped: no \(schema.path); set DEMARC_CONFORMANCE_DATA to validate \(each)")
            return
        }
        var results = [Sample.estate, Sample.everything]
        // An estate without findings has no report objects at all, but a valid SARIF log and OSCAL document.
        if each.kind == nil { results += [Sample.clean, Sample.empty] }
        for result in results {
            let output = try validate(try text(result, as: each.format), schema: schema, kind: each.kind)
            if output.status == 77 {
                print("skipped: \(each): \(output.text)")
                return
            }
            #expect(output.status == 0, "\(each): \(output.text)")
        }
    }

    @Test func namesOfPolicyReportsAreUniqueAndStable() throws {
        let list = try #require(JSONSerialization.jsonObject(with: Data(try text(Sample.estate, as: .openreports).utf8)) as? [String: Any])
        let items = try #require(list["items"] as? [[String: Any]])
        let names = items.compactMap { ($0["metadata"] as? [String: Any])?["name"] as? String }
        #expect(names.count == items.count && Set(names).count == names.count)
        #expect(names.contains("6f1d6b7e-0a0b-4c55-9d5e-3f6a4c0f1b11"), "an object with a uid gives its report that name")
    }

    static let data: URL = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return URL(filePath: ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"] ?? package.appending(path: "../shared/data").path)
    }()

    private func validate(_ document: String, schema: URL, kind: String?) throws -> (status: Int32, text: String) {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "validate.py")
        return try run("python3", [script.path, schema.path] + (kind.map { [$0] } ?? []), input: document) ?? (77, "no python3")
    }
}

/// Runs a program of this machine.
/// - Returns: nil when there is no such program.
func run(_ program: String, _ arguments: [String], input: String = "") throws -> (status: Int32, text: String)? {
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
    guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
    // Files instead of pipes: a pipe that is full while the other end is not read would stop both.
    let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (standardInput, standardOutput) = (folder.appending(path: "in"), folder.appending(path: "out"))
    try Data(input.utf8).write(to: standardInput)
    try Data().write(to: standardOutput)
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: standardInput)
    process.standardOutput = try FileHandle(forWritingTo: standardOutput)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: try Data(contentsOf: standardOutput), as: UTF8.self))
}
