internal import Access
internal import ArgumentParser
internal import Controls
internal import Kubernetes
internal import Reports

struct AccessUsed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "used",
        abstract: "Compare what bindings give with what an audit log shows to be used, and suggest smaller roles.",
        discussion: """
            demarc access used --audit-log audit.log rbac/
            demarc access used --audit-log audit.log cluster.yaml --format yaml > smaller.yaml
            zcat audit-*.gz | demarc access used --audit-log - cluster.yaml --format json

            The log has one event of audit.k8s.io a line, as the API server writes it. Answered requests count that RBAC allowed; for an \
            impersonated request the impersonated user counts, and to the other one it counts as impersonation. A use counts for every \
            binding that allows it. What the audit policy does not record looks unused, so let it record the metadata of all requests, for \
            long enough. What leaves no trace in a log, such as to bind or to escalate, is kept.

            Bindings that the API server makes itself are left out. The exit code is 3 when a line or a file could not be read.
            """)

    @Argument(help: "Files and directories with roles and bindings, or - for standard input.")
    var paths: [String]

    @Option(name: .customLong("audit-log"), help: ArgumentHelp("An audit log, or - for standard input; may repeat.", valueName: "file"))
    var logs: [String]

    @Option(help: ArgumentHelp("table, json, or yaml for the suggested roles.", valueName: "format"))
    var format = "table"

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(name: .shortAndLong, help: "List every permission that was not used.")
    var verbose = false

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var options: EstateOptions

    func run() async throws {
        guard let format = UsageReport.Format(rawValue: format) else {
            throw Failure.usage("unknown format '\(format)'; known are \(UsageReport.Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard !logs.contains("-") || !paths.contains("-") else {
            throw Failure.usage("standard input cannot be the log and the estate; put one of them into a file")
        }
        let estate = await options.read(paths, under: try Configuration.load(options.config))
        let policy = AccessPolicy(of: estate.inventory)
        var recorder = UsageRecorder(policy)
        var log = AuditLog()
        for path in logs { log.read(path) { recorder.add($0) } }
        let gaps = estate.gaps + policy.faults.map { Gap($0) } + log.gaps
        let report = UsageReport(recorder.usage, log: log.counts, gaps: gaps, toolVersion: Version.current)
        let target = try output.map(ReportFile.create) ?? .standard
        let look = ReportOptions(
            width: output == nil ? Terminal.width : nil, colour: output == nil && Terminal.useColor(disabled: noColor), verbose: verbose)
        try report.write(as: format, options: look) { try target.write($0) }
        for gap in gaps { Output.note("\(gap.source)\(gap.line > 0 ? ":\(gap.line)" : ""): \(gap.message)") }
        if !gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }
}
