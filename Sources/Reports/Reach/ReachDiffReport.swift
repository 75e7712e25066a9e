public import Controls
public import Reachability

/// What a change opens and what it closes.
public struct ReachDiffReport {
    public enum Format: String, Sendable { case table, json }

    private let differences: [FlowDifference]
    private let gaps: [Gap]
    private let style: TerminalStyle

    public init(_ differences: [FlowDifference], gaps: [Gap], options: ReportOptions = ReportOptions()) {
        self.differences = differences
        self.gaps = gaps
        style = TerminalStyle(colour: options.colour)
    }

    /// - Throws: what the sink throws.
    public func write(as format: Format, to sink: @escaping ByteSink) throws {
        var writer = ByteWriter(sink: sink)
        if format == .json { writeJSON(to: &writer) } else { writeTable(to: &writer) }
        try writer.finish()
    }

    /// Rows marked as `diff` marks lines, so that they can be searched for.
    private func writeTable(to writer: inout ByteWriter) {
        let (opened, closed) = (rows(\.opened), rows(\.closed))
        let width = (opened + closed).map { TerminalText.width($0.0) }.max() ?? 0
        for (title, mark, look, rows) in [("OPENED", "+", TerminalStyle.Look.high, opened), ("CLOSED", "-", .good, closed)] where !rows.isEmpty {
            line(style("\(title)  \(rows.count)", .bold), to: &writer)
            for (pair, connections) in rows {
                line(style("\(mark) \(pair)\(String(repeating: " ", count: width - TerminalText.width(pair)))  \(connections)", look), to: &writer)
            }
            line("", to: &writer)
        }
        if opened.isEmpty, closed.isEmpty { line("no connection is opened or closed", to: &writer) }
        guard !gaps.isEmpty else { return }
        line(style("NOT JUDGED  \(gaps.count)", .bold), to: &writer)
        for gap in gaps { line("  " + TerminalText.clean("\(gap.line > 0 ? "\(gap.source):\(gap.line)" : gap.source)  \(gap.message)"), to: &writer) }
    }

    private func rows(_ connections: KeyPath<FlowDifference, ConnectionSet>) -> [(String, ConnectionSet)] {
        differences.filter { !$0[keyPath: connections].isEmpty }.map {
            (TerminalText.clean("\($0.source) → \($0.destination)"), $0[keyPath: connections])
        }
    }

    private func line(_ text: String, to writer: inout ByteWriter) {
        writer.text(text)
        writer.byte(UInt8(ascii: "\n"))
    }

    private func writeJSON(to writer: inout ByteWriter) {
        writer.beginObject()
        writer.field("schemaVersion", "1")
        writer.line()
        writer.array("opened") { write(\.opened, to: &$0) }
        writer.line()
        writer.array("closed") { write(\.closed, to: &$0) }
        writer.line()
        writer.array("gaps") { $0.elements(gaps) }
        writer.endObject()
        writer.byte(UInt8(ascii: "\n"))
    }

    private func write(_ connections: KeyPath<FlowDifference, ConnectionSet>, to writer: inout ByteWriter) {
        for difference in differences where !difference[keyPath: connections].isEmpty {
            writer.line()
            writer.object { writer in
                writer.field("src", difference.source)
                writer.field("dst", difference.destination)
                writer.key("conns")
                writer.value(connections: difference[keyPath: connections])
            }
        }
    }
}
