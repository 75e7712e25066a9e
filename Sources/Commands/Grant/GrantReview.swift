internal import ArgumentParser
internal import Responsibility

struct GrantReview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Say that you have looked at what somebody took in an emergency.",
        discussion: """
            demarc grant review shop/probe --reason "looked at the audit log; nothing else was done"

            For grants that were taken by break-glass, when they are over. It cannot be whoever took them. Until then grant-emergency-unreviewed finds them.

            Exit codes: 0 it is recorded; 1 the rules forbid it, and why; 2 there is no such grant; 3 the grant cannot be read.
            """)

    @OptionGroup var decision: GrantDecisionOptions

    @OptionGroup var reason: GrantReason

    func run() async throws { try await decision.decide(.review, reason: reason.reason) }
}
