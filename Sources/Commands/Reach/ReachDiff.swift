internal import ArgumentParser
internal import Controls
internal import Kubernetes
internal import Reachability
internal import Reports
internal import SystemPackage

struct ReachDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say which connections a change opens and which it closes.",
        discussion: """
            demarc reach diff before/ after/
            git worktree add ../main main && demarc reach diff ../main/manifests manifests --format json

            Exit code 0 says that nothing changes, 1 that something does, 3 that one of the two could not be read or judged in full.
            """)

    @Argument(help: "A file or directory, the estate as it was.")
    var before: String

    @Argument(help: "A file or directory, the estate as it will be.")
    var after: String

    @OptionGroup var options: ReachOptions

    @Option(help: ArgumentHelp("table or json.", valueName: "format"))
    var format = "table"

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "No colours.")
    var noColor = false

    func run() async throws {
        guard let format = ReachDiffReport.Format(rawValue: format) else {
            throw Failure.usage("unknown format '\(format)'; known are table, json")
        }
        guard !(before == "-" && after == "-") else { throw Failure.usage("standard input can be read but once; name one of the two") }
        let (one, other) = (try await ReachEstate([before], options), try await ReachEstate([after], options))
        let gaps = one.gaps + other.gaps
        let differences = FlowDifference.between(one.model, other.model)
        let isTerminal = output == nil && Terminal.isTerminal(.standardOutput)
        let report = ReachDiffReport(
            differences, gaps: gaps, options: ReportOptions(colour: isTerminal && Terminal.useColor(disabled: noColor)))
        let target = try output.map(ReportFile.create) ?? .standard
        try report.write(as: format) { try target.write($0) }
        if !gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
        if !differences.isEmpty { throw Failure(code: .findings, description: "") }
    }
}
