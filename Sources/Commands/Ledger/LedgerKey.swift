internal import ArgumentParser
internal import Ledger

struct LedgerKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make a signing key for a ledger or a witness.",
        discussion: """
            demarc ledger key ledger.example/one -o ledger.key > ledger.pub
            demarc ledger key witness.example/w1 --witness -o witness.key > witness.pub

            The file holds the secret and is for its owner only (mode 0600). What is printed is the public half, for those who verify. The name of a ledger's key is \
            the ledger's name; no web page needs to be there.
            """)

    @Argument(help: ArgumentHelp("The key's name, such as ledger.example/one.", valueName: "name"))
    var name: String

    @Flag(help: "A key for `demarc ledger witness`.")
    var witness = false

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The file for the secret. It must not exist.", valueName: "file"))
    var output: String

    func run() throws {
        guard FileIdentity(of: output) == nil else { throw Failure.usage("\(output) exists; a key is never overwritten, choose another file") }
        let key: SigningKey
        do {
            key = try SigningKey(name: name, kind: witness ? .cosignature : .ed25519)
        } catch {
            throw Failure.usage("\(error)")
        }
        try PrivateFile.replace(output, with: Array((key.secretText + "\n").utf8))
        try Output.standard.line(key.verifier.description)
    }
}
