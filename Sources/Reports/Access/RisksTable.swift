import Access
import Controls
import Documents
import Kubernetes

/// The report for people: ways of one shape together, one of them step by step, then what to cut first.
struct RisksTable {
    private let report: RisksReport
    private let style: TerminalStyle
    private let width: Int
    private let listsAll: Bool
    /// Others of the same shape that are named.
    private static let shortList = 5

    init(_ report: RisksReport, _ options: ReportOptions) {
        self.report = report
        style = TerminalStyle(colour: options.colour)
        width = max(options.width ?? 100, 40)
        listsAll = options.verbose
    }

    /// Ways that use the same techniques in the same order.
    private struct Shape {
        let severity: Technique.Severity
        var paths: [EscalationPath]
        /// Ways of those who are in the group of the first way, whatever they do.
        var members: [EscalationPath] = []
    }

    func write(to writer: inout ByteWriter) {
        let shapes = shapes(report.paths)
        let heading =
            report.paths.isEmpty ? "Nobody" : "\(counted(report.paths.count, "subject")), in \(counted(shapes.count, "way")),"
        writer.text(style("\(heading) can take over the cluster", .bold) + "\n")
        for shape in shapes { write(shape, to: &writer) }
        writeCuts(to: &writer)
        if !report.components.isEmpty {
            writer.text("\n" + style("Components of the platform, by bindings that the API server makes itself", .bold) + "\n")
            for shape in self.shapes(report.components) { write(shape, to: &writer) }
        } else if report.view.subjects == nil, !report.analysis.inherent.isEmpty {
            let count = report.analysis.inherent.count
            let text = "\(counted(count, "component")) of the platform can by what the API server makes itself; --all lists them."
            writer.text("\n")
            paragraph(text, indent: 0, .dim, to: &writer)
        }
    }

    /// Worst first, then those of most subjects, then as subjects are sorted.
    private func shapes(_ paths: [EscalationPath]) -> [Shape] {
        var indexes: [[String]: Int] = [:]
        var groups: [AccessSubject: Int] = [:]
        var shapes: [Shape] = []
        // A group has a way before its members do; then theirs is told with it.
        let isMember = { (path: EscalationPath) in path.steps.first?.technique.id == Technique.impliedGroupID }
        let open = Set(paths.filter(isMember).compactMap { $0.steps.first?.to })
        for path in paths.filter({ !isMember($0) }) {
            let subject = report.subject(path)
            let isOpen = open.contains(.subject(subject))
            let key = path.steps.map(\.technique.id) + ["\(path.length)", isOpen ? subject.name : ""]
            let index = indexes[key] ?? shapes.count
            if index == shapes.count {
                indexes[key] = index
                shapes.append(Shape(severity: path.severity, paths: []))
            }
            shapes[index].paths.append(path)
            if isOpen { groups[subject] = index }
        }
        for path in paths.filter(isMember) {
            if case .subject(let group)? = path.steps.first?.to, let index = groups[group] {
                shapes[index].members.append(path)
            } else {
                shapes.append(Shape(severity: path.severity, paths: [path]))
            }
        }
        let order = shapes.indices.sorted { one, other in
            let (a, b) = (shapes[one], shapes[other])
            if a.severity != b.severity { return a.severity > b.severity }
            let (many, more) = (a.paths.count + a.members.count, b.paths.count + b.members.count)
            return many == more ? one < other : many > more
        }
        return order.map { shapes[$0] }
    }

    // MARK: - One shape

    private func write(_ shape: Shape, to writer: inout ByteWriter) {
        guard let path = shape.paths.first else { return }
        let severity = shape.severity.finding
        let word = severity.rawValue + String(repeating: " ", count: 10 - severity.rawValue.count)
        let more = shape.paths.count > 1 ? " and \(shape.paths.count - 1) more" : ""
        writer.text("\n\(style(word, severity.look))\(style(TerminalText.clean("\(report.subject(path))\(more)"), .bold))\n")
        for (number, step) in path.steps.enumerated() { write(step, number + 1, to: &writer) }
        if path.length > path.steps.count {
            paragraph("… and \(counted(path.length - path.steps.count, "step")) more", indent: 2, to: &writer)
        }
        if let cut = path.cut { write(cut, path.remaining, to: &writer) }
        writeOthers(shape.paths.dropFirst(), to: &writer)
        writeMembers(shape.members, to: &writer)
    }

