internal import ArgumentParser
internal import Controls
internal import Reports
internal import SystemPackage

struct ReachTenantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenants",
        abstract: "Prove that no tenant reaches another, or show the flows that do.",
        discussion: """
            demarc reach tenants manifests/ --model our-platform.yaml
            demarc reach tenants manifests/ --tenant 'shop=shop,shop-*' --tenant bank=bank

            Tenants are sets of namespaces: those of the model (spec.tenants), or those given here. Every pair is judged in both directions, over \
            every workload and port; what leaves the cluster and comes in again through a public address is not part of the proof.

            Exit code 0 says that all are kept apart, 1 that one reaches another unmeant, 3 that something could not be read or judged.
            """)

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String] = []

    @Option(
        name: .customLong("tenant"),
        help: ArgumentHelp(
            "A tenant instead of the model's; * at the end of a namespace stands for any rest; may repeat.", valueName: "name=namespaces"))
    var tenants: [String] = []

    @OptionGroup var options: ReachOptions

    @Option(help: ArgumentHelp("table or json.", valueName: "format"))
    var format = "table"

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "No colours.")
    var noColor = false

    func run() async throws {
        guard let format = TenantReport.Format(rawValue: format) else {
            throw Failure.usage("unknown format '\(format)'; known are \(TenantReport.Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let given = try tenants.map(ReachTenantsCommand.tenant)
        let network = try await ReachEstate(paths, options)
        let judged = given.isEmpty ? network.tenants : Tenants(given)
        guard judged.all.count > 1 else {
            throw Failure.usage("fewer than two tenants; name them in the model (spec.tenants), or here: --tenant shop=shop,shop-*")
        }
        let isTerminal = output == nil && Terminal.isTerminal(.standardOutput)
        let report = TenantReport(
            judged, network.model, gaps: network.gaps, options: ReportOptions(colour: isTerminal && Terminal.useColor(disabled: noColor)))
        let target = try output.map(ReportFile.create) ?? .standard
        try report.write(as: format) { try target.write($0) }
        // A flow that was found is there, whatever else could not be read; a proof holds only when everything was.
        if !report.isIsolated { throw Failure(code: .findings, description: "") }
        if !network.gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }

    /// `shop=shop,shop-*`
    static func tenant(_ text: String) throws -> Tenant {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw Failure.usage("--tenant '\(text)' names no namespaces; write --tenant name=namespace,beginning-*")
        }
        let namespaces = try parts[1].split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let pattern = Pattern(String(part)) else {
                throw Failure.usage("--tenant '\(text)': '\(part)' is no namespace; write an exact name, or a beginning and one * at the end")
            }
            return pattern
        }
        return Tenant(name: parts[0], namespaces: namespaces)
    }
}
