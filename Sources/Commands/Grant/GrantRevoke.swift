internal import ArgumentParser
internal import Responsibility

struct GrantRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a grant, and every approval of it.",
        discussion: """
            demarc grant revoke shop/probe --reason "the image was replaced"

            New Pods are refused at once and running ones become findings. Nothing that was decided before counts any more.

            Exit codes: 0 it is recorded; 1 the rules forbid it, and why; 2 there is no such grant; 3 the grant cannot be read.
            """)

    @OptionGroup var decision: GrantDecisionOptions

    @OptionGroup var reason: GrantReason

    func run() async throws { try await decision.decide(.revoke, reason: reason.reason) }
}
