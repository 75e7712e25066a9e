public import Blame
public import Controls
import Responsibility

/// Who introduced what, with the evidence, in the form that is asked for.
public struct BlameReport: Sendable {
    public enum Format: String, Sendable, CaseIterable { case table, json, markdown, html }

    let result: BlameResult
    /// The field that was asked for; empty for the object as a whole.
    let field: String
    let log: LogCounts
    let gaps: [Gap]
    let toolVersion: String
    let model: String

    public init(_ result: BlameResult, field: String, log: LogCounts, gaps: [Gap], model: String, toolVersion: String) {
        (self.result, self.field, self.log) = (result, field, log)
        (self.gaps, self.model, self.toolVersion) = (gaps, model, toolVersion)
    }

    public func write(as format: Format, options: ReportOptions = ReportOptions(), to sink: @escaping ByteSink) throws {
        var writer = ByteWriter(sink: sink)
        switch format {
        case .table: BlameTable(self, options).write(to: &writer)
        case .json: writeJSON(to: &writer)
        case .markdown: BlameMarkdown(self).write(to: &writer)
        case .html: BlamePage(self).write(to: &writer)
        }
        try writer.finish()
    }

    // MARK: - Words that every form shares

    var title: String { field.isEmpty ? "\(result.subject)" : "\(field) of \(result.subject)" }

    /// The answer, one statement a row: what, and how sure.
    var statements: [(label: String, text: String)] {
        var rows: [(String, String)] = []
        if let answer = result.introduced {
            if let value = result.answers.first?.shownValue { rows.append(("Value", value)) }
            rows.append(("Introduced by", "\(answer.who ?? "nobody who is named") (\(answer.strength.rawValue))"))
            if !answer.time.isEmpty { rows.append(("When", answer.time)) }
            if let actor = answer.actor {
                if !actor.addresses.isEmpty { rows.append(("From", actor.addresses.joined(separator: ", "))) }
                if !actor.tool.isEmpty { rows.append(("Through", "\(actor.tool), as it calls itself")) }
            }
            if !answer.request.isEmpty { rows.append(("Request", answer.request)) }
            if !answer.evidence.isEmpty { rows.append(("Evidence", answer.evidence)) }
            for reason in answer.reasons { rows.append(("Note", reason)) }
        }
        if field.isEmpty, let last = lastChange {
            let more = last.details.count - 1 + last.furtherDetails
            let what = (last.details.first ?? "") + (more > 0 ? " and \(more) more" : "")
            rows.append(("Last changed by", "\(last.who) at \(last.time) (\(last.strength.rawValue)): \(what)"))
        }
        rows.append(("Answers", "\(result.party.rawValue) (\(result.partyStrength.rawValue)): \(result.partyReason)"))
        if result.grants.isEmpty { rows.append(("Grant", "none names it")) }
        for grant in result.grants {
            rows.append(
                (
                    "Grant",
                    "\(grant.key): \(grant.state), \(grant.accountable) answers until \(grant.expires)\(grant.privileges.isEmpty ? "" : "; \(grant.privileges.joined(separator: ", "))")"
                ))
        }
        if !result.trailEnd.isEmpty { rows.append(("Trail ends", result.trailEnd)) }
        return rows
    }

    /// The last request that changed the root: whoever made an object has not made all of it.
    private var lastChange: TimelineEntry? {
        let root = result.introduced?.subject ?? result.subject
        return result.timeline.last { entry in
            entry.subject == root && !entry.details.isEmpty && entry.request != result.introduced?.request
                && !entry.deed.hasPrefix("wrote the status")
        }
    }

    /// `Deployment shop/web patched by alice`, without the time.
    static func deed(_ entry: TimelineEntry) -> String {
        let count = entry.repetitions > 1 ? " ×\(entry.repetitions)" : ""
        return "\(entry.subject) \(entry.deed) by \(entry.who)\(count)"
    }

    /// What of an entry stands below its first line.
    static func details(_ entry: TimelineEntry) -> [String] {
        entry.details + (entry.furtherDetails > 0 ? ["and \(counted(entry.furtherDetails, "further change"))"] : [])
    }

    static func origin(_ entry: TimelineEntry) -> String {
        var parts: [String] = []
        if !entry.addresses.isEmpty { parts.append("from \(entry.addresses.joined(separator: ", "))") }
        if !entry.tool.isEmpty { parts.append("through \(entry.tool)") }
        if !entry.request.isEmpty { parts.append("request \(entry.request)") }
        return parts.joined(separator: " ")
    }

    /// What the log had that was not counted.
    var logRemarks: [String] {
        var remarks: [String] = []
        if log.lines > 0 {
            remarks.append(
                "log: \(counted(log.lines, "line")) from \(log.first.isEmpty ? "no event" : "\(log.first) to \(log.last)"), \(counted(log.needed, "event")) about this"
            )
        }
        let parts = [
            (log.unreadable, "unreadable"), (log.repeated, "repeated"), (log.late, "out of order"), (log.dropped, "left out for want of room"),
            (result.refused, "refused"), (result.trials, "dry run"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if !parts.isEmpty { remarks.append("not counted: \(parts.joined(separator: ", "))") }
        return remarks
    }

    var openQuestions: [String] {
        result.gaps + gaps.map { "\($0.source)\($0.line > 0 ? ":\($0.line)" : ""): \($0.message)" }
    }
}
