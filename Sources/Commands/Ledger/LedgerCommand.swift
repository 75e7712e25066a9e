internal import ArgumentParser

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The record of decisions: whether anything in it was changed, and proofs for others.",
        discussion: """
            All of it works offline, on a ledger's database or on an export of one. What a ledger proves and what it does not: docs/ledger.md.
            """,
        subcommands: [
            LedgerVerify.self, LedgerProve.self, LedgerExportCommand.self, LedgerWitness.self, LedgerAccept.self, LedgerPublish.self, LedgerKey.self,
            LedgerRotate.self,
        ])
}
