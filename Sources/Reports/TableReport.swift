import Controls
import Kubernetes
import Responsibility

/// The report for people at a terminal: by party, worst first, the same control on many objects folded into one entry.
struct TableReport {
    let result: ScanResult
    let options: ReportOptions
    let summary: Summary
    let style: TerminalStyle
    /// Columns of a line.
    let width: Int
    /// Where the text beside a severity starts.
    private let indent = 12

    init(_ result: ScanResult, options: ReportOptions) {
        self.result = result
        self.options = options
        summary = Summary(result)
        style = TerminalStyle(colour: options.colour)
        // Wider lines are hard to read, narrower ones cannot hold a path.
        width = min(max(options.width ?? 100, 60), 160)
    }

    func write(to writer: inout ByteWriter) {
        let folds = FindingFold.folds(of: result)
        writeHeading(to: &writer)
        for party in Party.allCases {
            let ofParty = folds.filter { $0.verdict == .fail && $0.party == party }
            if !ofParty.isEmpty { write(party, ofParty, to: &writer) }
        }
        writeAside("ACCEPTED", "by a grant or an exception; still there, and owned by whoever asked", folds, .accepted, to: &writer)
        writeAside("TO BE LOOKED AT BY A PERSON", "", folds, .manual, to: &writer)
        writeAside("NOT OBSERVABLE", "what was given does not tell", folds, .notObservable, to: &writer)
        if let benchmark = result.benchmark {
            BenchmarkTable(benchmark: benchmark, style: style, width: width, isVerbose: options.verbose).write(to: &writer)
        }
        writeGaps(to: &writer)
        writeSummary(folds, to: &writer)
    }

    // MARK: - Parts

    /// What was judged by what, so that a table in a chat explains itself.
    private func writeHeading(to writer: inout ByteWriter) {
        let coverage = result.coverage
        let facts = [
            "model \(result.model.name)", "Kubernetes \(result.catalogue.kubernetesVersion)", counted(coverage.objects, "object"),
            counted(coverage.files, "file"), counted(coverage.controls, "control"),
        ]
        let lines = TerminalText.wrap(facts.joined(separator: " · "), to: width, first: width - 7, hanging: 7)
        line(style("demarc ", .bold) + style(lines[0], .dim), to: &writer)
        for part in lines.dropFirst() { line(style(part, .dim), to: &writer) }
    }

    /// One party's part: how much, what to do next, then its findings.
    private func write(_ party: Party, _ folds: [FindingFold], to writer: inout ByteWriter) {
        line("", to: &writer)
        let title = "\(party.title.uppercased())  "
        let counts = Severity.worstFirst.filter { summary.count(party, $0) > 0 }.map { ($0, "\(summary.count(party, $0)) \($0.rawValue)") }
        let plain = counts.map(\.1).joined(separator: "  ")
        // Half an explanation explains nothing.
        let room = width - title.count - plain.count - 2
        let explanation = [TerminalText.clean(result.model.explanation(of: party)), party.explanation].first { TerminalText.width($0) <= room } ?? ""
        let gap = width - title.count - TerminalText.width(explanation) - plain.count
        let coloured = counts.map { style($0.1, $0.0.look) }.joined(separator: "  ")
        let heading = style(title, .bold) + style(explanation, .dim)
        if gap >= 0 {
            line(heading + String(repeating: " ", count: gap) + coloured, to: &writer)
        } else {
            line(heading, to: &writer)
            line(coloured, to: &writer)
        }
        line(style(String(repeating: "─", count: width), .dim), to: &writer)
        if let next = folds.first { writeNext(next, to: &writer) }
        // Beside worse things, what weighs little takes a line each, or nobody would read as far as the end.
        let isBrief = !options.verbose && folds.contains { severity(of: $0) > .low }
        let brief = isBrief ? folds.filter { severity(of: $0) <= .low } : []
        for fold in isBrief ? folds.filter({ severity(of: $0) > .low }) : folds {
            line("", to: &writer)
            write(fold, to: &writer)
        }
        guard !brief.isEmpty else { return }
        line("", to: &writer)
        for fold in FindingFold.merged(brief) { writeHeadline(fold, to: &writer) }
        line(String(repeating: " ", count: indent) + style("--verbose shows where", .dim), to: &writer)
    }

    private func severity(of fold: FindingFold) -> Severity { result.catalogue.controls[fold.control].severity }

