public import Controls
import Kubernetes

/// The catalogue of controls: as a table for people, as JSON for scripts, as the generated `docs/controls.md`.
public struct ControlsReport: Sendable {
    public enum Format: String, Sendable, CaseIterable { case table, json, markdown }

    private let controls: [Control]
    private let options: ReportOptions

    public init(_ controls: [Control], options: ReportOptions = ReportOptions()) {
        self.controls = controls
        self.options = options
    }

    public func write(as format: Format, to writer: inout ByteWriter) {
        switch format {
        case .table: writeTable(to: &writer)
        case .json: writeJSON(to: &writer)
        case .markdown: writeMarkdown(to: &writer)
        }
    }

    /// The whole report, for documentation and tests.
    public func text(as format: Format) -> String {
        var writer = ByteWriter()
        write(as: format, to: &writer)
        return String(decoding: writer.take(), as: UTF8.self)
    }

    // MARK: - Table

    /// A line a control, cut to the width of the terminal.
    private func writeTable(to writer: inout ByteWriter) {
        let style = TerminalStyle(colour: options.colour)
        let width = max(options.width ?? 100, 40)
        let idWidth = min(controls.map { TerminalText.width($0.id) }.max() ?? 0, width / 2)
        for control in controls {
            let severity = control.severity.rawValue
            writer.text(style(severity, control.severity.look) + String(repeating: " ", count: 10 - severity.count))
            writer.text(control.duty + String(repeating: " ", count: max(1, 5 - control.duty.count)))
            let id = TerminalText.truncate(control.id, to: idWidth)
            writer.text(style(id, .bold) + String(repeating: " ", count: idWidth - TerminalText.width(id)))
            let room = width - 17 - idWidth
            if room > 8 { writer.text("  " + TerminalText.truncate(control.title, to: room)) }
            writer.text("\n")
        }
        writer.text(style("\n\(counted(controls.count, "control")); `demarc explain CONTROL` tells more about one.\n", .dim))
    }

    // MARK: - JSON

    /// The document that scripts read.
    private func writeJSON(to writer: inout ByteWriter) {
        writer.beginArray()
        for control in controls {
            writer.line()
            writer.object { writer in
                writer.field("id", control.id)
                writer.field("title", control.title)
                writer.field("severity", control.severity.rawValue)
                writer.field("duty", control.duty)
                writer.array("subjectKinds") { for kind in control.subjectKinds { $0.value(kind) } }
                writer.field("summary", control.summary)
                writer.field("remediation", control.remedy)
                writer.array("references") { $0.references(control.references) }
                writer.key("minimumKubernetesVersion")
                writer.value(control.minimumKubernetesVersion?.description)
            }
        }
        writer.text("\n]\n")
    }

    // MARK: - Markdown

    /// A table of contents, then a section a control.
    private func writeMarkdown(to writer: inout ByteWriter) {
        writer.text("# Controls\n\n")
        writer.text("\(counted(controls.count, "control")). This page is generated: `demarc controls --format markdown > docs/controls.md`.\n\n")
        writer.text("| control | severity | duty | requirement |\n|---|---|---|---|\n")
        for control in controls {
            writer.text("| [`\(control.id)`](#\(control.id)) | \(control.severity.rawValue) | \(control.duty) | \(Markdown.own(control.title)) |\n")
        }
        for control in controls { writeSection(control, to: &writer) }
    }

    private func writeSection(_ control: Control, to writer: inout ByteWriter) {
        // The heading is the id alone, so that the anchor is the id and links stay good when a title changes.
        writer.text("\n## \(control.id)\n\n**\(control.title)** · \(control.severity.rawValue) · duty \(control.duty)")
        writer.text(" · \(control.subjectKinds.joined(separator: ", "))")
        if let since = control.minimumKubernetesVersion { writer.text(" · since Kubernetes \(since)") }
        writer.text("\n\n\(control.summary)\n\n**Fix:** \(control.remedy)\n")
        if !control.references.isEmpty {
            writer.text("\nReferences: \(control.references.map { "`\($0.phrase)`" }.joined(separator: ", "))\n")
        }
        for (title, examples) in [("Fails", control.failing), ("Passes", control.passing)] {
            for example in examples {
                let version = example.version.map { " (Kubernetes \($0))" } ?? ""
                writer.text("\n\(title)\(version):\n\n```yaml\n\(example.manifest)\n```\n")
            }
        }
    }
}

extension Reference {
    /// `pss baseline privileged`.
    var phrase: String { [framework, level, id].compactMap(\.self).joined(separator: " ") }
}
