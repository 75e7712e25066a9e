internal import GRDB
internal import Synchronization

/// Adds to a ledger. There may be many callers; their entries go to the disk together, one transaction and one wait for
/// the disk for all that have gathered meanwhile, and each caller returns when its own entry is there.
///
/// An append that fails may still have reached the disk, when the disk itself failed while writing: read before trying
/// again. A caller that is cancelled while it waits gets its answer all the same; its entry cannot be called back.
public final class LedgerWriter: Sendable {
    /// Where an entry stands.
    public struct Receipt: Hashable, Sendable {
        /// The number of the entry.
        public let number: Int
        /// The checkpoint that commits to it.
        public let checkpoint: SignedCheckpoint
    }

    private let pool: DatabasePool
    private let path: String
    // No actor: each answer would then go through its queue, and 64 callers that come back one by one take longer than the disk.
    private let state: Mutex<State>

    fileprivate struct State {
        /// What transactions begin from. Replaced only when one is on the disk.
        var tip: LedgerTip
        var isCommitting = false
        var waiting: [Waiting] = []
        /// How many callers there were at the last transaction.
        var expected = 1
    }

    /// At most so much goes into one transaction: those that wait for it wait together.
    fileprivate static let maximalBatch = 4096
    /// How often a leader lets others go first, so that they come along: far less time than the disk takes.
    private static let patience = 100

    fileprivate struct Waiting {
        let addition: Addition
        let continuation: CheckedContinuation<Turn, Never>
    }

    /// What one caller wants.
    fileprivate enum Addition {
        case entry([UInt8])
        case rotation(SigningKey, actor: String, time: String)
    }

    /// What a waiting caller is told.
    fileprivate enum Turn {
        case done(Result<Receipt, LedgerError>)
        /// It is this caller's turn to write for all that wait. No task of its own is needed for that.
        case lead
    }

    /// Opens a ledger to add to it.
    /// - Parameters:
    ///   - key: the key that signs now.
    ///   - fence: the token of the lease under which this writer works; larger than that of every writer before. One
    ///     machine without leases uses 0.
    ///   - kept: a checkpoint kept outside; a database that was put back to an older state is refused.
    public init(path: String, key: SigningKey, fence: Int = 0, kept: SignedCheckpoint? = nil) throws(LedgerError) {
        self.path = path
        let (pool, tip) = try LedgerTip.opening(path, key: key, fence: fence, kept: kept)
        self.pool = pool
        state = Mutex(State(tip: tip))
    }

    /// Makes a new ledger, whose first entry names it and its key. The key's name is the ledger's.
    public static func create(path: String, key: SigningKey, actor: String, time: String) throws(LedgerError) {
        try LedgerTip.create(path, key: key, actor: actor, time: time)
    }

    /// Adds an entry. It returns when the entry and a checkpoint over it are on the disk.
    public func append(_ entry: Entry) async throws(LedgerError) -> Receipt {
        guard !entry.kind.hasPrefix(OwnEntry.prefix) else {
            throw .entry(EntryError("kinds that begin with '\(OwnEntry.prefix)' are the ledger's own"))
        }
        return try await add(.entry(entry.bytes))
    }

    /// Lets another key sign from now on. The checkpoint over this entry is signed by both, so that whoever trusts the
    /// old key can go on to trust the new one. The new key has the ledger's name, as the old one.
    public func rotate(to key: SigningKey, actor: String, time: String) async throws(LedgerError) -> Receipt {
        let name = state.withLock { $0.tip.key.name }
        guard key.kind == .ed25519, key.name == name else { throw .wrongKey("the new key must be an Ed25519 key named '\(name)'") }
        return try await add(.rotation(key, actor: actor, time: time))
    }

    /// The newest checkpoint.
    public var checkpoint: SignedCheckpoint { state.withLock { $0.tip.checkpoint } }

