internal import ArgumentParser
internal import Documents
internal import Reports
internal import Responsibility

struct GrantRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Apply for another period of a grant.",
        discussion: """
            demarc grant renew shop/probe                 as long as what holds, from its end on
            demarc grant renew shop/probe --for 30d

            It is a new application: others approve it, and whoever is accountable accepts it again. What was approved holds until its own end.
            """)

    @OptionGroup var decision: GrantDecisionOptions

    @Option(name: .customLong("for"), help: ArgumentHelp("How long, such as 30d or 12h (default: as long as what holds).", valueName: "length"))
    var length: String?

    @Option(name: .customLong("from"), help: ArgumentHelp("When it begins, RFC 3339 (default: at the end of what holds, or now).", valueName: "time"))
    var start: String?

    @OptionGroup var reason: GrantReason

    func run() async throws {
        let options = decision.options
        let plan = try options.plan()
        let reference = try plan.reference(decision.grant)
        if options.cluster {
            return try await GrantCluster.connected(options) { cluster in
                let grant = try await cluster.read(reference)
                let times = try period(after: grant, plan)
                try await cluster.renew(grant, notBefore: times.notBefore, expires: times.expires, reason: reason.reason, plan: plan)
            }
        }
        let document = try GrantDocument.find(reference, in: plan)
        let outcome = try await GrantRecording(plan: plan, ledger: decision.ledger)
            .decide(.apply, about: document, reason: reason.reason, times: try period(after: document.grant, plan))
        try Output.standard.line(TerminalText.clean(outcome.text))
        if decision.ledger.ledger == nil, !options.quiet { Output.note("note: \(GrantDecisionOptions.noLedger)") }
    }

    private func period(after grant: PrivilegeGrant, _ plan: GrantPlan) throws -> (notBefore: Timestamp, expires: Timestamp) {
        guard !grant.isEmergency else { throw Failure(code: .findings, description: "\(grant.key): an emergency is not renewed; make a new grant") }
        let cycle = plan.cycle(of: grant)
        var span = (cycle.termsInForce ?? grant.terms).length
        if let length {
            guard let given = Span(length) else { throw Failure.usage("--for '\(length)' is no length of time; write 90d, 12h or 30m") }
            span = given
        }
        // Not at the end of the spec: a renewal that nobody has decided about, or that was denied, holds for no day.
        var notBefore = max(plan.now, cycle.heldUntil ?? plan.now)
        if let start {
            guard let given = Timestamp(start) else { throw Failure.usage("--from '\(start)' is no RFC 3339 time; write it as 2026-12-31T00:00:00Z") }
            notBefore = given
        }
        return (notBefore, notBefore.advanced(bySeconds: span.seconds))
    }
}
