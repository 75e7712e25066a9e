internal import ArgumentParser
internal import Ledger

struct LedgerAccept: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Keep what a witness signed, so that exports show it.",
        discussion: """
            demarc ledger accept ledger.db seen-2 --witness witness.pub

            The checkpoint must be one of this ledger; its tree does not change, and neither key nor lease is needed.

            Exit codes: 0 kept; 1 the witness signed a checkpoint that is not this ledger's; 3 the ledger could not be read.
            """)

    @Argument(help: ArgumentHelp("A ledger's database.", valueName: "path"))
    var path: String

    @Argument(help: ArgumentHelp("What demarc ledger witness printed.", valueName: "file"))
    var cosigned: String

    @Option(help: ArgumentHelp("A witness to take a signature of; may repeat.", valueName: "key"))
    var witness: [String] = []

    @Flag(name: .shortAndLong, help: "No remarks.")
    var quiet = false

    func run() throws {
        let (checkpoint, keys) = (try LedgerFiles.checkpoint(cosigned), try LedgerFiles.keys(witness))
        guard keys.contains(where: { $0.kind == .cosignature }) else { throw Failure.usage("name whose signature to take: --witness") }
        let taken: [VerifierKey]
        do { taken = try Cosignatures.accept(checkpoint, by: keys, into: path) } catch {
            switch error {
            case .note(let error): throw Failure.usage("\(cosigned): \(error)")
            case .tampered: throw Failure(code: .findings, description: "\(error)")
            default: throw Failure.incomplete("\(error)")
            }
        }
        if !quiet { for key in taken { Output.note("note: kept the signature of \(key.name) over size \(checkpoint.checkpoint.size)") } }
    }
}
