internal import Documents
internal import FoundationEssentials
public import Ledger

/// The ledger of a server: one file, which whoever holds the lease adds to, and which is made when there is none yet.
public struct ServerLedger: Sendable {
    public let path: String
    let key: Ledger.SigningKey
    private let ledger: LeasedLedger
    private let hold: @Sendable () -> Int?

    /// - Parameters:
    ///   - token: that of the lease while it is held; else nil.
    ///   - kept: the checkpoint that is shown in a place outside, where there is one.
    public init(
        path: String, key: Ledger.SigningKey, token: @escaping @Sendable () -> Int?,
        kept: @escaping @Sendable () async throws(LedgerError) -> SignedCheckpoint? = { () async throws(LedgerError) in nil }
    ) {
        (self.path, self.key, hold) = (path, key, token)
        ledger = LeasedLedger(path: path, key: key, token: token, kept: kept)
    }

    /// The token of this hold; nil while another replica writes.
    var token: Int? { hold() }

    /// Makes the file where there is none. Only the one that writes does: two that make it at once would be two ledgers.
    func make(at now: Timestamp) throws(LedgerError) {
        guard token != nil, !FileManager.default.fileExists(atPath: path) else { return }
        try LedgerWriter.create(path: path, key: key, actor: LedgerRecord.server, time: now.description)
    }

    func takeOver() async throws(LedgerError) { try await ledger.takeOver() }

    func append(_ entry: Entry) async throws(LedgerError) -> LedgerWriter.Receipt { try await ledger.append(entry) }

    /// Adds to what is known the entries from a number on.
    /// - Returns: the number of the first entry that is not there yet.
    func read(from start: Int, into known: inout KnownRecords) throws(LedgerError) -> Int {
        let reader = try LedgerReader(path: path)
        var number = start
        while true {
            let bodies = try reader.entries(number..<number + 1_000)
            for body in bodies {
                do throws(EntryError) {
                    let entry = try Entry(body)
                    if let one = KnownRecords.Identity(entry) { known.insert(one) }
                } catch { throw .entry(error) }
            }
            number += bodies.count
            if bodies.count < 1_000 { return number }
        }
    }

    /// The newest token under which somebody wrote, so that a lease which was deleted goes on from there.
    public static func newestToken(of path: String) -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        return (try? LedgerReader(path: path).newestToken()) ?? 0
    }
}
