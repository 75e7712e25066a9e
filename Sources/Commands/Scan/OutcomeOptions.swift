internal import ArgumentParser
internal import Controls
internal import Documents
internal import Reports
internal import Responsibility
internal import SystemPackage

/// What becomes of a scan's result: which reports go where, what is shown of it, and which exit code it gives.
struct OutcomeOptions: ParsableArguments {
    @Option(
        name: .customLong("format"),
        help: ArgumentHelp("table, json, sarif, junit, markdown, html, openreports, policyreport or oscal; may repeat.", valueName: "format"))
    var formats: [String] = []

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the report of the --format before it goes; may repeat.", valueName: "file"))
    var outputs: [String] = []

    @Option(help: ArgumentHelp("Exit with 1 from this severity on: critical, high, medium, low, info, none (default: high).", valueName: "severity"))
    var failOn: String?

    @Option(help: ArgumentHelp("Exit with 3 when less of what was asked for could be judged.", valueName: "percent"))
    var failCoverageBelow: Int?

    @Option(name: .customLong("party"), help: ArgumentHelp("Show only what this party must act on; may repeat.", valueName: "party"))
    var parties: [String] = []

    @Option(help: ArgumentHelp("Show only findings at least this bad.", valueName: "severity"))
    var minSeverity: String?

    @Option(help: ArgumentHelp("Leave out the findings of a baseline.", valueName: "file"))
    var baseline: String?

    @Option(help: ArgumentHelp("Write today's findings as a baseline.", valueName: "file"))
    var createBaseline: String?

    @Flag(help: "Add passes and what is not applicable to JSON.")
    var allVerdicts = false

    @Flag(help: "Exit with 1 when an exception has expired, covers nothing or names no control.")
    var auditExceptions = false

    @Flag(help: "Show every place and every step of an attribution.")
    var verbose = false

    @Flag(help: "No colours.")
    var noColor = false

    /// The flags, read and checked before anything is judged.
    struct Plan {
        let targets: [ReportTargets.Target]
        let threshold: Threshold
        let view: FindingView
        let known: Baseline?
    }

    func plan(_ configuration: Configuration) throws -> Plan {
        let seen = try parties.map { FindingView(of: try party($0)).parties }
        return Plan(
            targets: try ReportTargets(Demarc.arguments).targets,
            threshold: try Threshold(failOn ?? configuration.failOn, coverage: failCoverageBelow ?? configuration.failCoverageBelow),
            view: FindingView(parties: seen.reduce(into: []) { $0.formUnion($1) }, minimumSeverity: try minSeverity.map(severity) ?? .info),
            known: try (baseline ?? configuration.baseline).map(readBaseline))
    }

    /// Writes the reports and says how it ended.
    /// - Parameter whole: everything that was found, of which the flags show a part.
    /// - Throws: `Failure` with the exit code, when it is not the clean one.
    func conclude(_ whole: ScanResult, _ plan: Plan, _ scan: ScanPlan, quiet: Bool) throws {
        if let createBaseline { try writeBaseline(whole, to: createBaseline, quiet: quiet) }
        var result = whole
        if let known = plan.known { result = result.without(known: known.contains) }
        // Whose findings count is a choice of responsibility; how small a finding is shown is a choice of the reader.
        var code = plan.threshold.code(for: result.seen(through: FindingView(parties: plan.view.parties)))
        // What a party states of itself is no finding, but it is no success either.
        if code == .clean, result.benchmark?.failsOnlyByStatement == true, failOn != "none" { code = .findings }
        result = result.seen(through: plan.view)
        result.benchmark = result.benchmark?.seen(by: plan.view.parties)
        try plan.targets.forEach { try write(result, to: $0) }
        let remarks = remark(on: whole, scan, quiet: quiet)
        if auditExceptions, remarks > 0 { throw Failure(code: .findings, description: "") }
        if code != .clean { throw Failure(code: code, description: "") }
    }

    // MARK: - Arguments

    private func party(_ text: String) throws -> Party {
        guard let party = Party(rawValue: text) else {
            throw Failure.usage("'\(text)' is no party; known are \(Party.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return party
    }

    private func readBaseline(_ path: String) throws -> Baseline {
        let reading: (baseline: Baseline?, faults: [DocumentFault])
        do {
            reading = Baseline.read(try SourceFile.read(path, limit: 64 << 20), source: path)
        } catch {
            throw Failure.usage("baseline \(path): \(error.message)")
        }
        guard let baseline = reading.baseline else {
            throw Failure.usage("the baseline is not usable:\n" + reading.faults.prefix(5).map { "  \($0)" }.joined(separator: "\n"))
        }
        return baseline
    }

    // MARK: - Results

    private func write(_ result: ScanResult, to target: ReportTargets.Target) throws {
        let output = try target.path.map(ReportFile.create) ?? .standard
        let isTerminal = target.path == nil && Terminal.isTerminal(.standardOutput)
        let options = ReportOptions(
            width: target.path == nil ? Terminal.width : nil, colour: isTerminal && Terminal.useColor(disabled: noColor), verbose: verbose)
        try render(result, as: target.format, options: options) { try output.write($0) }
    }

    private func writeBaseline(_ result: ScanResult, to path: String, quiet: Bool) throws {
        let baseline = Baseline(of: result.findings)
        try ReportFile.create(path).write(baseline.document)
        if !quiet { Output.note("\(path): \(baseline.fingerprints.count) findings written as the baseline") }
    }

    /// What speaks against the exceptions in use, said on standard error.
    /// - Returns: how many remarks there were.
    private func remark(on result: ScanResult, _ plan: ScanPlan, quiet: Bool) -> Int {
        let remarks = plan.exceptions.audit(result.findings, judged: plan.catalogue.controls, known: Set(EveryControl.all.map(\.id)))
        guard !quiet else { return remarks.count }
        for remark in remarks { Output.note("\(remark.source):\(remark.position.line): \(remark.message)") }
        if auditExceptions, remarks.isEmpty { Output.note("every exception is in force and covers a finding") }
        return remarks.count
    }
}

/// `--fail-on`'s and `--min-severity`'s word.
func severity(_ text: String) throws -> Severity {
    guard let severity = Severity(rawValue: text) else {
        throw Failure.usage("'\(text)' is no severity; known are \(Severity.allCases.reversed().map(\.rawValue).joined(separator: ", "))")
    }
    return severity
}
