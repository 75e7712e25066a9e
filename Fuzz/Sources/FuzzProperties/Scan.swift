import BuiltInControls
import Controls
public import Documents
import Kubernetes
import Reports
import Responsibility

/// The catalogue and the model that every input is judged with.
enum Fixture {
    static let controls = BuiltInControls.all + GrantControls.all
    static let catalogue = Catalogue(controls)
    static let model: ResponsibilityModel = {
        guard let model = ResponsibilityModel.builtIn("acs") else { preconditionFailure("the built-in model cannot be read") }
        return model
    }()
    /// 2026-06-15T00:00:00Z
    static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)
}

extension Properties {
    /// The whole way of a scan: parse, judge, attribute, and every report.
    public static func scan(_ bytes: [UInt8]) {
        let parsed = DocumentTree.parse(bytes, source: "fuzz", limits: limits)
        let read = SourceObjects(parsed.tree)
        let result = judge(Inventory(read.objects), gaps: parsed.problems.map { Gap($0) } + read.malformed.map { Gap($0) })
        for format in ReportFormat.allCases { check(result, as: format) }
    }

    /// Judges an inventory and checks what must hold for every result.
    static func judge(_ inventory: Inventory, gaps: [Gap] = []) -> ScanResult {
        let objects = inventory.objects
        let judgement = Fixture.catalogue.judge(inventory, objects: objects.indices, recordsQuiet: true)
        let half = objects.count / 2
        var parts = Fixture.catalogue.judge(inventory, objects: 0..<half, recordsQuiet: true)
        parts.append(Fixture.catalogue.judge(inventory, objects: half..<objects.count, recordsQuiet: true))
        precondition(judgement.findings.map(\.message) == parts.findings.map(\.message), "the result depends on how the work is cut")
        precondition(judgement.evaluated == parts.evaluated && judgement.passed == parts.passed && judgement.gaps == parts.gaps)
        let isSaid = !judgement.gaps.isEmpty || judgement.findings.contains { $0.verdict == .notObservable }
        precondition(judgement.notObservable == 0 || isSaid, "what could not be judged is neither a gap nor a finding")
        for finding in judgement.findings {
            precondition(finding.verdict != .pass && finding.verdict != .notApplicable && !finding.message.isEmpty)
            precondition(finding.place.isInside(objects[finding.object].root), "a finding of \(Fixture.controls[finding.control].id) outside its object")
        }
        let attributor = Attributor(model: Fixture.model, inventory: inventory, controls: Fixture.controls, now: Fixture.now)
        let attributed = attributor.attribute(judgement.findings, controls: Fixture.controls)
        precondition(attributed.count == judgement.findings.count)
        for finding in attributed {
            precondition(finding.finding.verdict != .accepted || finding.grant != nil, "accepted by nobody")
            precondition(!finding.attribution.chain.isEmpty && finding.fingerprint.utf8.count == 32)
        }
        let audit = GrantAudit(attributor, controls: Fixture.controls, now: Fixture.now).judge(attributed)
        let coverage = Coverage(
            files: 1, objects: objects.count, controls: Fixture.controls.count, evaluated: judgement.evaluated + audit.counts.evaluated,
            notObservable: judgement.notObservable + audit.counts.notObservable, gaps: gaps + judgement.gaps)
        return ScanResult(
            toolVersion: "0", model: Fixture.model, catalogue: Fixture.catalogue, inventory: inventory, scannedAt: Fixture.now.description,
            coverage: coverage, findings: attributed + audit.findings, quiet: judgement.quiet, passed: judgement.passed,
            notApplicable: judgement.notApplicable)
    }

    /// Every format is written; those that are JSON must be read by the strict scanner, those that are text be UTF-8.
    private static func check(_ result: ScanResult, as format: ReportFormat) {
        var report: [UInt8] = []
        do {
            try render(result, as: format, options: ReportOptions(width: 80, colour: true, verbose: true)) { report.append(contentsOf: $0) }
        } catch {
            preconditionFailure("\(format): \(error)")
        }
        precondition(String(validating: report, as: UTF8.self) != nil, "the report as \(format) is no UTF-8")
        guard [.json, .sarif, .openreports, .policyreport, .oscal].contains(format) else { return }
        let read = DocumentTree.parse(report, source: format.rawValue, syntax: .json, limits: Limits(bytes: 1 << 30, depth: 512, nodes: 100_000_000))
        precondition(read.problems.isEmpty && read.tree.roots.count == 1, "the report as \(format) is broken: \(read.problems)")
        guard format == .json, let root = read.tree.roots.first else { return }
        precondition((try? Array(root["findings"].items()))?.count ?? -1 >= result.findings.count, "the report lost findings")
        precondition((try? Array(root["coverage"]["gaps"].items()))?.count == result.coverage.gaps.count, "the report lost gaps")
    }
}
