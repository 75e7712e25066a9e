public import Controls
import Kubernetes
public import Responsibility

/// One control for people at a terminal: what it asks for, why, how to fix a finding, examples and references.
public struct ExplainReport: Sendable {
    private let control: Control
    private let model: ResponsibilityModel?
    private let style: TerminalStyle
    private let width: Int

    /// - Parameter model: names the party that usually answers; nil leaves that out.
    public init(_ control: Control, model: ResponsibilityModel? = nil, options: ReportOptions = ReportOptions()) {
        self.control = control
        self.model = model
        style = TerminalStyle(colour: options.colour)
        width = min(max(options.width ?? 100, 40), 120)
    }

    public func write(to writer: inout ByteWriter) {
        line(style(control.title, .bold), to: &writer)
        line(style(control.id, .dim), to: &writer)
        line("", to: &writer)
        fact("Severity", style(control.severity.rawValue, control.severity.look), to: &writer)
        fact("Judges", control.subjectKinds.joined(separator: ", "), to: &writer)
        if let since = control.minimumKubernetesVersion { fact("Since", "Kubernetes \(since)", to: &writer) }
        if let duty = model?.duties.first(where: { $0.id == control.duty }) {
            fact("Duty", "\(duty.id) \(duty.title) (model \(model?.name ?? ""), usually the \(duty.party.rawValue)'s)", to: &writer)
        } else {
            fact("Duty", control.duty, to: &writer)
        }
        section("Why", control.summary, to: &writer)
        section("How to fix", control.remedy, to: &writer)
        writeExamples("Fails", control.failing, .high, to: &writer)
        writeExamples("Passes", control.passing, .good, to: &writer)
        guard !control.references.isEmpty else { return }
        section("References", nil, to: &writer)
        for reference in control.references { line("  " + reference.phrase, to: &writer) }
    }

    /// The whole text.
    public var text: String {
        var writer = ByteWriter(chunk: 4096)
        write(to: &writer)
        return String(decoding: writer.take(), as: UTF8.self)
    }

    private func fact(_ name: String, _ value: String, to writer: inout ByteWriter) {
        line(style(name, .dim) + String(repeating: " ", count: 10 - name.count) + value, to: &writer)
    }

    private func section(_ title: String, _ text: String?, to writer: inout ByteWriter) {
        line("", to: &writer)
        line(style(title, .bold), to: &writer)
        guard let text else { return }
        for part in TerminalText.wrap(text, to: width - 2) { line("  " + part, to: &writer) }
    }

    private func writeExamples(_ title: String, _ examples: [Example], _ look: TerminalStyle.Look, to writer: inout ByteWriter) {
        for example in examples {
            section(title + (example.version.map { " (Kubernetes \($0))" } ?? ""), nil, to: &writer)
            for part in example.manifest.split(separator: "\n", omittingEmptySubsequences: false) {
                let isMarked = part.contains("# ✗")
                line(style("  │ ", .dim) + (isMarked ? style(String(part), look) : String(part)), to: &writer)
            }
        }
    }

    private func line(_ text: String, to writer: inout ByteWriter) {
        writer.text(text)
        writer.byte(UInt8(ascii: "\n"))
    }
}
