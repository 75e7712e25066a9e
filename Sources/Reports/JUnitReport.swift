import Controls
import Documents
import Kubernetes
import Responsibility

/// JUnit XML, for CI systems: a suite for each party, a test case for each finding, and one suite that says
/// whether everything could be read, so that a scan that saw nothing is never a green one.
struct JUnitReport {
    let result: ScanResult

    init(_ result: ScanResult) { self.result = result }

    func write(to writer: inout ByteWriter) {
        let summary = Summary(result)
        let gaps = result.coverage.gaps.count
        let findings = result.findings.count
        let fails = summary.count(.fail)
        let coverageCases = max(1, gaps)
        writer.text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"demarc\"")
        writer.counts(
            tests: findings + coverageCases + (result.quiet?.count ?? 0), failures: fails, errors: gaps,
            skipped: findings - fails + (result.quiet?.count { $0.verdict != .pass } ?? 0))
        writer.text(">\n")
        for party in Party.allCases { write(party, to: &writer) }
        writeQuiet(to: &writer)
        writeCoverage(to: &writer)
        writer.text("</testsuites>\n")
    }

    /// One suite a party, so that a CI page shows at a glance whose build is red.
    private func write(_ party: Party, to writer: inout ByteWriter) {
        let findings = result.findings.filter { $0.attribution.party == party }
        guard !findings.isEmpty else { return }
        let fails = findings.count { $0.finding.verdict == .fail }
        begin(party.rawValue, tests: findings.count, failures: fails, skipped: findings.count - fails, to: &writer)
        for finding in findings { write(finding, to: &writer) }
        writer.text("  </testsuite>\n")
    }

    /// What nobody judged is skipped with the reason: neither green nor red would be true.
    private func write(_ attributed: AttributedFinding, to writer: inout ByteWriter) {
        let finding = attributed.finding
        let control = result.control(of: attributed)
        writer.text("    <testcase")
        writer.attribute("classname", control.id)
        writer.attribute("name", "\(control.title): \(attributed.subject(in: result)) \(attributed.fieldPath(in: result))")
        writer.attribute("file", finding.place.source)
        writer.attribute("line", String(finding.place.position.line))
        writer.text(">\n      ")
        switch finding.verdict {
        case .fail, .pass, .notApplicable:
            writer.text("<failure")
            writer.attribute("type", control.severity.rawValue)
            writer.attribute("message", finding.message)
            writer.text(">")
            writeDetails(attributed, control, to: &writer)
            writer.text("</failure>\n")
        case .accepted, .manual, .notObservable:
            let reason =
                finding.verdict == .accepted
                ? "accepted, covered by \(attributed.grant ?? "a grant")" : finding.verdict == .manual ? "a person must look" : "not observable"
            writer.text("<skipped")
            writer.attribute("message", "\(reason): \(finding.message)")
            writer.text("/>\n")
        }
        writer.text("    </testcase>\n")
    }

    /// Shown when the case is opened: where, who, why, and the remedy.
    private func writeDetails(_ attributed: AttributedFinding, _ control: Control, to writer: inout ByteWriter) {
        let attribution = attributed.attribution
        writer.xml("\(attributed.location)\n")
        writer.xml("Who: \(attribution.party.rawValue)\(attribution.principal.map { " (\($0))" } ?? ""), ")
        writer.xml("\(attribution.strength.rawValue), by \(attribution.basis.phrase); duty \(control.duty)\n")
        for step in attribution.chain { writer.xml("  - \(step)\n") }
        writer.xml("Fix: \(control.remedy)\n")
        if let fix = attributed.finding.fix?() { writer.xml("\(fix)\n") }
    }

    /// Passes and what is not applicable, where they were asked for.
    private func writeQuiet(to writer: inout ByteWriter) {
        guard let quiet = result.quiet, !quiet.isEmpty else { return }
        begin("nothing to do", tests: quiet.count, failures: 0, skipped: quiet.count { $0.verdict != .pass }, to: &writer)
        for verdict in quiet {
            let control = result.catalogue.controls[verdict.control]
            let object = result.inventory.objects[verdict.object]
            writer.text("    <testcase")
            writer.attribute("classname", control.id)
            writer.attribute("name", "\(control.title): \(object.displayName)")
            writer.attribute("file", object.root.source)
            writer.attribute("line", String(object.root.position.line))
            let skipped = verdict.verdict == .notApplicable ? "not applicable" : "could not be judged"
            writer.text(verdict.verdict == .pass ? "/>\n" : "><skipped message=\"\(skipped)\"/></testcase>\n")
        }
        writer.text("  </testsuite>\n")
    }

    /// What could not be read, as errors; one passing case when there is nothing of that.
    private func writeCoverage(to writer: inout ByteWriter) {
        let gaps = result.coverage.gaps
        begin("coverage", tests: max(1, gaps.count), failures: 0, errors: gaps.count, skipped: 0, to: &writer)
        if gaps.isEmpty {
            writer.text("    <testcase classname=\"coverage\"")
            writer.attribute(
                "name", "\(counted(result.coverage.objects, "object")) in \(counted(result.coverage.files, "file")) were read and judged")
            writer.text("/>\n")
        }
        for gap in gaps {
            writer.text("    <testcase classname=\"coverage\"")
            writer.attribute("name", gap.line > 0 ? "\(gap.source):\(gap.line) \(gap.message)" : "\(gap.source) \(gap.message)")
            writer.attribute("file", gap.source)
            writer.text(">\n      <error")
            writer.attribute("type", gap.reason.rawValue)
            writer.attribute("message", gap.message)
            writer.text("/>\n    </testcase>\n")
        }
        writer.text("  </testsuite>\n")
    }

    /// Opens a suite.
    private func begin(_ name: String, tests: Int, failures: Int, errors: Int = 0, skipped: Int, to writer: inout ByteWriter) {
        writer.text("  <testsuite")
        writer.attribute("name", name)
        writer.counts(tests: tests, failures: failures, errors: errors, skipped: skipped)
        writer.attribute("timestamp", result.scannedAt)
        writer.text(">\n")
    }
}

extension ByteWriter {
    fileprivate mutating func counts(tests: Int, failures: Int, errors: Int, skipped: Int) {
        attribute("tests", String(tests))
        attribute("failures", String(failures))
        attribute("errors", String(errors))
        attribute("skipped", String(skipped))
        attribute("time", "0")
    }

    fileprivate mutating func attribute(_ name: StaticString, _ text: String) {
        byte(UInt8(ascii: " "))
        self.text(name)
        self.text("=\"")
        xml(text, isAttribute: true)
        byte(UInt8(ascii: "\""))
    }

    /// Text with the characters escaped that XML gives a meaning, and those replaced that XML 1.0 forbids even as references.
    mutating func xml(_ text: String, isAttribute: Bool = false) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: self.text("&amp;")
            case 0x3C: self.text("&lt;")
            case 0x3E: self.text("&gt;")
            case 0x22: self.text("&quot;")
            case 0x27: self.text("&#39;")
            case 0x09, 0x0A, 0x0D:
                if isAttribute || scalar.value == 0x0D {
                    self.text("&#")
                    number(Int(scalar.value))
                    self.text(";")
                } else {
                    byte(UInt8(scalar.value))
                }
            case 0..<0x20, 0xFFFE, 0xFFFF: self.text("\u{FFFD}")
            case 0x20..<0x80: byte(UInt8(scalar.value))
            default: for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { byte(unit) }
            }
        }
    }
}
