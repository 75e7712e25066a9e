import Controls
import Responsibility

/// The part of the table report that answers for every row of a benchmark: by section and party, then the rows somebody has to look at.
struct BenchmarkTable {
    let benchmark: BenchmarkResult
    let style: TerminalStyle
    /// Columns of a line.
    let width: Int
    /// Also shows rows that pass or do not apply, and what a person is to look at.
    let isVerbose: Bool

    func write(to writer: inout ByteWriter) {
        line("", to: &writer)
        line(style("BENCHMARK  \(benchmark.benchmark.title)", .bold), to: &writer)
        line(style(String(repeating: "─", count: width), .dim), to: &writer)
        writeSections(to: &writer)
        for (status, look) in [(BenchmarkResult.Status.fail, TerminalStyle.Look.high), (.attested, .low), (.notObservable, .medium), (.manual, .dim)]
        {
            writeRows(status, look, to: &writer)
        }
        let denied = benchmark.rows.filter { $0.isContradiction && $0.status == .pass && benchmark.isShown($0) }
        if !denied.isEmpty, !isVerbose {
            line("", to: &writer)
            line(style("CONTRADICTED  \(denied.count)", .medium), to: &writer)
            for row in denied { write(row, to: &writer) }
        }
        if isVerbose {
            writeRows(.pass, .good, to: &writer)
            writeRows(.notApplicable, .dim, to: &writer)
        }
    }

    // MARK: - Counts

    private static let columns: [(BenchmarkResult.Status, String)] = [
        (.pass, "pass"), (.fail, "fail"), (.attested, "attested"), (.manual, "manual"), (.notApplicable, "n/a"), (.notObservable, "unseen"),
    ]

    private func writeSections(to writer: inout ByteWriter) {
        writeCounts("", style: { style($0, .dim) }, BenchmarkTable.columns.map(\.1), to: &writer)
        for section in benchmark.benchmark.sections {
            let counts = BenchmarkTable.columns.map { benchmark.count($0.0, section: section) }
            guard counts.contains(where: { $0 > 0 }) else { continue }
            writeCounts("\(section.id)  \(section.title)", counts.map(String.init), to: &writer)
        }
        line("", to: &writer)
        for party in Party.allCases {
            let counts = BenchmarkTable.columns.map { benchmark.count($0.0, party: party) }
            guard counts.contains(where: { $0 > 0 }) else { continue }
            writeCounts(party.title, style: { style($0, .bold) }, counts.map(String.init), to: &writer)
        }
        writeCounts("All", style: { style($0, .bold) }, BenchmarkTable.columns.map { String(benchmark.count($0.0)) }, to: &writer)
    }

    private func writeCounts(_ name: String, style look: (String) -> String = { $0 }, _ cells: [String], to writer: inout ByteWriter) {
        let room = width - 2 - BenchmarkTable.columns.count * 9
        let name = TerminalText.truncate(name, to: room)
        let padded = name + String(repeating: " ", count: room - TerminalText.width(name))
        line(
            "  " + look(padded) + cells.map { String(repeating: " ", count: 9 - $0.count) + ($0 == "0" ? style("0", .dim) : $0) }.joined(),
            to: &writer)
    }

    // MARK: - Rows

    private func writeRows(_ status: BenchmarkResult.Status, _ look: TerminalStyle.Look, to writer: inout ByteWriter) {
        let rows = benchmark.rows.filter { $0.status == status && benchmark.isShown($0) }
        guard !rows.isEmpty else { return }
        line("", to: &writer)
        guard isVerbose || status == .fail || status == .attested else {
            let ids = rows.map(\.row.id).joined(separator: " ")
            let heading = "\(status.title)  \(rows.count)  "
            let lines = TerminalText.wrap(ids, to: width - 2, first: width - heading.count)
            line(style(heading, look) + style(lines[0], .dim), to: &writer)
            for part in lines.dropFirst() { line("  " + style(part, .dim), to: &writer) }
            return
        }
        line(style("\(status.title)  \(rows.count)", look), to: &writer)
        for row in rows { write(row, to: &writer) }
    }

    private func write(_ row: BenchmarkResult.Row, to writer: inout ByteWriter) {
        let id = "  " + row.row.id + String(repeating: " ", count: max(1, 8 - row.row.id.count))
        let title = TerminalText.truncate(row.row.title, to: width - id.count - row.party.rawValue.count - 2)
        let gap = width - id.count - TerminalText.width(title) - row.party.rawValue.count
        line(style(id, .bold) + title + String(repeating: " ", count: max(1, gap)) + style(row.party.rawValue, .dim), to: &writer)
        let reason = (row.isContradiction ? "CONTRADICTION: " : "") + TerminalText.clean(row.reason)
        guard !reason.isEmpty else { return }
        for part in TerminalText.wrap(reason, to: width - 10) {
            line(String(repeating: " ", count: 10) + style(part, row.isContradiction ? .medium : .dim), to: &writer)
        }
    }

    private func line(_ text: String, to writer: inout ByteWriter) {
        writer.text(text)
        writer.byte(UInt8(ascii: "\n"))
    }
}

extension BenchmarkResult.Status {
    /// For headings.
    var title: String {
        switch self {
        case .pass: "PASS"
        case .fail: "FAIL"
        case .attested: "ATTESTED"
        case .manual: "MANUAL"
        case .notApplicable: "NOT APPLICABLE"
        case .notObservable: "NOT OBSERVABLE"
        }
    }
}