    /// The one thing that brings this party furthest.
    private func writeNext(_ fold: FindingFold, to writer: inout ByteWriter) {
        let control = result.catalogue.controls[fold.control]
        let lines = TerminalText.wrap("\(control.remedy) (\(control.id))", to: width, first: width - 6, hanging: 6)
        line(style("Next: ", .bold) + lines[0], to: &writer)
        for part in lines.dropFirst() { line(part, to: &writer) }
    }

    /// One control: severity, requirement, some places, and why it is this party's.
    private func write(_ fold: FindingFold, to writer: inout ByteWriter) {
        writeHeadline(fold, to: &writer)
        let shown = options.verbose ? fold.findings : fold.examples(severity(of: fold).placesShown, in: result)
        for index in shown { writePlace(result.findings[index], to: &writer) }
        if shown.count < fold.findings.count {
            let margin = String(repeating: " ", count: indent)
            line(margin + style("… \(fold.findings.count - shown.count) more, shown by --verbose", .dim), to: &writer)
        }
        if !options.verbose, fold.findings.contains(where: { result.findings[$0].finding.fix != nil }) {
            line(String(repeating: " ", count: indent) + style("--verbose writes what would mend it", .dim), to: &writer)
        }
        writeReason(fold, to: &writer)
    }

    /// Severity, requirement, how often, duty and id.
    private func writeHeadline(_ fold: FindingFold, to writer: inout ByteWriter) {
        let control = result.catalogue.controls[fold.control]
        let badge = control.severity.rawValue
        let margin = String(repeating: " ", count: indent)
        let count = fold.findings.count > 1 ? " ×\(fold.findings.count)" : ""
        let duty = "\(control.duty)  \(control.id)"
        let room = width - indent - duty.count - 2
        // The id goes to a line of its own where both do not fit.
        let isTogether = TerminalText.width(control.title + count) <= room
        let title = isTogether ? control.title : TerminalText.truncate(control.title, to: width - indent - count.count)
        var first = "  " + style(badge, control.severity.look) + String(repeating: " ", count: indent - 2 - badge.count)
        first += style(title, .bold) + style(count, .bold)
        if isTogether { first += String(repeating: " ", count: room + 2 - TerminalText.width(title + count)) + style(duty, .dim) }
        line(first, to: &writer)
        if !isTogether { line(margin + style(duty, .dim), to: &writer) }
    }

    /// Where, on what, and what is wrong, in the form that editors make a link of.
    private func writePlace(_ attributed: AttributedFinding, to writer: inout ByteWriter) {
        let margin = String(repeating: " ", count: indent)
        let location = TerminalText.clean(attributed.location)
        let grant = attributed.grant.map { " [\($0)]" } ?? ""
        let text = TerminalText.clean("\(result.object(of: attributed).displayName): \(attributed.finding.message)\(grant)")
        let room = width - indent
        let left = room - TerminalText.width(location) - 2
        if left >= 0 {
            let lines = TerminalText.wrap(text, to: room, first: left, hanging: 2)
            line(margin + style(location, .dim) + (lines[0].isEmpty ? "" : "  ") + lines[0], to: &writer)
            for part in lines.dropFirst() { line(margin + part, to: &writer) }
        } else {
            for part in TerminalText.wrapPath(location, to: room) { line(margin + style(part, .dim), to: &writer) }
            for part in TerminalText.wrap(text, to: room - 2) { line(margin + "  " + part, to: &writer) }
        }
        if options.verbose, let fix = attributed.finding.fix?() { writeFix(fix, to: &writer) }
    }

    /// Unbroken lines, since they are made to be copied.
    private func writeFix(_ fix: String, to writer: inout ByteWriter) {
        let margin = String(repeating: " ", count: indent)
        line(margin + style("suggested:", .bold), to: &writer)
        for part in fix.split(separator: "\n", omittingEmptySubsequences: false) where !part.isEmpty {
            line(margin + "  " + TerminalText.clean(String(part)), to: &writer)
        }
    }

    /// Why this party: in short how sure that is, at length every step that was tried.
    private func writeReason(_ fold: FindingFold, to writer: inout ByteWriter) {
        let margin = String(repeating: " ", count: indent)
        guard let first = fold.findings.first else { return }
        let attribution = result.findings[first].attribution
        let who = attribution.principal.map { " (\(TerminalText.clean($0)))" } ?? ""
        let short = "\(fold.party.rawValue)\(who): \(attribution.strength.rawValue), by \(attribution.basis.phrase)"
        for part in TerminalText.wrap(short, to: width - indent - 2) { line(margin + style("→ " + part, .dim), to: &writer) }
        guard options.verbose else { return }
        for step in attribution.chain {
            for part in TerminalText.wrap("· " + TerminalText.clean(step), to: width - indent - 2, hanging: 2) {
                line(margin + style("  " + part, .dim), to: &writer)
            }
        }
    }

