internal import ArgumentParser
internal import Documents
internal import Reports
internal import Responsibility

struct GrantShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a grant: what it covers, what was decided, and whether it holds.",
        discussion: """
            demarc grant show shop/probe --grants grants/
            demarc grant show shop/probe --grants grants/ --ledger ledger.db

            With a ledger, decisions that only one of both has are named, and the exit code is 1: somebody changed the file by hand, or the program was \
            stopped before it wrote there what it had entered.
            """)

    @Argument(help: ArgumentHelp("The grant: its name, or namespace/name.", valueName: "grant"))
    var grant: String

    @OptionGroup var options: GrantOptions

    @Option(help: ArgumentHelp("A ledger to look the decisions up in.", valueName: "file"))
    var ledger: String?

    @Option(help: ArgumentHelp("The instant the grant is judged by, RFC 3339 (default: the clock).", valueName: "time"))
    var now: String?

    func run() async throws {
        let plan = try options.plan(now: now)
        let reference = try plan.reference(grant)
        if options.cluster {
            return try await GrantCluster.connected(options) { try show(plan.cycle(of: try await $0.read(reference))) }
        }
        try show(plan.cycle(of: try GrantDocument.find(reference, in: plan).grant))
    }

    private func show(_ cycle: GrantLifeCycle) throws {
        let compared = try ledger.map { try GrantComparison(of: cycle.grant, with: $0) } ?? GrantComparison()
        try Output.standard.write(GrantText(cycle: cycle, compared: compared).text)
        var differences: [String] = []
        if !compared.missing.isEmpty {
            differences.append("\(compared.missing.count) of \(cycle.grant.decisions.count) decisions are not in the ledger")
        }
        if !compared.removed.isEmpty { differences.append("\(compared.removed.count) in the ledger are not in the grant") }
        if !differences.isEmpty { throw Failure(code: .findings, description: differences.joined(separator: ", and ")) }
    }
}

/// A grant for people.
private struct GrantText {
    let cycle: GrantLifeCycle
    let compared: GrantComparison

    private var grant: PrivilegeGrant { cycle.grant }

    var text: String { lines.map { TerminalText.clean($0) + "\n" }.joined() }

    private var lines: [String] {
        var lines = [
            "\(grant.key)  \(cycle.phase.rawValue)\(cycle.isBypass ? ", taken by break-glass" : "")", "  workload      \(cycle.workloadText)",
            "  account       \(grant.workload.serviceAccountName)", "  accountable   \(grant.accountable.description)",
            "  from          \(grant.notBefore)", "  until         \(grant.expires) (\(cycle.endText))", "  next          \(cycle.next)",
            "  because       \(grant.justification)",
        ]
        if !grant.ticket.isEmpty { lines.append("  ticket        \(grant.ticket)") }
        if let emergency = grant.emergency { lines.append("  emergency     \(emergency)") }
        lines.append("  spec          \(grant.specHash)")
        lines.append("privileges")
        lines += privileges(grant.terms)
        if let held = cycle.termsInForce, held.specHash != grant.specHash {
            lines.append("what holds until \(held.expires), while the changed spec waits")
            lines += privileges(held)
        }
        lines += ["decisions"] + decisions
        lines.append("judged at \(cycle.now) under model \(cycle.model.name)")
        if cycle.isInForce { lines.append("  ✓ in force") }
        let isWaiting = cycle.isInForce && cycle.termsInForce?.specHash != grant.specHash
        lines += cycle.remarks.map { "  ! \($0)" } + cycle.obstacles.map { "  ✗ \(isWaiting ? "the changed spec: " : "")\($0)" }
        lines += cycle.unreviewed.map { "  ✗ nobody else has reviewed what \($0.username) took at \($0.at)" }
        for reminder in cycle.pendingReminders { lines.append("  reminder at \(reminder.at), \(reminder.before) before the end") }
        return lines
    }

    private func privileges(_ terms: GrantTerms) -> [String] {
        let images = terms.imageDigests.isEmpty ? ["  any image"] : terms.imageDigests.map { "  image \($0)" }
        return terms.privileges.map { privilege in
            let place = privilege.container.isEmpty ? "the Pod" : "container '\(privilege.container)'"
            let value = privilege.value.isEmpty ? "" : " \(privilege.value)"
            return "  \(privilege.control)\(value)\(privilege.readOnly ? " for reading" : "") of \(place)"
        } + images
    }

    private var decisions: [String] {
        let written = grant.decisions.enumerated().map { line($1) + (compared.missing.contains($0) ? "  ✗ not in the ledger" : "") }
        let removed = compared.removed.map { line($0.decision) + "  ✗ entry \($0.number) of the ledger, and not in the grant" }
        return written.isEmpty && removed.isEmpty ? ["  none"] : written + removed
    }

    private func line(_ decision: GrantDecision) -> String {
        var line = "  \(decision.at)  \(decision.action.rawValue)  \(decision.username)"
        if !decision.groups.isEmpty { line += " (\(decision.groups.joined(separator: ", ")))" }
        if decision.specHash != grant.specHash { line += "  about \(decision.specHash.prefix(19))…" }
        return decision.reason.isEmpty ? line : line + "  \(decision.reason)"
    }
}
