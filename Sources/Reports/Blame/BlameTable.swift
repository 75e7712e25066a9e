import Blame
import Responsibility

/// The report for people at a terminal: the time line, then the answer.
struct BlameTable {
    let report: BlameReport
    let style: TerminalStyle
    let width: Int

    init(_ report: BlameReport, _ options: ReportOptions) {
        self.report = report
        style = TerminalStyle(colour: options.colour)
        width = max(options.width ?? 100, 40)
    }

    func write(to writer: inout ByteWriter) {
        writer.text(style("Who introduced \(TerminalText.clean(report.title))", .bold) + "\n\n")
        for entry in report.result.timeline { write(entry, to: &writer) }
        if report.result.timeline.isEmpty { writer.text("Nothing is recorded.\n") }
        if !report.result.ledger.isEmpty {
            writer.text("\n" + style("Ledger", .bold) + "\n")
            for entry in report.result.ledger { write(entry, to: &writer) }
        }
        writer.text("\n" + style("Trail", .bold) + "\n")
        for step in report.result.trail {
            let evidence = step.evidence.isEmpty ? "" : "  (\(step.evidence))"
            paragraph("\(step.strength.rawValue): \(step.text)\(evidence)", indent: 2, to: &writer)
        }
        writer.text("\n" + style("Answer", .bold) + "\n")
        for (label, text) in report.statements {
            paragraph("\(label): \(text)", indent: 2, to: &writer)
        }
        let questions = report.openQuestions
        if !questions.isEmpty {
            writer.text("\n" + style("Open questions", .bold) + "\n")
            for question in questions { paragraph("- \(question)", indent: 2, to: &writer) }
        }
        writer.text("\n")
        for remark in report.logRemarks { paragraph(remark, indent: 0, to: &writer) }
    }

    private func write(_ entry: TimelineEntry, to writer: inout ByteWriter) {
        let time = entry.time.isEmpty ? "(no time)" : entry.time
        paragraph("\(time)  \(entry.strength.rawValue)  \(BlameReport.deed(entry))", indent: 0, to: &writer)
        for detail in BlameReport.details(entry) { paragraph(detail, indent: 4, to: &writer) }
        let origin = BlameReport.origin(entry)
        if !origin.isEmpty { paragraph(origin, indent: 4, to: &writer) }
        paragraph(entry.evidence, indent: 4, look: .dim, to: &writer)
    }

    private func paragraph(_ text: String, indent: Int, look: TerminalStyle.Look? = nil, to writer: inout ByteWriter) {
        let margin = String(repeating: " ", count: indent)
        for line in TerminalText.wrap(TerminalText.clean(text), to: width - indent, hanging: 2) {
            writer.text("\(margin)\(look.map { style(line, $0) } ?? line)\n")
        }
    }
}
