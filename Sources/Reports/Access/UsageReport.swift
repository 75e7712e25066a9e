public import Access
public import Controls
import Kubernetes

/// What of the access that bindings give was used, and what would do instead.
public struct UsageReport: Sendable {
    public enum Format: String, Sendable, CaseIterable { case table, json, yaml }

    /// What was read of the audit log.
    public struct Log: Sendable {
        public var lines = 0
        /// Events that do not count: of requests that were refused, or that others tell the end of.
        public var refused = 0
        public var unfinished = 0
        public var unreadable = 0

        public init() {}
    }

    let phrases: AccessPhrases
    let usage: AccessUsage
    let log: Log
    let gaps: [Gap]
    let toolVersion: String

    public init(_ usage: AccessUsage, log: Log, gaps: [Gap], toolVersion: String) {
        phrases = AccessPhrases(usage.policy)
        self.usage = usage
        self.log = log
        self.gaps = gaps
        self.toolVersion = toolVersion
    }

    var policy: AccessPolicy { usage.policy }

    public func write(as format: Format, options: ReportOptions = ReportOptions(), to sink: @escaping ByteSink) throws {
        var writer = ByteWriter(sink: sink)
        switch format {
        case .table: UsageTable(self, options).write(to: &writer)
        case .json: writeJSON(to: &writer)
        case .yaml: writeManifests(to: &writer)
        }
        try writer.finish()
    }

    /// `from … to …`, or that there is nothing.
    var window: String { usage.events == 0 ? "no allowed request" : "\(usage.first) to \(usage.last)" }

    /// Those whom a binding names, each once, in its order.
    func subjects(of binding: Int) -> [Int] {
        var seen: Set<Int> = []
        return policy.bindings[binding].subjects.map { Int($0) }.filter { seen.insert($0).inserted }
    }

    /// The rules of a suggested role under its kind.
    static func kind(of role: SuggestedRole) -> String { role.namespace.isEmpty ? "ClusterRole" : "Role" }
}

/// The report for people: a block a binding, in the order of the estate.
private struct UsageTable {
    let report: UsageReport
    let style: TerminalStyle
    let width: Int
    let listsAll: Bool
    /// Longer lists of what was not used are left to those who ask for them.
    private static let shortList = 6

    init(_ report: UsageReport, _ options: ReportOptions) {
        self.report = report
        style = TerminalStyle(colour: options.colour)
        width = max(options.width ?? 100, 40)
        listsAll = options.verbose
    }

    func write(to writer: inout ByteWriter) {
        let usage = report.usage
        writer.text(style("Granted and used: \(report.window)", .bold) + "\n")
        writer.text("\(counted(report.log.lines, "line")) read, \(counted(usage.events, "allowed request")) counted\n")
        var names = SuggestedNames(usage.policy)
        var appeared: Set<Int> = []
        var absent: Set<Int> = []
        for binding in usage.bindings {
            for subject in report.subjects(of: binding) {
                if usage.appearances(of: subject) == 0 { absent.insert(subject) } else { appeared.insert(subject) }
            }
            write(binding, usage.suggestion(for: binding, names: &names), to: &writer)
        }
        writer.text("\n")
        if !absent.isEmpty {
            let list = absent.map { usage.policy.subjects[$0] }.sorted().map(\.description).joined(separator: ", ")
            paragraph("Never appeared (\(absent.count) of \(absent.count + appeared.count)): \(list)", indent: 0, to: &writer)
        }
        if usage.unexplained > 0 {
            paragraph(
                "No binding of the estate allows \(counted(usage.unexplained, "counted request")): the log is of another time or cluster, or something else than RBAC let them through.",
                indent: 0, to: &writer)
        }
        paragraph(
            "What the audit policy does not record looks unused. --format yaml prints the suggested roles.", indent: 0, to: &writer)
    }

    private func write(_ binding: Int, _ suggestion: Suggestion, to writer: inout ByteWriter) {
        let policy = report.policy
        guard let role = policy.bindings[binding].role else { return }
        let rules = report.usage.rules(of: binding)
        let (used, granted) = rules.reduce((0, 0)) { ($0.0 + $1.used, $0.1 + $1.granted) }
        let title = "\(report.phrases.binding(binding)) of \(report.phrases.role(role))"
        let place = report.phrases.place(policy.bindings[binding].origin)
        writer.text("\n\(style(TerminalText.clean(title), .bold))  \(style(TerminalText.clean(place), .dim))\n")
        paragraph("used \(used) of \(counted(granted, "permission")): \(verdict(suggestion))", indent: 2, to: &writer)
        let requests = report.usage.uses(of: binding).reduce(into: [Int: Int]()) { counts, use in
            counts[use.subject] = use.uses.values.reduce(0) { $0 + $1.count }
        }
        for subject in report.subjects(of: binding) {
            let isAbsent = report.usage.appearances(of: subject) == 0
            let what = requests[subject].map { counted($0, "request") } ?? (isAbsent ? "never appeared" : "appeared, but not by this binding")
            paragraph("\(policy.subjects[subject]): \(what)", indent: 4, to: &writer)
        }
        for (what, list) in [
            ("used", rules.map { ($0, $0.usedPermissions) }), ("never used", rules.map { ($0, $0.unused) }),
            ("not visible in a log", rules.map { ($0, $0.unobservable) }),
        ] {
            let lines = list.reduce(0) { $0 + $1.1.count }
            guard listsAll || lines <= UsageTable.shortList else {
                paragraph("\(what): \(counted(lines, "group")) of permissions; --verbose lists them", indent: 4, to: &writer)
                continue
            }
            for (rule, permissions) in list {
                let place = AccessPhrases.place(policy.roles[role].rules[rule.rule].rule.node)
                for some in permissions { self.permissions(what, some, place, to: &writer) }
            }
        }
    }

    private func permissions(_ what: String, _ permissions: Permissions, _ place: String, to writer: inout ByteWriter) {
        let text = "\(permissions.verbs.joined(separator: ", ")) on \(permissions.targets.joined(separator: ", "))"
        paragraph("\(what): \(text)  (\(place))", indent: 4, to: &writer)
    }

    private func verdict(_ suggestion: Suggestion) -> String {
        switch suggestion {
        case .keep: "as narrow as its use"
        case .remove: "remove the binding"
        case .keepSubjects(let subjects): "bind \(counted(subjects.count, "subject")) only"
        case .countless: "used for too many different things to suggest a role"
        case .narrow(let roles):
            "\(roles.map { "\(UsageReport.kind(of: $0)) \($0.namespace.isEmpty ? "" : $0.namespace + "/")\($0.name)" }.joined(separator: ", ")) would do"
        }
    }

    private func paragraph(_ text: String, indent: Int, to writer: inout ByteWriter) {
        let margin = String(repeating: " ", count: indent)
        for line in TerminalText.wrap(TerminalText.clean(text), to: width - indent, hanging: 2) {
            writer.text("\(margin)\(line)\n")
        }
    }
}
