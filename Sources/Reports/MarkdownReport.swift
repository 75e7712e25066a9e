import Controls
import Kubernetes
import Responsibility

/// Markdown for a comment on a pull request: bounded, the most important first, what was left out counted.
struct MarkdownReport {
    let result: ScanResult
    let options: ReportOptions
    private let summary: Summary
    /// Places named in a row.
    private let placesShown = 3

    init(_ result: ScanResult, options: ReportOptions) {
        self.result = result
        self.options = options
        summary = Summary(result)
    }

    func write(to writer: inout ByteWriter) {
        let start = writer.total
        let folds = FindingFold.folds(of: result)
        writeHeading(to: &writer)
        writeGaps(to: &writer)
        // Room for the closing tags and the sentence that says what was left out.
        let end = start + options.maximumMarkdownBytes - 400
        var left = 0
        for party in Party.allCases {
            let ofParty = folds.filter { $0.verdict == .fail && $0.party == party }
            guard !ofParty.isEmpty else { continue }
            left += writeTable("### \(party.title): \(summary.count(party)) to fix", next: ofParty.first, ofParty, until: end, to: &writer)
        }
        for (verdict, title) in [(Verdict.accepted, "Accepted"), (.manual, "To be looked at by a person"), (.notObservable, "Not observable")] {
            let aside = folds.filter { $0.verdict == verdict }
            guard !aside.isEmpty else { continue }
            left += writeTable("### \(title): \(aside.reduce(0) { $0 + $1.findings.count })", next: nil, aside, until: end, to: &writer)
        }
        if let benchmark = result.benchmark { writeBenchmark(benchmark, to: &writer) }
        if left > 0 { writer.text("\n_\(counted(left, "finding")) left out to keep this short; the JSON, SARIF and HTML reports hold them all._\n") }
        if result.hidden > 0 { writer.text("\n_\(counted(result.hidden, "finding")) outside this view._\n") }
    }

    /// The verdict in one line, then the table of parties by severity.
    private func writeHeading(to writer: inout ByteWriter) {
        let fails = summary.count(.fail)
        let isComplete = result.coverage.gaps.isEmpty
        let coverage = result.coverage
        writer.text(
            "## Demarc: \(fails > 0 ? counted(fails, "finding") + " to fix" : isComplete ? "nothing to fix" : "nothing found, but not everything was judged")\n\n"
        )
        writer.text("Model `\(Markdown.code(result.model.name))` · Kubernetes \(result.catalogue.kubernetesVersion) · ")
        writer.text("\(counted(coverage.objects, "object")) in \(counted(coverage.files, "file")) · \(counted(coverage.controls, "control"))")
        for (verdict, words) in [(Verdict.accepted, "accepted"), (.manual, "to be looked at"), (.notObservable, "not observable"), (.pass, "passed")]
        {
            if summary.count(verdict) > 0 { writer.text(" · \(summary.count(verdict)) \(words)") }
        }
        writer.text("\n")
        guard fails > 0 else { return }
        writer.text("\n| who must act | critical | high | medium | low | info |\n|---|--:|--:|--:|--:|--:|\n")
        for party in Party.allCases where summary.count(party) > 0 {
            writer.text("| \(party.title) |")
            for severity in Severity.worstFirst { writer.text(" \(summary.count(party, severity)) |") }
            writer.text("\n")
        }
    }

    /// Before the findings, since what is cut off stands at the end.
    private func writeGaps(to writer: inout ByteWriter) {
        let gaps = result.coverage.gaps
        guard !gaps.isEmpty else { return }
        writer.text("\n> **Not judged: \(counted(gaps.count, "gap")).** Nothing of this counts as passed.\n")
        for gap in gaps.prefix(10) {
            let place = gap.line > 0 ? "\(gap.source):\(gap.line)" : gap.source
            writer.text("> - `\(Markdown.code(place, limit: 200))` \(Markdown.plain(gap.message, limit: 300))\n")
        }
        if gaps.count > 10 { writer.text("> - and \(gaps.count - 10) more\n") }
    }

