internal import ArgumentParser
internal import Controls
internal import Documents
internal import Reports
internal import Responsibility
internal import SystemPackage

struct Scan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge manifests and say, for each finding, who must act and why.",
        discussion: """
            demarc scan manifests/
            helm template shop | demarc scan -
            demarc scan . --party customer --format table --format sarif -o demarc.sarif
            """)

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String] = []

    @OptionGroup var options: ScanOptions

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

    func run() async throws {
        let plan = try ScanPlan(options)
        let targets = try ReportTargets(Demarc.arguments).targets
        let threshold = try Threshold(failOn ?? plan.configuration.failOn, coverage: failCoverageBelow ?? plan.configuration.failCoverageBelow)
        let seen = try parties.map { FindingView(of: try party($0)).parties }
        let view = FindingView(parties: seen.reduce(into: []) { $0.formUnion($1) }, minimumSeverity: try minSeverity.map(severity) ?? .info)
        let known = try (baseline ?? plan.configuration.baseline).map(readBaseline)
        guard !paths.isEmpty else { throw Failure.usage("what shall be judged? Give files, directories, or - for standard input: demarc scan DIR") }

        let run = await ScanRun(paths, plan: plan, quiet: options.estate.quiet, recordsQuietVerdicts: allVerdicts)
        if let createBaseline { try writeBaseline(run.result, to: createBaseline) }
        var result = run.result
        if let known { result = result.without(known: known.contains) }
        // Whose findings count is a choice of responsibility; how small a finding is shown is a choice of the reader.
        let code = threshold.code(for: result.seen(through: FindingView(parties: view.parties)))
        result = result.seen(through: view)
        try targets.forEach { try write(result, to: $0) }
        let remarks = remark(on: run, plan)
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

    private func writeBaseline(_ result: ScanResult, to path: String) throws {
        let baseline = Baseline(of: result.findings)
        try ReportFile.create(path).write(baseline.document)
        if !options.estate.quiet { Output.note("\(path): \(baseline.fingerprints.count) findings written as the baseline") }
    }

    /// What speaks against the exceptions in use, said on standard error.
    /// - Returns: how many remarks there were.
    private func remark(on run: ScanRun, _ plan: ScanPlan) -> Int {
        let remarks = plan.exceptions.audit(run.result.findings, judged: plan.catalogue.controls, known: Set(EveryControl.all.map(\.id)))
        guard !options.estate.quiet else { return remarks.count }
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
