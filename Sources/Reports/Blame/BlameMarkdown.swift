import Blame
import Responsibility

/// The report as Markdown, for tickets and incident documents. Everything in it that somebody else chose is escaped.
struct BlameMarkdown {
    let report: BlameReport

    init(_ report: BlameReport) { self.report = report }

    func write(to writer: inout ByteWriter) {
        writer.text("# Who introduced \(Markdown.plain(report.title, limit: 400))\n\n")
        writeBody(to: &writer)
    }

    func writeBody(to writer: inout ByteWriter) {
        writer.text("## Answer\n\n| | |\n|---|---|\n")
        for (label, text) in report.statements { writer.text("| \(label) | \(Markdown.plain(text)) |\n") }
        writer.text("\n## Time line\n\n")
        table(report.result.timeline, to: &writer)
        if !report.result.ledger.isEmpty {
            writer.text("\n## Ledger\n\n")
            table(report.result.ledger, to: &writer)
        }
        writer.text("\n## Trail\n\n")
        for step in report.result.trail {
            let evidence = step.evidence.isEmpty ? "" : " (\(Markdown.plain(step.evidence)))"
            writer.text("1. **\(step.strength.rawValue)** \(Markdown.plain(step.text))\(evidence)\n")
        }
        writer.text("\nIt ends \(Markdown.plain(report.result.trailEnd)).\n\n## Open questions\n\n")
        let questions = report.openQuestions
        for question in questions { writer.text("- \(Markdown.plain(question))\n") }
        if questions.isEmpty { writer.text("None that the record shows.\n") }
        writer.text("\n")
        for remark in report.logRemarks { writer.text("\(Markdown.plain(remark))\n\n") }
    }

    private func table(_ entries: [TimelineEntry], to writer: inout ByteWriter) {
        guard !entries.isEmpty else { return writer.text("Nothing is recorded.\n") }
        writer.text("| Time | What | From | Evidence |\n|---|---|---|---|\n")
        for entry in entries {
            let what = ([BlameReport.deed(entry)] + BlameReport.details(entry)).map { Markdown.plain($0, limit: 300) }.joined(separator: "<br>")
            writer.text(
                "| \(Markdown.plain(entry.time)) | \(what) | \(Markdown.plain(BlameReport.origin(entry), limit: 300)) | **\(entry.strength.rawValue)** \(Markdown.plain(entry.evidence, limit: 300)) |\n"
            )
        }
    }
}