    /// Findings that nobody must fix now, but somebody should know.
    private func writeAside(_ title: String, _ explanation: String, _ folds: [FindingFold], _ verdict: Verdict, to writer: inout ByteWriter) {
        let folds = folds.filter { $0.verdict == verdict }
        guard !folds.isEmpty else { return }
        writeAsideHeading("\(title)  \(folds.reduce(0) { $0 + $1.findings.count })", explanation, to: &writer)
        for (number, fold) in folds.enumerated() {
            if number > 0 { line("", to: &writer) }
            write(fold, to: &writer)
        }
    }

    private func writeAsideHeading(_ title: String, _ explanation: String, to writer: inout ByteWriter) {
        line("", to: &writer)
        let fits = title.count + 2 + TerminalText.width(explanation) <= width
        line(style(title, .bold) + (fits && !explanation.isEmpty ? "  " + style(explanation, .dim) : ""), to: &writer)
        line(style(String(repeating: "─", count: width), .dim), to: &writer)
    }

    /// The last part before the summary, where it cannot be overlooked.
    private func writeGaps(to writer: inout ByteWriter) {
        let gaps = result.coverage.gaps
        guard !gaps.isEmpty else { return }
        writeAsideHeading("NOT JUDGED  \(gaps.count)", "could be anything: nothing here counts as passed", to: &writer)
        let shown = options.verbose ? gaps[...] : gaps.prefix(20)
        for gap in shown {
            let place = TerminalText.clean(gap.line > 0 ? "\(gap.source):\(gap.line)" : gap.source)
            let text = place.isEmpty ? TerminalText.clean(gap.message) : "\(place)  \(TerminalText.clean(gap.message))"
            for part in TerminalText.wrap(text, to: width - 2, hanging: 2) { line("  " + part, to: &writer) }
        }
        if shown.count < gaps.count { line("  " + style("… \(gaps.count - shown.count) more, shown by --verbose", .dim), to: &writer) }
    }

    /// One line that tells all: it is green only when everything was judged and nothing found.
    private func writeSummary(_ folds: [FindingFold], to writer: inout ByteWriter) {
        let fails = summary.count(.fail)
        let parties = Party.allCases.filter { summary.count($0) > 0 }.map { "\($0.rawValue) \(summary.count($0))" }
        var parts = [fails == 0 ? "nothing to fix" : "\(fails) to fix (\(parties.joined(separator: ", ")))"]
        for (verdict, words) in [(Verdict.accepted, "accepted"), (.manual, "to be looked at"), (.notObservable, "not observable"), (.pass, "passed")]
        {
            if summary.count(verdict) > 0 { parts.append("\(summary.count(verdict)) \(words)") }
        }
        if result.hidden > 0 { parts.append("\(result.hidden) outside this view") }
        if !result.coverage.gaps.isEmpty { parts.append(counted(result.coverage.gaps.count, "gap")) }
        line("", to: &writer)
        let isComplete = result.coverage.gaps.isEmpty && summary.count(.notObservable) == 0
        let look: TerminalStyle.Look = fails > 0 ? .bold : isComplete && result.coverage.evaluated > 0 ? .good : .medium
        for part in TerminalText.wrap(parts.joined(separator: " · "), to: width) { line(style(part, look), to: &writer) }
        if fails > 20 { writeFirstSteps(folds, to: &writer) }
    }

    /// A long report ends with what to begin with, since its end is what stands on the screen.
    private func writeFirstSteps(_ folds: [FindingFold], to writer: inout ByteWriter) {
        for party in Party.allCases {
            guard let fold = folds.first(where: { $0.party == party && $0.verdict == .fail }) else { continue }
            let control = result.catalogue.controls[fold.control]
            let text = TerminalText.truncate("\(control.title) (\(control.id))", to: width - 24)
            line(style("  \(party.rawValue) first: ", .bold) + text, to: &writer)
        }
    }

    private func line(_ text: String, to writer: inout ByteWriter) {
        writer.text(text)
        writer.byte(UInt8(ascii: "\n"))
    }
}

/// `1 file`, `3 files`.
func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}

extension Severity {
    /// Places shown of a folded finding: the less it weighs, the less room it takes from what matters.
    fileprivate var placesShown: Int {
        switch self {
        case .critical, .high: 3
        case .medium: 2
        case .low, .info: 1
        }
    }

    var look: TerminalStyle.Look {
        switch self {
        case .critical: .critical
        case .high: .high
        case .medium: .medium
        case .low: .low
        case .info: .dim
        }
    }
}
