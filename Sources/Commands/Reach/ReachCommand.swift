internal import ArgumentParser
internal import Controls
internal import Reachability
internal import Reports
internal import Responsibility
internal import SystemPackage

struct ReachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reach", abstract: "Who can connect to whom, by the network policies of an estate.",
        subcommands: [ReachFlowsCommand.self, ReachDiffCommand.self, ReachTenantsCommand.self], defaultSubcommand: ReachFlowsCommand.self)
}

struct ReachFlowsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flows",
        abstract: "Say who can connect to whom, by the network policies of an estate, and what leads in from outside.",
        discussion: """
            demarc reach manifests/
            kubectl get pods,namespaces,services,networkpolicies -A -o yaml | demarc reach -
            demarc reach . --format svg -o reach.svg
            demarc reach . --format dot | dot -Tsvg > reach.svg
            demarc reach --explain shop/web payments/db 5432 manifests/
            demarc reach --explain 203.0.113.7 shop/web 443/TCP manifests/
            demarc reach diff before/ after/
            demarc reach tenants manifests/ --model our-platform.yaml

            --explain takes SOURCE DESTINATION PORT[/PROTOCOL] and prints the policies and rules that decide; an end is NAMESPACE/NAME, \
            NAMESPACE/NAME[KIND], an address or a block of addresses. Exit code 0 says allowed, 1 denied.

            Exit code 3 says that something could not be read or judged, which is listed. Both `demarc reach flows` and `demarc reach` do \
            this; a directory called flows, diff or tenants is named ./flows, ./diff or ./tenants.
            """)

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String] = []

    @OptionGroup var options: ReachOptions

    @Option(help: ArgumentHelp("table, json, dot or svg (default: table, or by the ending of --output).", valueName: "format"))
    var format: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "Explain one connection: --explain SOURCE DESTINATION PORT[/PROTOCOL].")
    var explain = false

    @Flag(help: "No colours.")
    var noColor = false

    func run() async throws {
        if explain { return try await runExplanation() }
        let format = try ReachFlowsCommand.format(self.format, output: output)
        let network = try await ReachEstate(paths, options)
        let isTerminal = output == nil && Terminal.isTerminal(.standardOutput)
        let report = ReachReport(
            network.model, inventory: network.inventory, platforms: network.platforms, gaps: network.gaps,
            options: ReportOptions(colour: isTerminal && Terminal.useColor(disabled: noColor)))
        let target = try output.map(ReportFile.create) ?? .standard
        try report.write(as: format) { try target.write($0) }
        // In the other forms the gaps stand in the result or have no place there.
        if format == .dot || format == .svg { network.noteGaps() }
        if !network.gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }

    private func runExplanation() async throws {
        guard format == nil, output == nil else { throw Failure.usage("--explain prints text; leave out --format and --output") }
        let question = try ReachQuestion(paths, arguments: Demarc.arguments)
        let network = try await ReachEstate(question.paths, options)
        let answer = try question.answer(network.model, defaultNamespace: network.namespace)
        let text = ExplanationText(answer.explanation, answer.question, network.model, network.inventory)
        for line in text.lines { try Output.standard.line(TerminalText.clean(line)) }
        network.noteGaps()
        // A yes that rests on a policy that was read stays one only when everything was read.
        if !network.gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
        if !answer.explanation.isAllowed { throw Failure(code: .findings, description: "") }
    }

    private static func format(_ name: String?, output: String?) throws -> ReachReport.Format {
        if let name {
            guard let format = ReachReport.Format(rawValue: name) else {
                throw Failure.usage("unknown format '\(name)'; known are \(ReachReport.Format.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return format
        }
        let suffix = output?.split(separator: ".").last.map(String.init) ?? ""
        return ReachReport.Format(rawValue: suffix) ?? .table
    }
}
