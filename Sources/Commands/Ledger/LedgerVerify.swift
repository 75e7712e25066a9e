internal import ArgumentParser
internal import Documents
internal import Ledger
internal import Reports

struct LedgerVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Say whether anything in a ledger was changed, and where.",
        discussion: """
            demarc ledger verify ledger.db --key ledger.example/one+b8cfcae7+AddamAGC…
            demarc ledger verify export/ --key keys.txt --checkpoint checkpoint-of-monday
            demarc ledger verify export/ --key ledger.pub --key witness.pub

            Every entry is read, and every hash, root and signature is computed anew. --key says whom to trust: without it, whoever wrote everything anew with \
            a key of his own is not noticed. --checkpoint is one that you kept elsewhere: it alone shows that an old copy was put in the place of the ledger, or \
            that the holder of the key rewrote history.

            Exit codes: 0 everything fits; 1 it does not, and the exact places are printed; 3 something could not be read, or a witness was asked for that \
            signed nothing here.
            """)

    @Argument(help: ArgumentHelp("A ledger's database, or the directory of an export.", valueName: "path"))
    var path: String

    @Option(
        help: ArgumentHelp("A key to trust, of the ledger or a witness: NAME+0123abcd+BASE64, or a file of such lines; may repeat.", valueName: "key")
    )
    var key: [String] = []

    @Option(help: ArgumentHelp("A checkpoint that was kept elsewhere.", valueName: "file"))
    var checkpoint: String?

    static let ownKey = "note: the key was taken from the ledger itself; give the one you trust as --key"

    @Flag(name: .shortAndLong, help: "No remarks.")
    var quiet = false

    func run() throws {
        let options = AuditOptions(keys: try LedgerFiles.keys(key), kept: try checkpoint.map(LedgerFiles.checkpoint))
        let report = try LedgerFiles.audit(try LedgerFiles.source(path), options)
        try Output.standard.write(LedgerReportText.text(of: report))
        guard report.faults.isEmpty else { throw Failure(code: .findings, description: "") }
        if !quiet {
            if !report.isKeyTrusted { Output.note(Self.ownKey) }
            if checkpoint == nil { Output.note("note: no checkpoint kept elsewhere was given (--checkpoint); an old copy would verify too") }
        }
        for gap in report.gaps { Output.note(gap) }
        if !report.gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }
}

/// What a verification found, for people.
enum LedgerReportText {
    static func text(of report: AuditReport) -> String {
        var lines = [report.origin.isEmpty ? "(no name)" : report.origin]
        lines.append("  entries       \(report.size)")
        lines.append("  root          \(report.root)")
        if let checkpoint = report.checkpoint?.checkpoint { lines.append("  checkpoint    of size \(checkpoint.size)") }
        for (number, key) in report.keys.enumerated() {
            let since = number == 0 ? "" : ", from size \(report.rotations[number - 1]) on"
            lines.append("  signed by     \(key)\(since)")
        }
        for witness in report.witnesses { lines.append("  witnessed by  \(witness.name), \(time(witness.time))") }
        for fault in report.faults { lines.append("  ✗ \(fault)") }
        if report.hasMoreFaults { lines.append("  ✗ and more") }
        lines.append(report.faults.isEmpty ? "everything fits" : "TAMPERED WITH OR DAMAGED")
        return lines.map { TerminalText.clean($0) + "\n" }.joined()
    }

    private static func time(_ seconds: UInt64) -> String {
        Int64(exactly: seconds).flatMap { $0 < 253_402_300_800 ? Timestamp(secondsSinceEpoch: $0).description : nil } ?? "\(seconds)"
    }
}
