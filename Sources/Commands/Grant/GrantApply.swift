internal import ArgumentParser
internal import Kubernetes
internal import Reports
internal import Responsibility

struct GrantApply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Apply for the grant in a file.",
        discussion: """
            demarc grant draft deployment.yaml > grants/probe.yaml     then fill it in
            demarc grant apply grants/probe.yaml
            demarc grant apply probe.yaml --cluster

            The application is recorded in the file itself, with you as the applicant. In a cluster the object is created, or gets the spec of the file. A \
            changed spec needs a new application and a new approval; until then the one that was approved goes on to hold.

            Exit codes: 0 it is recorded; 1 the rules forbid it, and why; 2 the file is wrong; 3 the grant cannot be read.
            """)

    @Argument(help: ArgumentHelp("The file, with one grant.", valueName: "file"))
    var file: String

    @OptionGroup var options: GrantOptions

    @OptionGroup var ledger: GrantLedgerOptions

    @OptionGroup var reason: GrantReason

    func run() async throws {
        let plan = try options.plan()
        let document = try GrantDocument(path: file, plan: plan)
        if options.cluster {
            return try await GrantCluster.connected(options) { try await $0.apply(document.object, reason: reason.reason, plan: plan) }
        }
        guard file != "-" else { throw Failure.usage("the application is recorded in the file; give its path instead of standard input") }
        let outcome = try await GrantRecording(plan: plan, ledger: ledger).decide(.apply, about: document, reason: reason.reason)
        try Output.standard.line(TerminalText.clean(outcome.text))
        if ledger.ledger == nil, !options.quiet { Output.note("note: \(GrantDecisionOptions.noLedger)") }
    }
}
