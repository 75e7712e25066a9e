internal import ArgumentParser
internal import Responsibility

struct GrantDeny: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny an application; it needs a new one, or your own approval, after that.",
        discussion: """
            demarc grant deny shop/probe --reason "NET_ADMIN is not needed for this"

            What was approved before goes on to hold when the denial is about a changed spec.

            Exit codes: 0 it is recorded; 1 the rules forbid it, and why; 2 there is no such grant; 3 the grant cannot be read.
            """)

    @OptionGroup var decision: GrantDecisionOptions

    @OptionGroup var reason: GrantReason

    func run() async throws { try await decision.decide(.deny, reason: reason.reason) }
}
