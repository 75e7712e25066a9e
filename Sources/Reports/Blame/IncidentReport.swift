public import Blame
public import Controls
import Responsibility

/// What happened, who is behind it, what the subject could do, and what is not known: for whoever handles an incident.
public struct IncidentReport: Sendable {
    public enum Format: String, Sendable, CaseIterable { case markdown, html, json }

    private let blame: BlameReport
    private let alerts: [Alert]
    private let radius: BlastRadius

    /// - Parameter result: with the alerts in its time line.
    public init(
        _ result: BlameResult, alerts: [Alert], radius: BlastRadius, log: LogCounts, gaps: [Gap], model: String, toolVersion: String
    ) {
        let open = gaps + radius.gaps.map { Gap(source: "blast radius", reason: .notObservable, message: $0) }
        blame = BlameReport(result, field: "", log: log, gaps: open, model: model, toolVersion: toolVersion)
        (self.alerts, self.radius) = (alerts, radius)
    }

    public func write(as format: Format, to sink: @escaping ByteSink) throws {
        var writer = ByteWriter(sink: sink)
        switch format {
        case .markdown: writeMarkdown(to: &writer)
        case .html: writePage(to: &writer)
        case .json: writeJSON(to: &writer)
        }
        try writer.finish()
    }

    private var title: String { "Incident: \(alerts.first?.rule ?? "") in \(blame.result.subject)" }

    /// The parts of what the subject could do, each with its lines; an empty part says what is not the case.
    private var parts: [(title: String, lines: [String], none: String)] {
        let common = radius.commonRights > 0 ? ["\(counted(radius.commonRights, "binding")) that the API server gives to everybody"] : []
        let more = radius.furtherConnections > 0 ? ["and \(counted(radius.furtherConnections, "further connection"))"] : []
        return [
            ("Rights of service account \(radius.account)", radius.rights + common, "No binding of the estate names it."),
            ("Way to the whole cluster", radius.takeover, "None is known in this estate."),
            ("The Pod and its node", radius.ofPod, "Nothing that takes down the wall to the node."),
            ("What it may connect to", radius.reaches + more, "Nothing that is known."),
            ("What may connect to it", radius.reachedBy, "Nothing that is known."),
        ]
    }

    // MARK: - Markdown

    private func writeMarkdown(to writer: inout ByteWriter) {
        writer.text("# \(Markdown.plain(title, limit: 400))\n\n## Alert\n\n")
        for alert in alerts {
            writer.text("| | |\n|---|---|\n")
            for (name, value) in Self.rows(alert) { writer.text("| \(Markdown.plain(name)) | \(Markdown.plain(value)) |\n") }
            writer.text("\n")
        }
        BlameMarkdown(blame).writeBody(to: &writer)
        writer.text("## Blast radius\n\n")
        for part in parts {
            writer.text("### \(Markdown.plain(part.title))\n\n")
            for line in part.lines { writer.text("- \(Markdown.plain(line))\n") }
            if part.lines.isEmpty { writer.text("\(part.none)\n") }
            writer.text("\n")
        }
    }

    private static func rows(_ alert: Alert) -> [(String, String)] {
        var rows = [("Source", "\(alert.source.rawValue) (\(alert.place))"), ("Rule", alert.rule)]
        if !alert.priority.isEmpty { rows.append(("Priority", alert.priority)) }
        if !alert.time.isEmpty { rows.append(("Time", alert.time)) }
        if !alert.output.isEmpty { rows.append(("Output", alert.output)) }
        return rows + alert.fields.map { ($0.name, $0.value) }
    }

    // MARK: - HTML

    private func writePage(to writer: inout ByteWriter) {
        PlainPage.begin("Demarc: incident", heading: title, facts: "model \(blame.model), demarc \(blame.toolVersion)", to: &writer)
        PlainPage.section("Alert", to: &writer) { writer in
            for alert in alerts { PlainPage.table([], Self.rows(alert).map { [$0.0, $0.1] }, to: &writer) }
        }
        BlamePage(blame).writeBody(to: &writer)
        PlainPage.section("Blast radius", to: &writer) { writer in
            PlainPage.table([], parts.map { [$0.title, $0.lines.isEmpty ? $0.none : $0.lines.joined(separator: "\n")] }, to: &writer)
        }
        PlainPage.end(to: &writer)
    }

    // MARK: - JSON

    private func writeJSON(to writer: inout ByteWriter) {
        writer.object { writer in
            writer.field("schemaVersion", "1")
            writer.object("tool") { writer in
                writer.field("name", "demarc")
                writer.field("version", blame.toolVersion)
            }
            writer.field("model", blame.model)
            writer.array("alerts") { writer in
                for alert in alerts {
                    writer.object { writer in
                        writer.field("source", alert.source.rawValue)
                        writer.field("rule", alert.rule)
                        writer.field("priority", alert.priority)
                        writer.field("time", alert.time)
                        writer.field("output", alert.output)
                        writer.object("fields") { writer in
                            for (name, value) in alert.fields {
                                writer.key(name)
                                writer.value(value)
                            }
                        }
                    }
                }
            }
            writer.object("blastRadius") { writer in
                writer.field("serviceAccount", radius.account)
                writer.list("rights", radius.rights)
                writer.list("takeover", radius.takeover)
                writer.list("pod", radius.ofPod)
                writer.list("reaches", radius.reaches)
                writer.list("reachedBy", radius.reachedBy)
                writer.field("furtherConnections", radius.furtherConnections)
            }
            blame.writeBody(to: &writer)
        }
        writer.text("\n")
    }
}
