internal import ArgumentParser
internal import KubernetesClient
internal import Reports
internal import Responsibility

/// A decision about a grant that is there: what its commands share.
struct GrantDecisionOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The grant: its name, or namespace/name.", valueName: "grant"))
    var grant: String

    @Option(help: ArgumentHelp("Only about this spec, as `grant show` printed its hash; refused when it is another by now.", valueName: "hash"))
    var specHash: String?

    @OptionGroup var options: GrantOptions

    @OptionGroup var ledger: GrantLedgerOptions

    /// - Throws: `Failure` when the spec is not the one that was looked at.
    func insist(on cycle: GrantLifeCycle, for action: GrantDecision.Action) throws {
        let found = cycle.specHash(for: action)
        guard let specHash, specHash != found else { return }
        throw Failure(
            code: .findings, description: "\(cycle.grant.key): the spec is \(found) by now, not \(specHash); look at it again: demarc grant show")
    }

    func validate() throws {
        if options.cluster, ledger.ledger != nil { throw ValidationError("in a cluster the server keeps the ledger; leave out --ledger") }
    }

    /// Makes the decision and prints what came of it.
    func decide(_ action: GrantDecision.Action, reason: String?) async throws {
        let plan = try options.plan()
        let reference = try plan.reference(grant)
        if options.cluster {
            return try await GrantCluster.connected(options) { cluster in
                let grant = try await cluster.read(reference)
                try insist(on: plan.cycle(of: grant), for: action)
                try await cluster.decide(action, about: grant, reason: reason, plan: plan)
            }
        }
        let document = try GrantDocument.find(reference, in: plan)
        try insist(on: plan.cycle(of: document.grant), for: action)
        let outcome = try await GrantRecording(plan: plan, ledger: ledger).decide(action, about: document, reason: reason)
        try Output.standard.line(TerminalText.clean(outcome.text))
        if ledger.ledger == nil, !options.quiet { Output.note("note: \(GrantDecisionOptions.noLedger)") }
    }

    static let noLedger = "the file alone is the record; with --ledger, whoever changes it by hand is found"
}

/// Why somebody decided so.
struct GrantReason: ParsableArguments {
    @Option(help: ArgumentHelp("Why, for whoever reads the record.", valueName: "text"))
    var reason: String?

    func validate() throws {
        if let reason, reason.isEmpty || reason.utf8.count > 8_192 { throw ValidationError("--reason is a text of 1 to 8,192 bytes") }
    }
}
