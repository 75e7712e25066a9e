import Foundation
import Reports
import Testing

/// Each format as a file that people can read. `DEMARC_UPDATE_GOLDEN=1 swift test --filter ReportsTests` rewrites them.
struct GoldenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let format: ReportFormat
        var options = ReportOptions()
        var result = Sample.estate

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "table-80.txt", format: .table, options: ReportOptions(width: 80)),
        Case(name: "table-140-verbose.txt", format: .table, options: ReportOptions(width: 140, verbose: true)),
        Case(name: "table-colour.txt", format: .table, options: ReportOptions(width: 100, colour: true)),
        Case(name: "table-clean.txt", format: .table, options: ReportOptions(width: 80), result: Sample.clean),
        Case(name: "report.json", format: .json), Case(name: "all-verdicts.json", format: .json, result: Sample.everything),
        Case(name: "empty.json", format: .json, result: Sample.empty),
        Case(name: "report.sarif", format: .sarif), Case(name: "all-verdicts.sarif", format: .sarif, result: Sample.everything),
        Case(name: "report.xml", format: .junit), Case(name: "clean.xml", format: .junit, result: Sample.clean),
        Case(name: "report.md", format: .markdown), Case(name: "clean.md", format: .markdown, result: Sample.clean),
        Case(name: "openreports.json", format: .openreports), Case(name: "policyreport.json", format: .policyreport),
        Case(name: "oscal.json", format: .oscal),
        Case(name: "report.html", format: .html),
    ]

    @Test(arguments: cases)
    func reportIsAsKept(_ kept: Case) throws {
        try expectGolden(try text(kept.result, as: kept.format, options: kept.options), kept.name)
    }
}

/// Compares with, or with the switch on rewrites, `Golden/<name>`.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["DEMARC_UPDATE_GOLDEN"] == "1" {
        try Data(text.utf8).write(to: file)
        return
    }
    let kept = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    guard text != kept else { return }
    let pairs = zip(text.split(separator: "\n", omittingEmptySubsequences: false), kept.split(separator: "\n", omittingEmptySubsequences: false))
    let difference = pairs.enumerated().first { $0.element.0 != $0.element.1 }
    let detail = difference.map { "line \($0.offset + 1):\n  now  \($0.element.0)\n  kept \($0.element.1)" } ?? "one of them is longer"
    Issue.record(
        "\(name) differs from what is kept, \(detail)\nIf that is meant: DEMARC_UPDATE_GOLDEN=1 swift test --filter ReportsTests",
        sourceLocation: sourceLocation)
}
