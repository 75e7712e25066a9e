internal import ArgumentParser
internal import Responsibility

struct GrantApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve what somebody else applied for.",
        discussion: """
            demarc grant approve shop/probe --grants grants/ --ledger ledger.db --ledger-key ledger.key
            demarc grant approve probe -n shop --cluster

            It is about the spec as it is now. Whoever applied cannot approve. In files the record names the user of the operating system, which
            whoever administers the machine can be; in a cluster it is whom the API server authenticated.

            Exit codes: 0 it is recorded; 1 the rules forbid it, and why; 2 there is no such grant; 3 the grant cannot be read.
            """)

    @OptionGroup var decision: GrantDecisionOptions

    @OptionGroup var reason: GrantReason

    func run() async throws { try await decision.decide(.approve, reason: reason.reason) }
}
