/// Judges a ledger from its first entry to its last: everything is computed anew and compared with what was stored and
/// signed. Whoever reads a database or an export feeds it, in order; it does no I/O.
///
/// When an entry and the hash stored for it disagree, the next checkpoint says which of both was changed: the tree is
/// carried on with both until then.
struct Auditor {
    private(set) var report = AuditReport()
    private let options: AuditOptions
    /// The tree over the entries as they are.
    private(set) var range = CompactRange()
    /// The tree over the hashes that were stored, while it differs.
    private var storedRange: CompactRange?
    private var suspects: [Suspect] = []
    /// The size up to which a checkpoint vouches for what was read.
    private var vouched = 0
    /// Something is missing or changed beyond repair: roots say nothing from here on.
    private var isBroken = false
    /// The key that signs now.
    private var signer: VerifierKey?
    /// The key that takes over with the checkpoint of this size.
    private var successor: (key: VerifierKey, size: Int)?
    private var keptRoot: TreeHash?

    private struct Suspect {
        let number: Int
        let computed: TreeHash
        let stored: TreeHash
    }

    init(_ options: AuditOptions) {
        self.options = options
        if options.kept?.checkpoint.size == 0 { keptRoot = .empty }
    }

    /// What the place that is verified says it is called.
    mutating func says(origin: String) { report.origin = origin }

    mutating func add(_ fault: Fault) { report.add(fault) }

    /// Something is there that cannot be read. From an entry on, and from checkpoints that are missing, roots say nothing.
    mutating func cannotRead(_ what: String, at place: Fault.Place, _ reason: String) {
        var message = "\(what) cannot be read: \(reason)"
        if case .entry = place { message += "; every entry before it was read" }
        if case .subtree = place {} else { isBroken = true }
        add(Fault(place, message))
    }

    mutating func add(gap: String) { report.gaps.append(gap) }

    /// The hashes of complete subtrees are comparable, because nothing is in doubt.
    var isInOrder: Bool { suspects.isEmpty && !isBroken }

    /// The size of the checkpoint that two keys must have signed, when the entry that was read last replaces the key.
    var awaitedRotation: Int? { successor?.size }

    /// The next entry with the hash that was stored for it.
    mutating func entry(_ number: Int, _ bytes: Span<UInt8>, leaf stored: TreeHash?, completed: (Subtree, TreeHash) -> Void = { _, _ in }) {
        guard number >= range.size, number < Self.maximalNumber else {
            isBroken = true
            return report.add(Fault(.entry(number), "it stands where no entry can be: numbers rise from 0"))
        }
        if number > range.size { skip(to: number) }
        let computed = TreeHash.leaf(bytes)
        if let stored, stored != computed {
            if suspects.isEmpty { storedRange = range }
            suspects.append(Suspect(number: number, computed: computed, stored: stored))
        }
        check(number, bytes)
        storedRange?.append(stored ?? computed)
        range.append(computed, completed: completed)
        if range.size == options.kept?.checkpoint.size { keptRoot = (storedRange ?? range).root }
    }

    /// Far beyond what fits on a disk; numbers that a stranger wrote are not to overflow anything.
    private static let maximalNumber = 1 << 48

    /// Numbers that have no entry.
    private mutating func skip(to number: Int) {
        report.add(Fault(.entries(range.size..<number), "missing"))
        isBroken = true
        // The place is filled so that what follows keeps its number.
        range = CompactRange(size: number) { _ in .empty }
        storedRange = nil
    }

    private mutating func check(_ number: Int, _ bytes: Span<UInt8>) {
        do {
            let own = try OwnEntry(try EntryParts(bytes), in: bytes)
            switch own {
            case .opened(let origin, let key)? where number == 0: open(origin, key)
            case .rotated(let old, let new)?: rotate(at: number, from: old, to: new)
            case nil where number > 0: break
            default: report.add(Fault(.entry(number), "a ledger is opened by its first entry, and by no other"))
            }
        } catch {
            report.add(Fault(.entry(number), error.description))
        }
    }

    private mutating func open(_ origin: String, _ key: VerifierKey) {
        if report.origin.isEmpty { report.origin = origin }
        if !report.origin.utf8.elementsEqual(origin.utf8) {
            report.add(Fault(.database, "it calls itself '\(report.origin)', and its first entry says '\(origin)'"))
        }
        signer = key
        report.keys = [key]
    }

    private mutating func rotate(at number: Int, from old: VerifierKey, to new: VerifierKey) {
        guard old == signer, new != old, successor == nil, new.kind == .ed25519 else {
            return report.add(Fault(.entry(number), "a key is replaced that does not sign, or by one that cannot"))
        }
        successor = (new, number + 1)
    }

    /// The checkpoint stored for a size, when as many entries were read.
    mutating func checkpoint(_ bytes: some Collection<UInt8>, storedAs size: Int) {
        let place = Fault.Place.checkpoint(size)
        let signed: SignedCheckpoint
        do {
            signed = try SignedCheckpoint(bytes)
            guard signed.checkpoint.size == size else { throw NoteError("it says that it is of size \(signed.checkpoint.size)") }
            guard signed.checkpoint.origin.utf8.elementsEqual(report.origin.utf8) else {
                throw NoteError("it is of the ledger '\(signed.checkpoint.origin)', not of '\(report.origin)'")
            }
            try checkSigners(of: signed)
        } catch {
            return report.add(Fault(place, "\(error)"))
        }
        guard size == range.size else { return report.add(Fault(place, "there are only \(range.size) entries")) }
        if judge(signed.checkpoint) { report.checkpoint = signed }
    }

