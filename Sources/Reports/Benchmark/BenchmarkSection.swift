import Controls
import Responsibility

/// The part of the HTML report that answers for every row of a benchmark. Markup of our own making, in which text is escaped.
struct BenchmarkSection {
    let benchmark: BenchmarkResult

    func write(to writer: inout ByteWriter) {
        writer.text("  <section aria-labelledby=\"benchmark\"><h2 id=\"benchmark\">")
        writer.xml(benchmark.benchmark.title)
        writer.text("</h2>\n    <div class=\"picture\" tabindex=\"0\"><table class=\"figures\">\n      <thead><tr><th scope=\"col\">section</th>")
        for status in BenchmarkResult.Status.allCases { writer.text("<th scope=\"col\">\(status.title.lowercased())</th>") }
        writer.text("</tr></thead>\n      <tbody>\n")
        for section in benchmark.benchmark.sections {
            let counts = BenchmarkResult.Status.allCases.map { benchmark.count($0, section: section) }
            guard counts.contains(where: { $0 > 0 }) else { continue }
            writer.text("        <tr><th scope=\"row\">")
            writer.xml("\(section.id) \(section.title)")
            writer.text("</th>")
            for count in counts { writer.text("<td>\(count)</td>") }
            writer.text("</tr>\n")
        }
        writer.text("      </tbody></table></div>\n")
        for status in [BenchmarkResult.Status.fail, .attested, .manual, .notObservable, .pass, .notApplicable] { writeRows(status, to: &writer) }
        writer.text("  </section>\n")
    }

    /// The rows of one status, folded away unless they fail.
    private func writeRows(_ status: BenchmarkResult.Status, to writer: inout ByteWriter) {
        let rows = benchmark.rows.filter { $0.status == status }
        guard !rows.isEmpty else { return }
        writer.text("    <details\(status == .fail ? " open" : "")><summary>\(status.title.lowercased()): \(rows.count)</summary>\n")
        writer.text("    <div class=\"picture\" tabindex=\"0\"><table class=\"figures words\"><tbody>\n")
        for row in rows {
            writer.text("      <tr><th scope=\"row\">")
            writer.xml(row.row.id)
            writer.text("</th><td>")
            writer.xml(row.row.title)
            writer.text("</td><td>\(row.party.rawValue)</td><td>")
            if row.isContradiction { writer.text("<strong>contradiction:</strong> ") }
            writer.xml(row.reason)
            writer.text("</td></tr>\n")
        }
        writer.text("    </tbody></table></div></details>\n")
    }
}
