internal import Controls
internal import Documents
internal import Reports
internal import Responsibility

/// The text of one report as it is sent, kept within its bounds. Pure.
struct ReportText: Sendable, Equatable {
    /// The label in which the hash of what was judged stands, so that a new holder of the lease writes nothing anew.
    static let hashKey = "demarc.dev/report-hash"
    static let omittedKey = "demarc.dev/omitted-results"

    let hash: String
    private let document: PolicyReportDocument

    static func == (one: ReportText, other: ReportText) -> Bool { one.hash == other.hash }

    init(_ object: JudgedObject, api: PolicyReportAPI, mostRows: Int, mostBytes: Int) {
        var rows = Array(object.rows.prefix(max(1, mostRows)))
        var document = PolicyReportDocument(api: api, name: object.scope.uid ?? "", scope: object.scope, rows: rows, timestamp: nil)
        document.counts = object.rows.reduce(into: object.omitted) { $0[$1.verdict, default: 0] += 1 }
        let total = object.rows.count + object.omitted.values.reduce(0, +)
        var text = ReportText.text(document)
        while text.count > mostBytes, !rows.isEmpty {
            // As large as the share that fits, and surely smaller than before.
            rows.removeLast(max(1, rows.count - rows.count * mostBytes / text.count))
            document.rows = rows
            text = ReportText.text(document)
        }
        if rows.count < total { document.annotations.append((ReportText.omittedKey, "\(total - rows.count)")) }
        // A label holds 63 characters: half of the digest is enough to tell two reports apart.
        hash = String(Digest.sha256(ReportText.text(document)).dropFirst("sha256:".count).prefix(32))
        document.labels.append((ReportText.hashKey, hash))
        self.document = document
    }

    /// What goes to the server. The time is no part of the hash: a report that says the same again is not written again.
    func bytes(at instant: Timestamp) -> [UInt8] {
        var document = document
        document.timestamp = instant
        return ReportText.text(document)
    }

    private static func text(_ document: PolicyReportDocument) -> [UInt8] {
        var writer = ByteWriter(chunk: 16 << 10)
        document.write(to: &writer)
        return writer.take()
    }
}