    /// The key in force signs, and at a rotation its successor too.
    private mutating func checkSigners(of signed: SignedCheckpoint) throws(NoteError) {
        guard let signer else { throw NoteError("no entry says which key signs") }
        let verified = try signed.note.verified(by: [signer]).map(\.key)
        guard verified.contains(signer) else { throw NoteError("it is not signed by \(signer)") }
        guard let successor else { return }
        guard signed.checkpoint.size == successor.size else {
            throw NoteError("entry \(successor.size - 1) replaces the key, and the checkpoint after it is missing")
        }
        do {
            _ = try signed.note.verified(by: [successor.key])
        } catch {
            throw NoteError("entry \(successor.size - 1) replaces the key, and the new key \(successor.key) did not sign: \(error)")
        }
        self.signer = successor.key
        report.keys.append(successor.key)
        report.rotations.append(successor.size)
        self.successor = nil
    }

    /// Compares the tree with a checkpoint whose signature is in order.
    private mutating func judge(_ checkpoint: Checkpoint) -> Bool {
        defer {
            suspects = []
            storedRange = nil
        }
        guard !isBroken else {
            nameSuspects("it, or the hash stored for it, was changed")
            return false
        }
        if range.root == checkpoint.root {
            for suspect in suspects { report.add(Fault(.entry(suspect.number), "the hash stored for it was changed; the entry itself is intact")) }
            vouched = range.size
            return true
        }
        if let storedRange, storedRange.root == checkpoint.root {
            nameSuspects("altered: its bytes are not those that checkpoint \(checkpoint.size) commits to")
            range = storedRange
            vouched = range.size
            return false
        }
        nameSuspects("altered, or the hash stored for it")
        if vouched < checkpoint.size {
            report.add(
                Fault(
                    .entries(vouched..<checkpoint.size),
                    "altered, reordered, inserted or removed: together they are not what checkpoint \(checkpoint.size) commits to"))
        }
        isBroken = true
        return false
    }

    private mutating func nameSuspects(_ message: String) {
        for suspect in suspects {
            let origin = suspects.first { $0.stored == suspect.computed && $0.number != suspect.number }
            let moved = origin.map { "; it holds what was entry \($0.number)" } ?? ""
            report.add(Fault(.entry(suspect.number), message + moved))
        }
    }

    /// The end: what no checkpoint vouches for, and what was kept outside.
    mutating func finish() -> AuditReport {
        report.size = range.size
        report.root = range.root
        nameSuspects("it, or the hash stored for it, was changed")
        let last = report.checkpoint?.checkpoint.size ?? 0
        let isExplained = report.faults.contains { if case .checkpoint = $0.place { true } else { false } }
        if isInOrder, last < range.size, vouched < range.size, !isExplained {
            report.add(
                Fault(.entries(last..<range.size), "no checkpoint commits to it: added without the ledger's key, or the checkpoint was removed"))
        }
        if range.size == 0 { report.add(Fault(.entries(0..<1), "missing: a ledger begins with the entry that opens it")) }
        judgeTrust()
        judgeKept()
        return report
    }

    private mutating func judgeTrust() {
        let trusted = options.keys.filter { $0.kind == .ed25519 }
        report.isKeyTrusted = trusted.contains { report.keys.contains($0) }
        if !trusted.isEmpty, !report.isKeyTrusted {
            let names = trusted.map(\.description).joined(separator: ", ")
            report.add(Fault(.keys, "signed by \(report.keys.map(\.description).joined(separator: ", ")), and not by \(names)"))
        }
        for witness in options.keys where witness.kind == .cosignature {
            let notes = [report.checkpoint?.note, options.kept?.note].compactMap(\.self)
            do {
                let times = try notes.compactMap { note in
                    note.signatures.contains { $0.keyID == witness.keyID && $0.name == witness.name }
                        ? try note.verified(by: [witness]).compactMap(\.time).max() : nil
                }
                if let time = times.max() {
                    report.witnesses.append(AuditReport.Witness(name: witness.name, time: time))
                } else {
                    report.gaps.append(
                        "\(witness.name) cosigned neither the newest nor the kept checkpoint; give the one it cosigned as --checkpoint")
                }
            } catch {
                report.add(Fault(.keys, "\(error)"))
            }
        }
    }

    private mutating func judgeKept() {
        guard let kept = options.kept else { return }
        let (size, place) = (kept.checkpoint.size, Fault.Place.keptCheckpoint(kept.checkpoint.size))
        guard kept.checkpoint.origin.utf8.elementsEqual(report.origin.utf8) else {
            return report.add(Fault(place, "it is of the ledger '\(kept.checkpoint.origin)', and this is '\(report.origin)'"))
        }
        do {
            _ = try kept.note.verified(by: report.keys)
        } catch {
            return report.add(Fault(place, "\(error); this ledger's keys are others, or the kept checkpoint was changed"))
        }
        guard size <= range.size else {
            return report.add(Fault(.entries(range.size..<size), "missing: the kept checkpoint commits to it. This is an old or truncated copy"))
        }
        if !isBroken, let keptRoot, keptRoot != kept.checkpoint.root {
            report.add(Fault(.entries(0..<size), "not those that the kept checkpoint commits to: history was rewritten"))
        }
    }
}
