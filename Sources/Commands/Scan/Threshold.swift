internal import Controls
internal import Reports
internal import Responsibility

/// From when on a scan's exit code says that something must be done.
struct Threshold {
    /// nil never fails.
    let severity: Severity?
    /// Percent.
    let coverage: Int?

    init(_ failOn: String?, coverage: Int?) throws {
        if let coverage, !(0...100).contains(coverage) {
            throw Failure.usage("--fail-coverage-below takes a percentage from 0 to 100, not \(coverage)")
        }
        self.coverage = coverage
        switch failOn {
        case nil: severity = .high
        case "none": severity = nil
        case let text?: severity = try Commands.severity(text)
        }
    }

    /// Findings win over gaps: who has both must look at the report anyway, and it lists the gaps.
    func code(for result: ScanResult) -> Failure.Code {
        if let severity, result.findings.contains(where: { $0.finding.verdict == .fail && result.control(of: $0).severity >= severity }) {
            return .findings
        }
        if !result.coverage.gaps.isEmpty { return .incomplete }
        if let coverage, result.coverage.percent < coverage { return .incomplete }
        return .clean
    }
}

extension Coverage {
    /// Judged pairs of control and subject among all that should have been, rounded down; 0 when there is nothing.
    var percent: Int {
        evaluated == 0 ? 0 : (evaluated - notObservable) * 100 / evaluated
    }
}