    /// - Returns: the number of findings that found no room.
    private func writeTable(_ title: String, next: FindingFold?, _ folds: [FindingFold], until end: Int, to writer: inout ByteWriter) -> Int {
        let all = folds.reduce(0) { $0 + $1.findings.count }
        guard writer.total + 1500 < end else { return all }
        writer.text("\n\(title)\n\n")
        if let next {
            let control = result.catalogue.controls[next.control]
            writer.text("**Next:** \(Markdown.own(control.remedy)) (`\(control.id)`)\n\n")
        }
        writer.text("| severity | what | where | why this party |\n|---|---|---|---|\n")
        var left = 0
        for fold in folds {
            let row = self.row(fold)
            if writer.total + row.utf8.count < end {
                writer.text(row)
            } else {
                left += fold.findings.count
            }
        }
        if next != nil { writeFixes(folds, until: end, to: &writer) }
        return left
    }

    /// One suggestion for each control that makes them, folded away, as long as there is room.
    private func writeFixes(_ folds: [FindingFold], until end: Int, to writer: inout ByteWriter) {
        for fold in folds {
            guard let index = fold.findings.first(where: { result.findings[$0].finding.fix != nil }), let fix = result.findings[index].finding.fix?()
            else { continue }
            let control = result.catalogue.controls[fold.control]
            let object = Markdown.plain(result.object(of: result.findings[index]).displayName, limit: 160)
            let block = Markdown.block(fix, language: "yaml")
            let text = "\n<details><summary>Suggested for \(control.id): \(object)</summary>\n\n\(block)\n</details>\n"
            if writer.total + text.utf8.count < end { writer.text(text) }
        }
    }

    /// One control for one party.
    private func row(_ fold: FindingFold) -> String {
        let control = result.catalogue.controls[fold.control]
        var places = fold.examples(placesShown, in: result).map { index in
            let attributed = result.findings[index]
            let grant = attributed.grant.map { " (`\(Markdown.code($0, limit: 100))`)" } ?? ""
            return "`\(Markdown.code(attributed.location, limit: 160))` \(Markdown.plain(result.object(of: attributed).displayName, limit: 160)): "
                + Markdown.plain(attributed.finding.message, limit: 240) + grant
        }
        if fold.findings.count > placesShown { places.append("and \(fold.findings.count - placesShown) more") }
        let attribution = result.findings[fold.findings[0]].attribution
        let count = fold.findings.count > 1 ? " ×\(fold.findings.count)" : ""
        return
            "| \(control.severity.mark) \(control.severity.rawValue) | **\(Markdown.own(control.title))**\(count)<br>`\(control.id)` · \(control.duty) "
            + "| \(places.joined(separator: "<br>")) | \(attribution.strength.rawValue), by \(attribution.basis.phrase) |\n"
    }
}

/// Text of strangers inside Markdown: it can neither close a table cell, nor mention people, nor make links or tags.
enum Markdown {
    /// For the inside of a code span in a table cell.
    static func code(_ text: String, limit: Int = 400) -> String {
        var safe = ""
        for character in TerminalText.clean(shortened(text, limit)) {
            switch character {
            case "`": safe += "'"
            case "|": safe += "\\|"
            default: safe.append(character)
            }
        }
        return safe.isEmpty ? " " : safe
    }

    /// For running text in a table cell.
    static func plain(_ text: String, limit: Int = 1000) -> String {
        var safe = ""
        for character in TerminalText.clean(shortened(text, limit)) {
            switch character {
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "&": safe += "&amp;"
            // A zero-width joiner keeps the sign readable and the mention from being one.
            case "@": safe += "@\u{2060}"
            case "|", "`", "[", "]", "*", "_", "\\", "#", "!", "~": safe += "\\\(character)"
            default: safe.append(character)
            }
        }
        return safe
    }

    /// A block of code that no line of the text can close.
    static func block(_ text: String, language: StaticString) -> String {
        var (longest, run) = (2, 0)
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let lines = text.split(separator: "\n").map { TerminalText.clean(String($0)) }
        return "\(fence)\(language)\n\(lines.joined(separator: "\n"))\n\(fence)\n"
    }

    /// Text of the catalogue, whose Markdown is meant, in a table cell.
    static func own(_ text: String) -> String {
        var safe = ""
        for character in text { safe += character == "|" ? "\\|" : character == "<" ? "&lt;" : String(character) }
        return safe
    }

    private static func shortened(_ text: String, _ limit: Int) -> String {
        text.utf8.count > limit ? String(text.prefix(limit - 1)) + "…" : text
    }
}

extension Severity {
    /// A sign that is told apart at a glance where colours are not at hand.
    fileprivate var mark: String {
        switch self {
        case .critical: "🟥"
        case .high: "🟧"
        case .medium: "🟨"
        case .low: "🟦"
        case .info: "⬜"
        }
    }
}
