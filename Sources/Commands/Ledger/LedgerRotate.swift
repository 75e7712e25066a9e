internal import ArgumentParser
internal import Ledger

struct LedgerRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Let another key sign a ledger from now on.",
        discussion: """
            demarc ledger key ledger.example/one -o next.key > next.pub
            demarc ledger rotate ledger.db --key ledger.key --new-key next.key

            An entry names both keys, and the checkpoint over it is signed by both: whoever trusts the old key can go on to trust the new one. The new key has the \
            ledger's name. Stop a server that writes the ledger before, and give it the new key (--ledger-key).

            Exit codes: 0 the new key signs; 1 the ledger does not fit its last checkpoint; 2 a key cannot be used; 3 the ledger could not be read.
            """)

    @Argument(help: ArgumentHelp("A ledger's database.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("The file of the key that signs now.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("The file of the key that is to sign.", valueName: "file"))
    var newKey: String

    @Flag(name: .shortAndLong, help: "No remarks.")
    var quiet = false

    func run() async throws {
        let (old, new) = (try LedgerFiles.signingKey(key), try LedgerFiles.signingKey(newKey))
        do {
            // In the name of whoever wrote last: a server that still runs keeps its turn, and finds that its key signs no more.
            let token = try LedgerReader(path: path).newestToken()
            let writer = try LedgerWriter(path: path, key: old, fence: token)
            let receipt = try await writer.rotate(to: new, actor: LocalUser.current.name, time: "\(try ScanPlan.instant(nil))")
            if !quiet { Output.note("note: entry \(receipt.number) lets \(new.verifier) sign; keep \(path)'s checkpoint elsewhere anew") }
        } catch let error as LedgerError {
            switch error {
            case .wrongKey, .note: throw Failure.usage("\(error)")
            case .tampered: throw Failure(code: .findings, description: "\(error)")
            default: throw Failure.incomplete("\(error)")
            }
        }
        try Output.standard.line(new.verifier.description)
    }
}
