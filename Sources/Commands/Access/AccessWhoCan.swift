internal import Access
internal import ArgumentParser
internal import Kubernetes
internal import Reports

struct AccessWhoCan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who-can",
        abstract: "List everybody who may do something, with the binding and the rule that allow it.",
        discussion: """
            demarc access who-can create pods/exec -n shop rbac/
            demarc access who-can get secrets -A cluster.yaml --format json
            demarc access who-can get /metrics cluster.yaml

            The words are those of can-i: VERB RESOURCE [NAME] PATH…. With -A the bindings of every namespace count, each in its own. \
            Whoever has it only through the API server's own bindings is counted in one line. The exit code is 3 when something could not be \
            read or is refused by the API server, so that somebody may be missing; it is listed on standard error.
            """)

    @Argument(help: "VERB RESOURCE [NAME] PATH…")
    var words: [String]

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "In any namespace.")
    var allNamespaces = false

    @Flag(help: "List those too whom the API server's own bindings allow it.")
    var allSubjects = false

    @Option(help: ArgumentHelp("table or json.", valueName: "format"))
    var format = "table"

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var options: AccessOptions

    func run() async throws {
        guard let format = WhoCanReport.Format(rawValue: format) else {
            throw Failure.usage("unknown format '\(format)'; known are \(WhoCanReport.Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let estate = try await AccessEstate(try options.question(words), options, allNamespaces: allNamespaces)
        let anywhere = allNamespaces && estate.reading.isNamespaced
        let report = WhoCanReport(
            estate.policy, request: estate.reading.request, reasons: estate.policy.whoCan(estate.reading.request, anywhere: anywhere),
            anywhere: anywhere, gaps: estate.gaps, toolVersion: Version.current)
        let options = ReportOptions(width: Terminal.width, colour: output == nil && Terminal.useColor(disabled: noColor))
        let target = try output.map(ReportFile.create) ?? .standard
        try report.write(as: format, showsAll: allSubjects, options: options) { try target.write($0) }
        estate.noteGaps()
        if !estate.gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }
}
