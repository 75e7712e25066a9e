public import Access
public import Controls
import Documents
import Kubernetes

/// Who can take over the cluster, each way as a chain, and what to cut.
public struct RisksReport: Sendable {
    public enum Format: String, Sendable, CaseIterable { case table, json }

    /// Which ways are shown. The choice counts for the exit code too.
    public struct View: Sendable {
        /// nil shows every subject.
        public var subjects: Set<AccessSubject>?
        /// Ways at least this bad.
        public var severity: Technique.Severity
        /// Service accounts of this namespace, and ways that begin with a binding in it; nil for all.
        public var namespace: String?
        /// Components of the platform too.
        public var showsComponents: Bool

        public init(
            subjects: Set<AccessSubject>? = nil, severity: Technique.Severity = .medium, namespace: String? = nil, showsComponents: Bool = false
        ) {
            self.subjects = subjects
            self.severity = severity
            self.namespace = namespace
            self.showsComponents = showsComponents
        }
    }

    let analysis: EscalationAnalysis
    let phrases: AccessPhrases
    /// Ways of those whom somebody other than the API server gave one, by subject.
    public let paths: [EscalationPath]
    /// Ways of components of the platform, by subject; empty unless the view asks for them.
    public let components: [EscalationPath]
    let view: View
    let gaps: [Gap]
    let toolVersion: String

    public init(_ analysis: EscalationAnalysis, view: View = View(), gaps: [Gap], toolVersion: String) {
        self.analysis = analysis
        phrases = AccessPhrases(analysis.policy)
        self.view = view
        self.gaps = gaps
        self.toolVersion = toolVersion
        paths = analysis.exposed.compactMap(analysis.path).filter { view.shows($0, in: analysis) }
        components = view.showsComponents ? analysis.inherent.compactMap(analysis.path).filter { view.shows($0, in: analysis) } : []
    }

    public func write(as format: Format, options: ReportOptions = ReportOptions(), to sink: @escaping ByteSink) throws {
        var writer = ByteWriter(sink: sink)
        switch format {
        case .table: RisksTable(self, options).write(to: &writer)
        case .json: writeJSON(to: &writer)
        }
        try writer.finish()
    }

    /// What readers must know of how the ways were found.
    public var notes: [String] {
        var notes: [String] = []
        if analysis.lacksSecrets { notes.append("the estate holds no Secrets, so ways over tokens in Secrets are not seen") }
        return notes
    }

    /// What a gap says where the analysis left something out.
    public static let limitMessage = "roles name so many things in so many places that some ways were left out; look at them apart"

    // MARK: - Words

    func subject(_ path: EscalationPath) -> AccessSubject { analysis.subjects[path.subject] }

    /// `RoleBinding shop/editors`, or the rule of a role.
    func cut(_ cut: EscalationCut) -> String {
        switch cut {
        case .binding(let binding): phrases.binding(binding)
        case .rule(let role, let rule): "the rule \(AccessPhrases.rule(analysis.policy.roles[role].rules[rule].rule)) of \(phrases.role(role))"
        }
    }

    func place(_ cut: EscalationCut) -> String {
        switch cut {
        case .binding(let binding): phrases.place(analysis.policy.bindings[binding].origin)
        case .rule(let role, let rule): AccessPhrases.place(analysis.policy.roles[role].rules[rule].rule.node)
        }
    }

    func rule(_ grant: EscalationGrant) -> EffectiveRule? { grant.rule.map { analysis.policy.roles[grant.role].rules[$0] } }
}

extension RisksReport.View {
    func shows(_ path: EscalationPath, in analysis: EscalationAnalysis) -> Bool {
        let subject = analysis.subjects[path.subject]
        if let subjects, !subjects.contains(subject) { return false }
        guard path.severity >= severity else { return false }
        guard let namespace, subject.namespace != namespace else { return true }
        let first = path.steps.lazy.flatMap(\.grants).first { $0.binding != nil }?.binding
        return first.map { analysis.policy.bindings[$0].namespace == namespace } ?? false
    }
}

extension Technique.Severity {
    /// The same word in the scale of findings.
    public var finding: Severity {
        switch self {
        case .critical: .critical
        case .high: .high
        case .medium: .medium
        }
    }
}
