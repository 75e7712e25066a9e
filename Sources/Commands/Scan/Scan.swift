internal import ArgumentParser

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

    @OptionGroup var outcome: OutcomeOptions

    func run() async throws {
        let plan = try ScanPlan(options)
        let ending = try outcome.plan(plan.configuration)
        guard !paths.isEmpty else { throw Failure.usage("what shall be judged? Give files, directories, or - for standard input: demarc scan DIR") }
        let run = await ScanRun(paths, plan: plan, quiet: options.estate.quiet, recordsQuietVerdicts: outcome.allVerdicts)
        try outcome.conclude(run.result, ending, plan, quiet: options.estate.quiet)
    }
}
