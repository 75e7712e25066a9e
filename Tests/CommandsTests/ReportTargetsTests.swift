import Reports
import Testing

@testable import Commands

struct ReportTargetsTests {
    private static let pairs: [([String], [String])] = [
        ([], ["table -"]),
        (["--format", "json"], ["json -"]),
        (["--format=json"], ["json -"]),
        (["--format", "json", "-o", "a"], ["json a"]),
        (["-o", "a", "--format", "json"], ["json a"]),
        (["--format", "table", "--format", "sarif", "-o", "a"], ["table -", "sarif a"]),
        (["--format", "json", "-o", "a", "--format", "html", "--output", "b"], ["json a", "html b"]),
        (["--format", "json", "-o", "a", "-o", "b.html"], ["json a", "html b.html"]),
        (["--output=r.xml"], ["junit r.xml"]),
        (["-o", "r.md"], ["markdown r.md"]),
        (["-o", "r.unknown"], ["table r.unknown"]),
        (["--format", "json", "-o", "-"], ["json -"]),
        (["--format", "json", "--", "--format", "pdf"], ["json -"]),
    ]

    @Test(arguments: pairs)
    func pairsFormatsWithOutputs(arguments: [String], expected: [String]) throws {
        let targets = try ReportTargets(arguments).targets
        #expect(targets.map { "\($0.format.rawValue) \($0.path ?? "-")" } == expected)
    }

    @Test(arguments: [["--format", "pdf"], ["--format", "json", "--format", "table"], ["--format", "json", "-o", "-", "--format", "table"]])
    func refusesWhatWouldMix(arguments: [String]) {
        #expect(throws: Failure.self) { try ReportTargets(arguments) }
    }
}
