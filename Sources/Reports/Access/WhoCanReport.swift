public import Access
public import Controls
import Documents
import Kubernetes

/// Everybody who may do something, with the binding and the rule that allow it.
public struct WhoCanReport: Sendable {
    public enum Format: String, Sendable, CaseIterable { case table, json }

    private let phrases: AccessPhrases
    private let request: AccessRequest
    /// By subject, then by binding.
    private let reasons: [AccessReason]
    private let anywhere: Bool
    private let gaps: [Gap]
    private let toolVersion: String

    /// - Parameter anywhere: the reasons are those of all namespaces.
    public init(
        _ policy: AccessPolicy, request: AccessRequest, reasons: [AccessReason], anywhere: Bool, gaps: [Gap], toolVersion: String
    ) {
        phrases = AccessPhrases(policy)
        self.request = request
        self.reasons = reasons
        self.anywhere = anywhere
        self.gaps = gaps
        self.toolVersion = toolVersion
    }

    private var policy: AccessPolicy { phrases.policy }

    /// - Parameter showsAll: the table lists what the API server's own bindings give too; JSON always does.
    public func write(as format: Format, showsAll: Bool = false, options: ReportOptions = ReportOptions(), to sink: @escaping ByteSink) throws {
        var writer = ByteWriter(sink: sink)
        switch format {
        case .table: writeTable(showsAll: showsAll, options: options, to: &writer)
        case .json: writeJSON(to: &writer)
        }
        try writer.finish()
    }

    // MARK: - Table

    private func writeTable(showsAll: Bool, options: ReportOptions, to writer: inout ByteWriter) {
        let style = TerminalStyle(colour: options.colour)
        let shown = showsAll ? reasons : reasons.filter { !policy.isBootstrap($0) }
        let hidden = reasons.count - shown.count
        let subjects = Set(shown.map(\.subject)).count
        let asked = TerminalText.clean(AccessPhrases.request(request, anywhere: anywhere))
        let heading = subjects == 0 ? "nobody" : counted(subjects, "subject")
        writer.text(style("\(heading) can \(asked)", .bold) + "\n")
        var last: Int?
        for reason in shown {
            if reason.subject != last { writer.text("\n" + style(TerminalText.clean(policy.subjects[reason.subject].description), .bold) + "\n") }
            last = reason.subject
            write(reason, style, to: &writer)
        }
        writer.text("\n")
        if hidden > 0 {
            let all = Set(reasons.filter { policy.isBootstrap($0) }.map(\.subject)).count
            writer.text(style("The API server's own bindings allow it to \(counted(all, "subject")); --all-subjects lists them.\n", .dim))
        }
        writer.text(style("Members of the group \(Requester.mastersGroup) may do everything without a binding.\n", .dim))
    }

    private func write(_ reason: AccessReason, _ style: TerminalStyle, to writer: inout ByteWriter) {
        let binding = policy.bindings[reason.binding]
        let rule = phrases.rule(reason)
        let bound = "\(phrases.binding(reason.binding)) of \(phrases.role(reason.role))"
        writer.text("  \(TerminalText.clean(bound))  \(style(TerminalText.clean(phrases.place(binding.origin)), .dim))\n")
        let gathered = policy.roles[reason.role].isAggregated ? "\(policy.object(rule.origin).displayName): " : ""
        let text = TerminalText.clean("\(gathered)\(AccessPhrases.rule(rule.rule))")
        writer.text("    \(text)  \(style(TerminalText.clean(AccessPhrases.place(rule.rule.node)), .dim))\n")
    }

    // MARK: - JSON

    private func writeJSON(to writer: inout ByteWriter) {
        writer.object { writer in
            writer.field("schemaVersion", "1")
            writer.object("tool") { writer in
                writer.field("name", "demarc")
                writer.field("version", toolVersion)
            }
            writeRequest(to: &writer)
            writer.array("subjects") { writer in
                var start = 0
                while start < reasons.count {
                    let end = reasons[start...].firstIndex { $0.subject != reasons[start].subject } ?? reasons.count
                    write(reasons[start..<end], to: &writer)
                    start = end
                }
            }
            writer.gaps(gaps)
        }
        writer.text("\n")
    }

    private func writeRequest(to writer: inout ByteWriter) {
        writer.object("request") { writer in
            writer.field("verb", request.verb)
            switch request.target {
            case .resource(let resource, let namespace, let name):
                writer.field("group", resource.group)
                writer.field("resource", String(resource.path.prefix { $0 != "/" }))
                writer.field("subresource", resource.subresource)
                writer.field("name", name)
                writer.field("namespace", namespace)
                writer.field("anyNamespace", anywhere)
                writer.key("url")
                writer.null()
            case .url(let url):
                for key in ["group", "resource", "subresource", "name", "namespace"] as [StaticString] {
                    writer.key(key)
                    writer.null()
                }
                writer.field("anyNamespace", false)
                writer.field("url", url)
            }
        }
    }

    /// One subject with all its reasons.
    private func write(_ reasons: ArraySlice<AccessReason>, to writer: inout ByteWriter) {
        guard let first = reasons.first else { return }
        let subject = policy.subjects[first.subject]
        writer.line()
        writer.object { writer in
            writer.subject(subject)
            writer.array("grants") { writer in
                for reason in reasons {
                    writer.object { writer in
                        writer.object("binding", policy.object(policy.bindings[reason.binding].origin))
                        writer.object("role", policy.object(policy.roles[reason.role].origin))
                        writer.rule("rule", phrases.rule(reason), in: policy)
                        writer.field("bootstrap", policy.isBootstrap(reason))
                    }
                }
            }
        }
    }
}
