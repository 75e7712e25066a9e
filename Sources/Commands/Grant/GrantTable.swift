internal import Documents
internal import Reports
internal import Responsibility

/// Columns of text, as kubectl prints them.
struct GrantTable {
    private var rows: [[String]]

    init(_ header: [String]) { rows = [header] }

    mutating func add(_ row: [String]) { rows.append(row.map { $0.isEmpty ? "-" : TerminalText.clean($0) }) }

    /// Each line without spaces at its end.
    var text: String {
        var widths = [Int](repeating: 0, count: rows.first?.count ?? 0)
        for row in rows { for (column, cell) in row.enumerated() where column < widths.count { widths[column] = max(widths[column], cell.count) } }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += column + 1 == row.count ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 3)
            }
            return line + "\n"
        }.joined()
    }
}

extension Timestamp {
    /// How far off an instant is, as kubectl says it: `12d`, `3h`, `45m`, `10s`.
    func distance(to other: Timestamp) -> String {
        let seconds = abs(seconds(to: other))
        switch seconds {
        case 172_800...: return "\(seconds / 86_400)d"
        case 7_200...: return "\(seconds / 3_600)h"
        case 120...: return "\(seconds / 60)m"
        default: return "\(seconds)s"
        }
    }
}

extension GrantLifeCycle {
    /// The end of what holds, or of what is applied for.
    var end: Timestamp { (termsInForce ?? grant.terms).expires }

    /// `in 12d`, `3d ago`.
    var endText: String { end > now ? "in \(now.distance(to: end))" : "\(now.distance(to: end)) ago" }

    /// `Deployment/probe`
    var workloadText: String {
        let workload = (termsInForce ?? grant.terms).workload
        let labels = workload.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        return "\(workload.kind)/\(workload.name ?? labels)"
    }
}
