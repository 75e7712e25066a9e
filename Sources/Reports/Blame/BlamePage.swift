import Blame
import Responsibility

/// The report as one HTML file without a script, in the style of the scan's page. Text of strangers stays text.
struct BlamePage {
    let report: BlameReport

    init(_ report: BlameReport) { self.report = report }

    func write(to writer: inout ByteWriter) {
        PlainPage.begin(
            "Demarc: who introduced it", heading: "Who introduced \(report.title)", facts: "model \(report.model), demarc \(report.toolVersion)",
            to: &writer)
        writeBody(to: &writer)
        PlainPage.end(to: &writer)
    }

    func writeBody(to writer: inout ByteWriter) {
        PlainPage.section("Answer", to: &writer) { writer in
            PlainPage.table([], report.statements.map { [$0.label, $0.text] }, to: &writer)
        }
        PlainPage.section("Time line", to: &writer) { writer in entries(report.result.timeline, to: &writer) }
        if !report.result.ledger.isEmpty { PlainPage.section("Ledger", to: &writer) { writer in entries(report.result.ledger, to: &writer) } }
        PlainPage.section("Trail", to: &writer) { writer in
            PlainPage.table(["Strength", "Step", "Evidence"], report.result.trail.map { [$0.strength.rawValue, $0.text, $0.evidence] }, to: &writer)
            PlainPage.paragraph("It ends \(report.result.trailEnd).", to: &writer)
        }
        PlainPage.section("Open questions", to: &writer) { writer in
            let questions = report.openQuestions
            if questions.isEmpty { PlainPage.paragraph("None that the record shows.", to: &writer) } else { PlainPage.list(questions, to: &writer) }
            for remark in report.logRemarks { PlainPage.paragraph(remark, to: &writer) }
        }
    }

    private func entries(_ entries: [TimelineEntry], to writer: inout ByteWriter) {
        PlainPage.table(
            ["Time", "What", "From", "Evidence"],
            entries.map { entry in
                [
                    entry.time, ([BlameReport.deed(entry)] + BlameReport.details(entry)).joined(separator: "\n"), BlameReport.origin(entry),
                    "\(entry.strength.rawValue): \(entry.evidence)",
                ]
            }, to: &writer)
    }
}

/// The parts of a page that holds tables and text only. No script runs on it and nothing is fetched.
enum PlainPage {
    static func begin(_ title: String, heading: String, facts: String, to writer: inout ByteWriter) {
        writer.text("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        writer.text("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
        writer.text("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; ")
        writer.text("style-src 'sha256-\(PageDigest.sha256(HTMLPage.style))'\">\n<title>\(escaped(title))</title>\n<style>")
        writer.text(HTMLPage.style)
        writer.text("</style>\n</head>\n<body>\n<header>\n  <div class=\"brand\"><span class=\"mark\" aria-hidden=\"true\"></span><h1>Demarc</h1>")
        writer.text("<p>\(escaped(facts))</p></div>\n  <p class=\"verdict\">\(escaped(heading))</p>\n</header>\n<main>\n")
    }

    static func end(to writer: inout ByteWriter) { writer.text("</main>\n</body>\n</html>\n") }

    static func section(_ title: String, to writer: inout ByteWriter, _ body: (inout ByteWriter) -> Void) {
        writer.text("<section><h2>\(escaped(title))</h2>\n<div class=\"picture\">")
        body(&writer)
        writer.text("</div></section>\n")
    }

    static func paragraph(_ text: String, to writer: inout ByteWriter) { writer.text("<p>\(escaped(text))</p>\n") }

    static func list(_ items: [String], to writer: inout ByteWriter) {
        writer.text("<ul>\n")
        for item in items { writer.text("<li>\(escaped(item))</li>\n") }
        writer.text("</ul>\n")
    }

    /// - Parameter head: empty for a table whose first column names the rows.
    static func table(_ head: [String], _ rows: [[String]], to writer: inout ByteWriter) {
        writer.text("<table class=\"figures words\">")
        if !head.isEmpty {
            writer.text("<thead><tr>\(head.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined())</tr></thead>")
        }
        writer.text("<tbody>\n")
        for row in rows {
            writer.text("<tr>")
            for (index, cell) in row.enumerated() {
                let text = cell.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }.joined(separator: "<br>")
                writer.text(index == 0 ? "<th scope=\"row\">\(text)</th>" : "<td>\(text)</td>")
            }
            writer.text("</tr>\n")
        }
        writer.text("</tbody></table>\n")
    }

    /// Text of strangers: no markup, nothing that turns the direction of reading.
    static func escaped(_ text: String) -> String {
        var safe = ""
        for character in TerminalText.clean(text) {
            switch character {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            default: safe.append(character)
            }
        }
        return safe
    }
}
