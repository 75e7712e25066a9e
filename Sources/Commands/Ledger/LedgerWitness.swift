internal import ArgumentParser
internal import Ledger
internal import SystemPackage

struct LedgerWitness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Confirm with your own key that a ledger only added to what you saw before.",
        discussion: """
            demarc ledger key witness.example/w1 --witness -o witness.key
            demarc ledger witness export/ --key witness.key --ledger-key ledger.pub -o seen-1
            demarc ledger witness export/ --key witness.key --ledger-key ledger.pub --previous seen-1 -o seen-2

            The whole ledger is verified, and that it begins with what the previous checkpoint commits to. Then its newest checkpoint is printed with your cosignature \
            and the time (c2sp.org/tlog-cosignature). Keep it: it is the --previous of the next time, and others give it as --checkpoint to verify. Without \
            --previous this is the first time that you see this ledger.

            Exit codes: 0 cosigned; 1 the ledger does not fit, and nothing was signed; 3 it could not be read.
            """)

    @Argument(help: ArgumentHelp("A ledger's database, or the directory of an export.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("The file of your own signing key.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("A key that must have signed the ledger; may repeat.", valueName: "key"))
    var ledgerKey: [String] = []

    @Option(help: ArgumentHelp("The checkpoint that you cosigned last.", valueName: "file"))
    var previous: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output; it is replaced as a whole.", valueName: "file"))
    var output: String?

    func run() throws {
        let signer = try LedgerFiles.signingKey(key).cosigning
        let kept = try previous.map(LedgerFiles.checkpoint)
        if let kept { try check(kept, isMineBy: signer.verifier) }
        let report = try LedgerFiles.audit(
            try LedgerFiles.source(path), AuditOptions(keys: try LedgerFiles.keys(ledgerKey), kept: kept))
        guard report.faults.isEmpty, var checkpoint = report.checkpoint else {
            try Output.standard.write(LedgerReportText.text(of: report))
            throw Failure(code: .findings, description: "nothing was signed")
        }
        guard !report.keys.contains(where: { $0.publicKey == signer.verifier.publicKey }) else {
            throw Failure.usage("\(key) is the ledger's own key; a witness has one of its own")
        }
        do {
            try checkpoint.cosign(with: signer, at: UInt64(max(0, Terminal.now)))
        } catch {
            throw Failure.usage("\(key): \(error)")
        }
        if let output {
            try PrivateFile.replace(output, with: Array(checkpoint.description.utf8), permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } else {
            try Output.standard.write(checkpoint.description)
        }
        if kept == nil {
            Output.note("note: the first time that this witness sees \(report.origin); give what it printed as --previous the next time")
        }
    }

    /// What this witness signed before carries its signature, and nobody else's word counts for that.
    private func check(_ kept: SignedCheckpoint, isMineBy verifier: VerifierKey) throws {
        do {
            _ = try kept.note.verified(by: [verifier])
        } catch {
            throw Failure.usage(
                "\(previous ?? "") was not cosigned by \(verifier.name): \(error); give the checkpoint that this command printed last")
        }
    }
}
