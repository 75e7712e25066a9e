/// Why a ledger cannot be opened, read or added to.
public enum LedgerError: Error, Hashable, CustomStringConvertible {
    /// The file is there and is no ledger, or of a newer version.
    case notALedger(path: String, reason: String)
    /// SQLite or the disk refuses; nothing of what was asked for counts as written.
    case unusable(path: String, reason: String)
    /// The end of the ledger does not fit together, so adding to it would vouch for something wrong.
    case tampered(path: String, Fault)
    /// Another writer has taken over with a newer token. This one must stop.
    case fenced(token: Int, newest: Int)
    /// This replica does not hold the lease, so it is not the one that writes.
    case notWriter(path: String)
    /// The key given is not the one that signs this ledger.
    case wrongKey(String)
    case entry(EntryError)
    case note(NoteError)

    public var description: String {
        switch self {
        case .notALedger(let path, let reason): "\(path) is no ledger: \(reason)"
        case .unusable(let path, let reason): "\(path) cannot be used: \(reason)"
        case .tampered(let path, let fault): "\(path) is damaged or was tampered with, and nothing is added to it: \(fault); run demarc ledger verify"
        case .fenced(let token, let newest): "this writer's token \(token) is older than \(newest): another writer has taken over"
        case .notWriter(let path): "\(path) is written by whichever replica holds the lease, and this one does not"
        case .wrongKey(let reason): reason
        case .entry(let error): "\(error)"
        case .note(let error): "\(error)"
        }
    }
}
