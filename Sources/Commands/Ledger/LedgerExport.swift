internal import ArgumentParser
internal import Ledger
internal import SystemPackage

struct LedgerExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a ledger as files that anybody can verify, and any web server can publish.",
        discussion: """
            demarc ledger export ledger.db export/
            demarc ledger verify export/ --key ledger.pub

            The files are a checkpoint, tiles of hashes and bundles of entries as in c2sp.org/tlog-tiles. The ledger is verified first, and nothing is written when \
            it was tampered with. An earlier export in the same directory is extended, and only if the ledger still begins with what it holds.
            """)

    @Argument(help: ArgumentHelp("A ledger's database.", valueName: "path"))
    var path: String

    @Argument(help: ArgumentHelp("A new directory, or that of an earlier export of the same ledger.", valueName: "dir"))
    var directory: String

    @Option(help: ArgumentHelp("A key that must have signed the ledger; may repeat.", valueName: "key"))
    var key: [String] = []

    @Flag(name: .shortAndLong, help: "No remarks.")
    var quiet = false

    func run() throws {
        let reader: LedgerReader
        do { reader = try LedgerReader(path: path) } catch { throw Failure.incomplete("\(error)") }
        let earlier = "\(directory)/\(LedgerExport.checkpointName)"
        let kept = try FileIdentity(of: earlier).map { _ in try LedgerFiles.checkpoint(earlier) }
        let report = try LedgerFiles.audit(reader, AuditOptions(keys: try LedgerFiles.keys(key), kept: kept))
        guard report.faults.isEmpty else {
            try Output.standard.write(LedgerReportText.text(of: report))
            throw Failure(code: .findings, description: "nothing was exported")
        }
        do {
            try LedgerExport.write(reader, verifiedAs: report) { name, bytes in
                let path = "\(directory)/\(name)"
                try LedgerFiles.makeDirectories(above: path)
                try PrivateFile.replace(path, with: bytes, permissions: [.ownerReadWrite, .groupRead, .otherRead])
            }
        } catch let error as LedgerError {
            throw Failure.incomplete("\(error)")
        }
        if !quiet { Output.note("note: \(report.checkpoint?.checkpoint.size ?? 0) entries of \(report.origin) are in \(directory)") }
    }
}
