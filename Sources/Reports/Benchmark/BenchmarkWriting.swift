import Controls
import Documents
import Responsibility

extension ByteWriter {
    /// A benchmark in the JSON report: figures, then one row a line.
    mutating func benchmark(_ result: BenchmarkResult) {
        field("id", result.benchmark.id)
        field("title", result.benchmark.title)
        object("byStatus") { writer in
            for status in BenchmarkResult.Status.allCases {
                writer.key(status.rawValue)
                writer.value(result.count(status))
            }
        }
        object("byParty") { writer in
            for party in Party.allCases {
                writer.key(party.rawValue)
                writer.object { writer in
                    for status in BenchmarkResult.Status.allCases {
                        writer.key(status.rawValue)
                        writer.value(result.count(status, party: party))
                    }
                }
            }
        }
        array("rows") { writer in
            for row in result.rows {
                writer.line()
                writer.object { $0.benchmarkRow(row, of: result.benchmark) }
            }
        }
    }

    private mutating func benchmarkRow(_ row: BenchmarkResult.Row, of benchmark: Benchmark) {
        field("id", row.row.id)
        field("section", benchmark.section(of: row.row)?.id ?? "")
        field("title", row.row.title)
        field("status", row.status.rawValue)
        field("party", row.party.rawValue)
        field("reason", row.reason)
        field("contradiction", row.isContradiction)
        array("controls") { for control in row.controls { $0.value(control) } }
        key("attestation")
        guard let statement = row.attestation else { return null() }
        object { writer in
            writer.field("attestor", statement.attestor)
            writer.field("party", statement.party.rawValue)
            writer.field("status", statement.row.status.rawValue)
            writer.field("reason", statement.row.reason)
            writer.field("evidence", unlessEmpty: statement.row.evidence)
            writer.field("expires", statement.row.expires.description)
            writer.field("expired", statement.isExpired)
        }
    }
}

extension MarkdownReport {
    /// The rows of a benchmark by section and party; those that fail or stand against an attestation by name.
    func writeBenchmark(_ result: BenchmarkResult, to writer: inout ByteWriter) {
        writer.text("\n### \(result.benchmark.title)\n\n| section |")
        for status in BenchmarkResult.Status.allCases { writer.text(" \(status.title.lowercased()) |") }
        writer.text("\n|---|" + String(repeating: "--:|", count: BenchmarkResult.Status.allCases.count) + "\n")
        for section in result.benchmark.sections {
            let counts = BenchmarkResult.Status.allCases.map { result.count($0, section: section) }
            guard counts.contains(where: { $0 > 0 }) else { continue }
            writer.text("| \(section.id) \(section.title) |" + counts.map { " \($0) |" }.joined() + "\n")
        }
        let rows = result.rows.filter { $0.status == .fail || $0.status == .attested || $0.isContradiction }
        guard !rows.isEmpty else { return }
        writer.text("\n| row | status | who | why |\n|---|---|---|---|\n")
        for row in rows {
            let mark = row.isContradiction ? "**contradiction:** " : ""
            writer.text(
                "| \(row.row.id) \(row.row.title) | \(row.status.rawValue) | \(row.party.rawValue) | \(mark)\(Markdown.plain(row.reason)) |\n")
        }
    }
}