    private func add(_ addition: Addition) async throws(LedgerError) -> Receipt {
        let turn = await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isCommitting { state.waiting.append(Waiting(addition: addition, continuation: continuation)) }
                defer { state.isCommitting = true }
                return !state.isCommitting
            }
            if isFree { continuation.resume(returning: Turn.lead) }
        }
        switch turn {
        case .done(let result): return try result.get()
        case .lead: return try await lead(with: addition)
        }
    }

    /// Writes its own addition with those that wait, answers them, and hands the lead on.
    private func lead(with addition: Addition) async throws(LedgerError) -> Receipt {
        var followers: [Waiting] = []
        // A new key goes alone: the checkpoint over its entry is the one that both keys sign, and its failure is its own.
        if case .entry = addition {
            await gather()
            followers = state.withLock { $0.takeFollowers() }
        }
        let additions = [addition] + followers.map(\.addition)
        let result: Result<LedgerTip, LedgerError>
        do throws(LedgerError) { result = .success(try await commit(additions)) } catch { result = .failure(error) }
        let heir = state.withLock { state in
            if case .success(let next) = result { state.tip = next }
            state.expected = additions.count + state.waiting.count
            state.isCommitting = !state.waiting.isEmpty
            return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
        heir?.continuation.resume(returning: .lead)
        let start = (try? result.get()).map { $0.range.size - additions.count } ?? 0
        for (offset, follower) in followers.enumerated() {
            follower.continuation.resume(
                returning: .done(result.map { Receipt(number: start + offset + 1, checkpoint: $0.checkpoint) }))
        }
        return Receipt(number: start, checkpoint: try result.get().checkpoint)
    }

    /// Those who have just got their answers are about to come again. Whoever is first would otherwise wait for the disk
    /// alone, and all the others for one more turn. A caller that is always alone never waits here.
    private func gather() async {
        for _ in 0..<Self.patience {
            let isComplete = state.withLock { $0.waiting.count + 1 >= min($0.expected, Self.maximalBatch) }
            if isComplete { return }
            await Task.yield()
        }
    }

    /// One transaction. GRDB's `async` writes end when their task is cancelled, which would fail the others in it too;
    /// this form does not.
    private func commit(_ additions: [Addition]) async throws(LedgerError) -> LedgerTip {
        let (tip, path) = (state.withLock { $0.tip }, path)
        var bodies: [[UInt8]] = []
        var successor: SigningKey?
        for addition in additions {
            switch addition {
            case .entry(let bytes): bodies.append(bytes)
            case .rotation(let key, let actor, let time):
                guard key.verifier != tip.key.verifier else { throw .wrongKey("the new key signs already") }
                successor = key
                do {
                    bodies.append(try OwnEntry.rotated(from: tip.key.verifier, to: key.verifier).entry(by: actor, at: time).bytes)
                } catch {
                    throw .entry(error)
                }
            }
        }
        let result: Result<LedgerTip, any Error> = await withCheckedContinuation { [bodies, successor] continuation in
            pool.asyncWriteWithoutTransaction { db in
                continuation.resume(
                    returning: Result {
                        var next = tip
                        try db.inTransaction(.immediate) {
                            next = try tip.adding(bodies, successor: successor, in: db)
                            return .commit
                        }
                        return next
                    })
            }
        }
        do { return try result.get() } catch { throw LedgerError(error, at: path) }
    }
}

extension LedgerWriter.State {
    /// As many entries as go into one transaction, up to the next change of the key.
    fileprivate mutating func takeFollowers() -> [LedgerWriter.Waiting] {
        let end = waiting.prefix(LedgerWriter.maximalBatch - 1).firstIndex { if case .rotation = $0.addition { true } else { false } }
        let count = end ?? min(waiting.count, LedgerWriter.maximalBatch - 1)
        defer { waiting.removeFirst(count) }
        return Array(waiting.prefix(count))
    }
}

extension LedgerError {
    init(_ error: any Error, at path: String) {
        switch error {
        case let error as LedgerError: self = error
        case let error as NoteError: self = .note(error)
        case let error as EntryError: self = .entry(error)
        case let error as DatabaseError: self = .unusable(path: path, reason: error.message ?? "\(error.resultCode)")
        case let error as StoredHashes.MissingHash: self = .tampered(path: path, Fault(.subtree(error.subtree), "missing"))
        default: self = .unusable(path: path, reason: "\(error)")
        }
    }
}
