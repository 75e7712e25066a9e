internal import ArgumentParser
internal import Ledger

struct LedgerProve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove to somebody who has only a checkpoint that an entry is in the ledger.",
        discussion: """
            demarc ledger prove ledger.db 4711 > proof.json
            demarc ledger prove export/ 4711 --against checkpoint-of-monday --key ledger.pub

            The proof is the entry with the hashes that lead from it to the checkpoint's root (RFC 6962, section 2.1.1). It was verified before it is printed; \
            whoever gets it hashes the entry and the proof and compares. The checkpoint must be one of this ledger, signed by a key that its entries name. Give \
            the key you trust as --key; an older one of the ledger will do, as each key that replaced another was taken up under both signatures.

            Exit codes: 0 proven; 1 the entry is not what the checkpoint commits to, or the checkpoint is not one of this ledger or of your key; 3 the ledger could not be read, or there is no such entry.
            """)

    @Argument(help: ArgumentHelp("A ledger's database, or the directory of an export.", valueName: "path"))
    var path: String

    @Argument(help: ArgumentHelp("The number of the entry, from 0.", valueName: "index"))
    var index: Int

    @Option(help: ArgumentHelp("The checkpoint to prove it against (default: the ledger's newest).", valueName: "file"))
    var against: String?

    @Option(help: ArgumentHelp("A key to trust, of the ledger or a witness; may repeat.", valueName: "key"))
    var key: [String] = []

    func run() throws {
        let keys = try LedgerFiles.keys(key)
        let source = try LedgerFiles.source(path)
        let (checkpoint, entry, proof): (SignedCheckpoint, [UInt8], [TreeHash])
        do {
            guard let newest = try source.checkpoint() else { throw Failure.incomplete("\(path) has no checkpoint; run demarc ledger verify") }
            checkpoint = try against.map(LedgerFiles.checkpoint) ?? newest
            let size = checkpoint.checkpoint.size
            guard size <= newest.checkpoint.size else {
                throw Failure(
                    code: .findings,
                    description:
                        "\(path) has \(newest.checkpoint.size) entries, and the checkpoint commits to \(size): this is an old or truncated copy")
            }
            guard (0..<size).contains(index), let found = try source.entry(index) else {
                throw Failure.incomplete("there is no entry \(index) among the \(size) that the checkpoint commits to")
            }
            entry = found
            proof = try source.inclusionProof(of: index, in: size)
        } catch let error as LedgerError {
            throw Failure.incomplete("\(error)")
        }
        let (size, root) = (checkpoint.checkpoint.size, checkpoint.checkpoint.root)
        guard Proof.verifiesInclusion(of: .leaf(entry), at: index, size: size, root: root, proof: proof) else {
            throw Failure(
                code: .findings, description: "entry \(index) is not what the checkpoint of size \(size) commits to; run demarc ledger verify \(path)"
            )
        }
        let signers = try Self.signers(of: checkpoint, in: source, trusting: keys)
        if keys.isEmpty { Output.note(LedgerVerify.ownKey) }
        try Output.standard.write(Self.document(checkpoint, index, entry, proof, signers.map(\.description)))
    }

    /// Who signed a checkpoint: the key of the ledger that signed then, and witnesses who are asked for. All entries are read for that, since they
    /// say which keys the ledger has.
    private static func signers(of checkpoint: SignedCheckpoint, in source: any LedgerSource, trusting keys: [VerifierKey]) throws -> [VerifierKey] {
        let report = try LedgerFiles.audit(source, AuditOptions(keys: keys))
        let origin = checkpoint.checkpoint.origin
        guard origin.utf8.elementsEqual(report.origin.utf8) else {
            throw Failure(code: .findings, description: "the checkpoint is of the ledger '\(origin)', and this is '\(report.origin)'")
        }
        let trusted = keys.filter { $0.kind == .ed25519 }
        guard trusted.isEmpty || report.isKeyTrusted else {
            let names = [report.keys, trusted].map { $0.map(\.description).joined(separator: ", ") }
            throw Failure(code: .findings, description: "the ledger is signed by \(names[0]), and not by \(names[1])")
        }
        let note = checkpoint.note
        // A witness that is asked for beside the ledger's key need not have seen this checkpoint.
        let witnesses = keys.filter { key in
            key.kind == .cosignature && (trusted.isEmpty || note.signatures.contains { $0.keyID == key.keyID && $0.name == key.name })
        }
        do throws(NoteError) {
            let signers = try note.verified(by: report.keys) + (witnesses.isEmpty ? [] : note.verified(by: witnesses))
            return signers.map(\.key)
        } catch {
            throw Failure(code: .findings, description: "the checkpoint: \(error)")
        }
    }

    private static func document(
        _ checkpoint: SignedCheckpoint, _ index: Int, _ entry: [UInt8], _ proof: [TreeHash], _ signers: [String]
    ) -> String {
        let list = { (items: [String]) in items.map { "\n    " + CanonicalJSON.quoted($0) }.joined(separator: ",") }
        // The entry is canonical JSON already; whoever checks the proof hashes exactly these bytes.
        return """
            {
              "schemaVersion": "1",
              "origin": \(CanonicalJSON.quoted(checkpoint.checkpoint.origin)),
              "index": \(index),
              "size": \(checkpoint.checkpoint.size),
              "root": "\(checkpoint.checkpoint.root)",
              "entry": \(CanonicalJSON.quoted(String(decoding: entry, as: UTF8.self))),
              "leaf": "\(TreeHash.leaf(entry))",
              "proof": [\(list(proof.map(\.description)))\(proof.isEmpty ? "" : "\n  ")],
              "checkpoint": \(CanonicalJSON.quoted(checkpoint.description)),
              "signedBy": [\(list(signers))\(signers.isEmpty ? "" : "\n  ")],
              "verified": true
            }

            """
    }
}
