import Foundation
import Ledger
import Testing

/// `demarc ledger`, run as a person runs it.
struct LedgerCommandTests {
    private static let time = "2026-11-27T13:00:00Z"

    /// A directory with a ledger of five entries, its key and what `demarc ledger key` made for a witness.
    private func withLedger(_ body: (URL, SigningKey) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, flags) in [("ledger", []), ("witness", ["--witness"])] {
            let made = try Program.run(["ledger", "key", "\(name).example/one", "-o", "\(name).key"] + flags, in: directory)
            #expect(made.code == 0, "\(made.errors)")
            try made.output.write(to: directory.appending(path: "\(name).pub"), atomically: false, encoding: .utf8)
        }
        let secret = try String(contentsOf: directory.appending(path: "ledger.key"), encoding: .utf8)
        let key = try SigningKey(secret.trimmingCharacters(in: .newlines))
        let path = directory.appending(path: "ledger.db").path
        try LedgerWriter.create(path: path, key: key, actor: "operator", time: Self.time)
        try await append(1..<5, to: path, key)
        try await body(directory, key)
    }

    private func append(_ numbers: Range<Int>, to path: String, _ key: SigningKey) async throws {
        let writer = try LedgerWriter(path: path, key: key)
        for number in numbers { _ = try await writer.append(Entry(kind: "test", actor: "ann", subject: "s-\(number)", time: Self.time)) }
    }

    @Test func aLedgerVerifies() async throws {
        try await withLedger { directory, key in
            let result = try Program.run(["ledger", "verify", "ledger.db", "--key", "ledger.pub"], in: directory)
            #expect(result.code == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines.first == "ledger.example/one" && lines.last == "everything fits")
            #expect(lines.contains("  entries       5") && lines.contains("  signed by     \(key.verifier)"))
            #expect(result.errors.contains("no checkpoint kept elsewhere"))
            // The key as text; without one that is said.
            #expect(try Program.run(["ledger", "verify", "ledger.db", "--key", "\(key.verifier)", "-q"], in: directory).errors == "")
            #expect(try Program.run(["ledger", "verify", "ledger.db"], in: directory).errors.contains("the key was taken from the ledger itself"))
        }
    }

    @Test func tamperingHasItsPlaceAndExitCode() async throws {
        try await withLedger { directory, _ in
            let exported = try Program.run(["ledger", "export", "ledger.db", "out", "--key", "ledger.pub"], in: directory)
            #expect(exported.code == 0, "\(exported.errors)")
            let bundle = directory.appending(path: "out/tile/entries/000.p/5")
            var bytes = try Data(contentsOf: bundle)
            let place = try #require(bytes.range(of: Data("s-3".utf8)))
            bytes[place.lowerBound] = UInt8(ascii: "t")
            try bytes.write(to: bundle)
            let result = try Program.run(["ledger", "verify", "out", "--key", "ledger.pub"], in: directory)
            #expect(result.code == 1)
            #expect(result.output.contains("✗ entry 3: altered: its bytes are not those that checkpoint 5 commits to"))
            #expect(result.output.hasSuffix("TAMPERED WITH OR DAMAGED\n"))
            let witnessed = try Program.run(["ledger", "witness", "out", "--key", "witness.key"], in: directory)
            #expect(witnessed.code == 1 && witnessed.errors.contains("nothing was signed"))
            let proof = try Program.run(["ledger", "prove", "out", "3"], in: directory)
            #expect(proof.code == 1 && proof.output.isEmpty && proof.errors.contains("entry 3 is not what the checkpoint"))
        }
    }

    @Test func anotherKeyIsNotTrusted() async throws {
        try await withLedger { directory, _ in
            let other = try SigningKey(name: "ledger.example/one").verifier
            let result = try Program.run(["ledger", "verify", "ledger.db", "--key", "\(other)"], in: directory)
            #expect(result.code == 1 && result.output.contains("✗ keys: signed by"))
        }
    }

    @Test func aKeyIsReplacedInTheSightOfWhoeverTrustsTheOldOne() async throws {
        try await withLedger { directory, _ in
            let next = try Program.run(["ledger", "key", "ledger.example/one", "-o", "next.key"], in: directory)
            try next.output.write(to: directory.appending(path: "next.pub"), atomically: false, encoding: .utf8)
            let foreign = try Program.run(["ledger", "rotate", "ledger.db", "--key", "next.key", "--new-key", "ledger.key"], in: directory)
            #expect(foreign.code == 2 && foreign.errors.contains("is signed by another key"), "\(foreign.errors)")
            let rotated = try Program.run(["ledger", "rotate", "ledger.db", "--key", "ledger.key", "--new-key", "next.key"], in: directory)
            #expect(rotated.code == 0 && rotated.output == next.output && rotated.errors.contains("entry 5 lets"), "\(rotated.errors)")
            for key in ["ledger.pub", "next.pub"] {
                let verified = try Program.run(["ledger", "verify", "ledger.db", "--key", key], in: directory)
                #expect(verified.code == 0, "\(key): \(verified.output)\(verified.errors)")
            }
            let again = try Program.run(["ledger", "rotate", "ledger.db", "--key", "ledger.key", "--new-key", "next.key"], in: directory)
            #expect(again.code == 2, "the old key signs no more")
            let secret = try String(contentsOf: directory.appending(path: "next.key"), encoding: .utf8)
            try await append(6..<8, to: directory.appending(path: "ledger.db").path, try SigningKey(secret.trimmingCharacters(in: .newlines)))
            #expect(try Program.run(["ledger", "verify", "ledger.db", "--key", "ledger.pub", "-q"], in: directory).code == 0)
            // So does a proof against the newest checkpoint, which the new key alone has signed.
            for key in ["ledger.pub", "next.pub"] {
                let proof = try Program.run(["ledger", "prove", "ledger.db", "3", "--key", key], in: directory)
                #expect(proof.code == 0 && proof.output.contains("\"size\": 8") && proof.errors.isEmpty, "\(key): \(proof.errors)")
                #expect(proof.output.contains("\"signedBy\": [\n    \"\(next.output.trimmingCharacters(in: .newlines))\"\n  ]"), "\(proof.output)")
            }
        }
    }

    @Test func whatCannotBeReadIsIncomplete() async throws {
        try await withLedger { directory, _ in
            try "{}".write(to: directory.appending(path: "note.json"), atomically: false, encoding: .utf8)
            #expect(try Program.run(["ledger", "verify", "nowhere.db"], in: directory).code == 3)
            #expect(try Program.run(["ledger", "prove", "ledger.db", "99"], in: directory).code == 3)
            #expect(try Program.run(["ledger", "verify", "note.json"], in: directory).code != 0)
            let witness = try Program.run(["ledger", "verify", "ledger.db", "--key", "ledger.pub", "--key", "witness.pub"], in: directory)
            #expect(witness.code == 3 && witness.errors.contains("cosigned neither"))
        }
    }

    @Test(arguments: [
        ["verify"], ["verify", "ledger.db", "--key", "a+b"], ["verify", "ledger.db", "--key", "nowhere.pub"],
        ["verify", "ledger.db", "--checkpoint", "ledger.pub"],
        ["prove", "ledger.db"], ["prove", "ledger.db", "x"], ["witness", "ledger.db"], ["witness", "ledger.db", "--key", "ledger.pub"],
        ["witness", "ledger.db", "--key", "ledger.key"], ["publish", "ledger.db"], ["publish", "ledger.db", "--webhook", "http://witness.example/"],
        ["publish", "ledger.db", "--config-map", "a"],
        ["publish", "ledger.db", "--file", "x", "--webhook-token-file", "ledger.pub"], ["accept", "ledger.db"], ["key", "a b", "-o", "x"],
        ["key", "a", "-o", "ledger.key"],
    ])
    func wrongCommandLines(arguments: [String]) async throws {
        try await withLedger { directory, _ in
            let result = try Program.run(["ledger"] + arguments, in: directory)
            #expect(result.code == 2, "\(result.output)\(result.errors)")
            let secret = try String(contentsOf: directory.appending(path: "ledger.key"), encoding: .utf8).suffix(40)
            #expect(!result.errors.contains(secret.prefix(20)))
        }
    }

    @Test func keysAreForTheirOwner() async throws {
        try await withLedger { directory, _ in
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.appending(path: "ledger.key").path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    /// The proof holds all that another program needs: it is checked here with nothing but hashing.
    @Test func aProofIsWhole() async throws {
        try await withLedger { directory, key in
            let result = try Program.run(["ledger", "prove", "ledger.db", "3", "--key", "ledger.pub"], in: directory)
            #expect(result.code == 0, "\(result.errors)")
            let document = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect(document["index"] as? Int == 3 && document["size"] as? Int == 5 && document["verified"] as? Bool == true)
            #expect(document["signedBy"] as? [String] == [key.verifier.description])
            let entry = try #require(document["entry"] as? String)
            #expect(entry.contains("\"s-3\""))
            let texts = try #require(document["proof"] as? [String])
            let hashes = texts.compactMap { Base64.bytes(of: $0).flatMap { TreeHash($0) } }
            #expect(hashes.count == texts.count)
            let rootText = try #require(document["root"] as? String)
            let root = try #require(Base64.bytes(of: rootText).flatMap { TreeHash($0) })
            #expect(Proof.verifiesInclusion(of: .leaf(Array(entry.utf8)), at: 3, size: 5, root: root, proof: hashes))
            let note = try #require(document["checkpoint"] as? String)
            let checkpoint = try SignedCheckpoint(Array(note.utf8))
            #expect(checkpoint.checkpoint.root == root)
        }
    }

    /// A proof is against a checkpoint of this ledger, and says whose word for it was taken.
    @Test func aProofNeedsACheckpointOfItsLedger() async throws {
        try await withLedger { directory, key in
            func prove(_ arguments: String...) throws -> Program.Result {
                try Program.run(["ledger", "prove", "ledger.db", "3"] + arguments, in: directory)
            }
            let own = try prove()
            #expect(own.code == 0 && own.errors.contains("the key was taken from the ledger itself"), "\(own.errors)")
            #expect(try prove("--key", "ledger.pub").errors.isEmpty)
            let stranger = try prove("--key", "\(try SigningKey(name: "ledger.example/one").verifier)")
            #expect(stranger.code == 1 && stranger.output.isEmpty && stranger.errors.contains("the ledger is signed by \(key.verifier), and not by"))
            #expect(try prove("--key", "witness.pub").code == 1, "the witness has signed nothing")

            let document = try #require(JSONSerialization.jsonObject(with: Data(own.output.utf8)) as? [String: Any])
            let note = try #require(document["checkpoint"] as? String)
            let evil = try SigningKey(name: "evil/x").verifier
            for (name, id) in [("evil/x", evil.keyID), ("ledger.example/one", key.verifier.keyID)] {
                let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
                let signature = Base64.text(of: withUnsafeBytes(of: id.bigEndian) { Array($0) } + [UInt8](repeating: 0, count: 64))
                let forged = "\(name)\n\(lines[1])\n\(lines[2])\n\n— \(name) \(signature)\n"
                try forged.write(to: directory.appending(path: "forged"), atomically: false, encoding: .utf8)
                let refused = try prove("--against", "forged")
                let why = name == "evil/x" ? "the checkpoint is of the ledger 'evil/x', and this is 'ledger.example/one'" : "the checkpoint: "
                #expect(refused.code == 1 && refused.output.isEmpty && refused.errors.contains(why), "\(refused)")
            }
        }
    }

    /// Export, witness, more entries, export again, witness again; and an old copy is told from it.
    @Test func aWitnessFollowsALedger() async throws {
        try await withLedger { directory, key in
            func run(_ arguments: String...) throws -> Program.Result { try Program.run(["ledger"] + arguments, in: directory) }
            #expect(try run("export", "ledger.db", "out", "--key", "ledger.pub").code == 0)
            let first = try run("witness", "out", "--key", "witness.key", "--ledger-key", "ledger.pub", "-o", "seen-1")
            #expect(first.code == 0 && first.errors.contains("the first time"), "\(first.errors)")
            try FileManager.default.copyItem(at: directory.appending(path: "out"), to: directory.appending(path: "old"))

            try await append(5..<300, to: directory.appending(path: "ledger.db").path, key)
            #expect(try run("export", "ledger.db", "out", "--key", "ledger.pub").code == 0)
            let second = try run("witness", "out", "--key", "witness.key", "--ledger-key", "ledger.pub", "--previous", "seen-1", "-o", "seen-2")
            #expect(second.code == 0 && second.errors.isEmpty, "\(second.errors)")

            let verified = try run("verify", "out", "--key", "ledger.pub", "--key", "witness.pub", "--checkpoint", "seen-2")
            #expect(verified.code == 0 && verified.output.contains("  witnessed by  witness.example/one, "), "\(verified.errors)")
            let proof = try run("prove", "out", "3", "--against", "seen-1", "--key", "witness.pub")
            #expect(proof.code == 0 && proof.output.contains("\"size\": 5"))

            let old = try run("verify", "old", "--key", "ledger.pub", "--checkpoint", "seen-2")
            #expect(old.code == 1 && old.output.contains("✗ entries 5 to 299: missing"))
            #expect(try run("prove", "old", "3", "--against", "seen-2").code == 1)
            #expect(try run("witness", "old", "--key", "witness.key", "--previous", "seen-2").code == 1)
            // What the witness did not sign itself is no memory of its own.
            #expect(try run("witness", "out", "--key", "witness.key", "--previous", "old/checkpoint").code == 2)
        }
    }

    /// What a witness signed is kept in the database, and comes with the next export.
    @Test func aWitnessIsAccepted() async throws {
        try await withLedger { directory, key in
            func run(_ arguments: String...) throws -> Program.Result { try Program.run(["ledger"] + arguments, in: directory) }
            #expect(try run("witness", "ledger.db", "--key", "witness.key", "-o", "seen").code == 0)
            #expect(try run("accept", "ledger.db", "seen").code == 2, "whose signature?")
            #expect(try run("accept", "ledger.db", "seen", "--witness", "ledger.pub").code == 2)
            let accepted = try run("accept", "ledger.db", "seen", "--witness", "witness.pub")
            #expect(accepted.code == 0 && accepted.errors.contains("kept the signature of witness.example/one over size 5"), "\(accepted.errors)")
            #expect(try run("export", "ledger.db", "out").code == 0)
            #expect(try run("verify", "out", "--key", "witness.pub", "--key", "ledger.pub", "-q").code == 0)
            // One of another ledger with this name and key.
            let other = directory.appending(path: "other.db").path
            try LedgerWriter.create(path: other, key: key, actor: "operator", time: "2026-11-27T14:00:00Z")
            try await append(1..<5, to: other, key)
            let refused = try run("accept", "other.db", "seen", "--witness", "witness.pub")
            #expect(refused.code == 1 && refused.errors.contains("kept checkpoint of size 5: the ledger has another one of this size"))
            #expect(try run("accept", "nowhere.db", "seen", "--witness", "witness.pub").code == 3)
        }
    }

    @Test func checkpointsArePublished() async throws {
        try await withLedger { directory, key in
            func run(_ arguments: String...) throws -> Program.Result { try Program.run(["ledger", "publish"] + arguments, in: directory) }
            let first = try run("ledger.db", "--file", "shown", "--file", "too", "--key", "ledger.pub")
            #expect(first.code == 0, "\(first.errors)")
            #expect(first.output == "published the checkpoint of size 5: file shown\npublished the checkpoint of size 5: file too\n")
            #expect(try run("ledger.db", "--file", "shown").output == "unchanged, of size 5: file shown\n")
            #expect(try Program.run(["ledger", "verify", "ledger.db", "--checkpoint", "shown", "-q"], in: directory).code == 0)
            let other = directory.appending(path: "other.db").path
            try LedgerWriter.create(path: other, key: key, actor: "operator", time: "2026-11-27T14:00:00Z")
            let refused = try run("other.db", "--file", "shown", "--file", "new")
            #expect(refused.code == 1 && refused.errors.contains("file shown shows a checkpoint that this ledger does not extend"))
            #expect(refused.output == "published the checkpoint of size 1: file new\n", "one place does not stop the others")
            #expect(try run("ledger.db", "--file", "no/where").code == 3)
            #expect(try run("nowhere.db", "--file", "shown").code == 3)
            #expect(try run("ledger.db", "--webhook", "http://127.0.0.1:1/").code == 3, "nobody listens there")
            #expect(try run("ledger.db", "--config-map", "a/b", "--kubeconfig", "nowhere").code == 2)
        }
    }

    /// An export is only ever extended: another ledger of the same name does not replace it.
    @Test func anExportIsNotReplaced() async throws {
        try await withLedger { directory, key in
            #expect(try Program.run(["ledger", "export", "ledger.db", "out"], in: directory).code == 0)
            let path = directory.appending(path: "other.db").path
            try LedgerWriter.create(path: path, key: key, actor: "operator", time: Self.time)
            try await append(100..<120, to: path, key)
            let result = try Program.run(["ledger", "export", "other.db", "out"], in: directory)
            #expect(result.code == 1 && result.output.contains("history was rewritten"))
            #expect(try Program.run(["ledger", "verify", "out"], in: directory).output.contains("entries       5"))
        }
    }
}
