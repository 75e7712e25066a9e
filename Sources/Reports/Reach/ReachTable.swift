import Controls
import Kubernetes
import Reachability

/// Flows for people: what is the same for many is said once.
struct ReachTable {
    let report: ReachReport
    private let style: TerminalStyle
    private let model: NetworkModel

    /// Rows beyond this many are not read by anybody; JSON has them all.
    private static let maximumRows = 400

    init(_ report: ReachReport) {
        self.report = report
        model = report.model
        style = TerminalStyle(colour: report.options.colour)
    }

    func write(to writer: inout ByteWriter) {
        let entries = model.entries(platforms: report.platforms)
        let facts = [
            counted(model.workloads.count, "workload"), counted(model.policyCount, "policy", plural: "policies"),
            counted(entries.count, "way in from outside", plural: "ways in from outside"),
        ]
        line(style("demarc ", .bold) + style("reach · " + facts.joined(separator: " · "), .dim), to: &writer)
        writeEntries(entries, to: &writer)
        writeFlows(to: &writer)
        writeGaps(to: &writer)
    }

    // MARK: - Parts

    private func writeEntries(_ entries: [Entry], to writer: inout ByteWriter) {
        guard !entries.isEmpty else { return }
        heading("WAYS IN FROM OUTSIDE", to: &writer)
        var rows = [["WORKLOAD", "THROUGH", "LEADS TO", "POLICIES LET THROUGH"]]
        for entry in entries.prefix(ReachTable.maximumRows) {
            let path = entry.path.map { report.inventory.objects[$0].displayName }.joined(separator: " → ")
            let reach = entry.reach == .nodes ? " (at the nodes' addresses)" : entry.reach == .unknown ? " (public or not: decided elsewhere)" : ""
            let allowed = entry.allowed.description + (entry.isCertain ? "" : ", if whatever forwards is let in")
            rows.append([model.workloads[entry.workload].description, through(entry, path) + reach, entry.targets.description, allowed])
        }
        write(rows, to: &writer)
        more(entries.count - ReachTable.maximumRows, "way in", plural: "ways in", to: &writer)
    }

    private func through(_ entry: Entry, _ path: String) -> String {
        switch entry.kind {
        case .hostPort: "host port"
        case .ingress, .gateway: path
        case .loadBalancer, .nodePort, .externalIP: "\(entry.kind.title) of \(path)"
        }
    }

    private func writeFlows(to writer: inout ByteWriter) {
        heading("WHO CAN CONNECT TO WHOM", to: &writer)
        let flows = FoldedFlows(model, maximum: ReachTable.maximumRows)
        guard !flows.rows.isEmpty else { return line("nobody: no connection is possible", to: &writer) }
        write([["SOURCE", "DESTINATION", "CONNECTIONS"]] + flows.rows.map { [$0.source, $0.destination, $0.connections.description] }, to: &writer)
        more(flows.leftOut, "row", plural: "rows", to: &writer)
    }

    private func writeGaps(to writer: inout ByteWriter) {
        guard !report.gaps.isEmpty else { return }
        heading("NOT JUDGED  \(report.gaps.count)", to: &writer)
        for gap in report.gaps.prefix(40) {
            let place = gap.line > 0 ? "\(gap.source):\(gap.line)" : gap.source
            line("  " + TerminalText.clean("\(place)  \(gap.message)"), to: &writer)
        }
        more(report.gaps.count - 40, "gap", plural: "gaps", to: &writer)
    }

    private func more(_ count: Int, _ noun: String, plural: String, to writer: inout ByteWriter) {
        if count > 0 { line(style("… \(counted(count, noun, plural: plural)) more; --format json has them all", .dim), to: &writer) }
    }

    // MARK: - Lines

    private func heading(_ text: String, to writer: inout ByteWriter) {
        line("", to: &writer)
        line(style(text, .bold), to: &writer)
    }

    /// Columns as wide as their widest cell, the last as long as it is.
    private func write(_ rows: [[String]], to writer: inout ByteWriter) {
        let rows = rows.map { $0.map(TerminalText.clean) }
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { TerminalText.width($0[column]) }.max() ?? 0 }
        for (number, row) in rows.enumerated() {
            var text = ""
            for (column, cell) in row.enumerated() {
                text += cell
                if column < columns - 1 { text += String(repeating: " ", count: widths[column] - TerminalText.width(cell) + 2) }
            }
            line(number == 0 ? style(text, .dim) : text, to: &writer)
        }
    }

    private func line(_ text: String, to writer: inout ByteWriter) {
        writer.text(text)
        writer.byte(UInt8(ascii: "\n"))
    }
}

/// A number with its noun, for nouns whose plural is not made by an s.
func counted(_ number: Int, _ noun: String, plural: String) -> String { "\(number) \(number == 1 ? noun : plural)" }