    private func write(_ step: EscalationStep, _ number: Int, to writer: inout ByteWriter) {
        paragraph("\(number). \(step.technique.title) (\(step.technique.id))", indent: 2, to: &writer)
        for grant in step.grants {
            let role = report.phrases.role(grant.role)
            let bound = grant.binding.map { "\(report.phrases.binding($0)) gives \(role)" } ?? "bound by oneself: \(role)"
            let place = grant.binding.map { " (\(report.phrases.place(report.analysis.policy.bindings[$0].origin)))" } ?? ""
            paragraph(bound + place, indent: 5, .dim, to: &writer)
            if let rule = report.rule(grant) {
                let text = "which allows \(AccessPhrases.rule(rule.rule)) (\(AccessPhrases.place(rule.rule.node)))"
                paragraph(text, indent: 5, .dim, to: &writer)
            }
        }
        if let object = step.object {
            let found = report.analysis.policy.object(.estate(object))
            paragraph("because of \(found.displayName) (\(AccessPhrases.place(found.root)))", indent: 5, .dim, to: &writer)
        }
        if !step.technique.condition.hasPrefix("none") { paragraph("if \(step.technique.condition)", indent: 5, .dim, to: &writer) }
        paragraph("→ \(step.to)", indent: 5, to: &writer)
    }

    private func write(_ cut: EscalationCut, _ remaining: Int, to writer: inout ByteWriter) {
        let rest = remaining == 0 ? "that alone closes the way" : "\(counted(remaining, "other binding")) of the subject must go too"
        paragraph("Cut: \(report.cut(cut)) (\(report.place(cut))); \(rest)", indent: 2, to: &writer)
    }

    private func writeOthers(_ paths: ArraySlice<EscalationPath>, to writer: inout ByteWriter) {
        guard !paths.isEmpty else { return }
        let shown = listsAll ? paths : paths.prefix(RisksTable.shortList)
        for path in shown {
            let cut = path.cut.map { " cut \(report.cut($0))\(path.remaining > 0 ? " and \(path.remaining) more" : "")" } ?? ""
            paragraph("likewise \(report.subject(path));\(cut)", indent: 2, .dim, to: &writer)
        }
        if shown.count < paths.count { paragraph("and \(paths.count - shown.count) more; --verbose lists them", indent: 2, .dim, to: &writer) }
    }

    /// Identities that the API server puts into the group, known to the estate; there may be others.
    private func writeMembers(_ members: [EscalationPath], to writer: inout ByteWriter) {
        guard !members.isEmpty else { return }
        let shown = members.prefix(listsAll ? .max : RisksTable.shortList).map { "\(report.subject($0))" }.joined(separator: ", ")
        let rest = members.count > RisksTable.shortList && !listsAll ? ", …" : ""
        paragraph("in this group anyway: \(counted(members.count, "subject")) (\(shown)\(rest))", indent: 2, .dim, to: &writer)
    }

    // MARK: - What to cut first

    private func writeCuts(to writer: inout ByteWriter) {
        let best = report.analysis.savings.prefix(listsAll ? .max : RisksTable.shortList)
        guard !best.isEmpty, report.view.subjects == nil, report.paths.count > 1 else { return }
        writer.text("\n" + style("What closes most", .bold) + "\n")
        for (cut, subjects) in best {
            paragraph("\(report.cut(cut)): \(counted(subjects, "subject")) (\(report.place(cut)))", indent: 2, to: &writer)
        }
    }

    private func paragraph(_ text: String, indent: Int, _ look: TerminalStyle.Look? = nil, to writer: inout ByteWriter) {
        let margin = String(repeating: " ", count: indent)
        for line in TerminalText.wrap(TerminalText.clean(text), to: width - indent, hanging: 2) {
            writer.text("\(margin)\(look.map { style(line, $0) } ?? line)\n")
        }
    }
}
