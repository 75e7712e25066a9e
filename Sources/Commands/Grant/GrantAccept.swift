internal import ArgumentParser
internal import Documents
internal import Reports
internal import Responsibility
internal import SystemPackage

struct GrantAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Accept the liability of a grant, as the person or team it names.",
        discussion: """
            demarc grant accept shop/probe                                        prints the text and its hash
            demarc grant accept shop/probe --liability-text-hash sha256:…         accepts exactly that text

            On a terminal the text is shown and you are asked. Without one nothing is asked: give the hash of the text you have read. With acceptance the \
            grant takes effect. A grant with spec.emergency is taken by this at once, without anybody's approval, and must be reviewed afterwards.

            Exit codes: 0 it is recorded; 1 the rules forbid it, and why; 2 no hash was given and there is no terminal; 3 the grant cannot be read.
            """)

    @OptionGroup var decision: GrantDecisionOptions

    @Option(help: ArgumentHelp("The hash of the liability text you accept.", valueName: "hash"))
    var liabilityTextHash: String?

    @OptionGroup var reason: GrantReason

    func run() async throws {
        let options = decision.options
        let plan = try options.plan()
        let reference = try plan.reference(decision.grant)
        if options.cluster {
            return try await GrantCluster.connected(options) { cluster in
                let grant = try await cluster.read(reference)
                try decision.insist(on: plan.cycle(of: grant), for: action(for: grant))
                try consent(to: grant, under: plan.model)
                try await cluster.decide(action(for: grant), about: grant, reason: reason.reason, plan: plan)
            }
        }
        let document = try GrantDocument.find(reference, in: plan)
        try decision.insist(on: plan.cycle(of: document.grant), for: action(for: document.grant))
        let user = LocalUser.current
        if let refusal = plan.refusal(of: action(for: document.grant), about: document.grant, by: user) {
            throw Failure(code: .findings, description: "\(document.grant.key): no acceptance: \(refusal)")
        }
        try consent(to: document.grant, under: plan.model)
        let outcome = try await GrantRecording(plan: plan, ledger: decision.ledger)
            .decide(action(for: document.grant), about: document, reason: reason.reason)
        try Output.standard.line(TerminalText.clean(outcome.text))
        if decision.ledger.ledger == nil, !options.quiet { Output.note("note: \(GrantDecisionOptions.noLedger)") }
    }

    private func action(for grant: PrivilegeGrant) -> GrantDecision.Action { grant.isEmergency ? .breakGlass : .accept }

    /// - Throws: `Failure` unless exactly the model's text is accepted.
    private func consent(to grant: PrivilegeGrant, under model: ResponsibilityModel) throws {
        guard let hash = model.liabilityHash else { return }
        if let given = liabilityTextHash {
            guard given == hash else {
                throw Failure(
                    code: .findings,
                    description: "\(given) is not the hash of the liability text of model '\(model.name)', which is \(hash); read it again")
            }
            return
        }
        Output.notes("\(grant.key), accepted by \(grant.accountable.description):\n\n\(model.liability)\n\n\(hash)\n")
        guard Terminal.isTerminal(.standardInput), Terminal.isTerminal(.standardError) else {
            throw Failure.usage("there is no terminal to ask at; when you accept the text above, add --liability-text-hash \(hash)")
        }
        Output.note("Do you accept this? Only 'yes' does.")
        guard readLine() == "yes" else { throw Failure(code: .findings, description: "nothing was accepted") }
    }
}
