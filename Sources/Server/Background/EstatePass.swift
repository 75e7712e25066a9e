internal import Controls
internal import Documents
internal import Kubernetes
internal import Reports
internal import Responsibility

/// What judging goes by, the same for every pass.
struct JudgingRules: Sendable {
    var catalogue: Catalogue
    var model: ResponsibilityModel
    var settings: Settings
    var exceptions: ExceptionList
    /// By index of the control: `C5 Least privilege when creating containers`.
    let categories: [String]

    init(catalogue: Catalogue, model: ResponsibilityModel, settings: Settings = Settings(), exceptions: ExceptionList = ExceptionList()) {
        (self.catalogue, self.model, self.settings, self.exceptions) = (catalogue, model, settings, exceptions)
        categories = catalogue.controls.map { model.category(of: $0.duty) }
    }
}

/// What is said of one object: all that its report needs.
struct JudgedObject: Sendable, Equatable {
    let scope: PolicyReportScope
    /// Fails and accepted fails, worst first, at most `mostRows`.
    var rows: [PolicyReportRow]
    /// Rows beyond these, by verdict.
    var omitted: [Verdict: Int] = [:]

    /// Whoever writes an object decides how much there is to say of it, and all of it would be kept.
    static let mostRows = 1_000

    init(scope: PolicyReportScope, rows: [PolicyReportRow]) {
        self.scope = scope
        self.rows = rows
        guard rows.count > JudgedObject.mostRows else { return }
        let rest = rows[JudgedObject.mostRows...]
        // That it came in unseen is said in any case.
        let kept = rest.filter { $0.policy == PolicyReportRow.bypassPolicy }
        self.rows = rows.prefix(JudgedObject.mostRows) + kept
        omitted = rest.reduce(into: [:]) { if $1.policy != PolicyReportRow.bypassPolicy { $0[$1.verdict, default: 0] += 1 } }
    }
}

/// What findings are counted by.
struct Tally: Sendable, Hashable {
    let severity: Severity
    let party: String
}

/// What is said of one namespace, or of what is in none.
struct JudgedNamespace: Sendable, Equatable {
    /// Root objects that have findings, in the order of the estate.
    var objects: [JudgedObject] = []
    var gaps: [Gap] = []
    /// Pairs of control and subject: those that were to be judged, and those that could not.
    var evaluated = 0
    var notObservable = 0
    /// Findings for which a person must look, or which nobody could see.
    var open = 0
    /// Fails that nothing covers.
    var tally: [Tally: Int] = [:]
}

/// Judges a moment of the cluster, namespace by namespace. Pure.
///
/// The inventory always is the whole cluster, so what a pass says of a namespace is what a scan of the whole cluster says of it.
struct EstatePass: Sendable {
    let judge: EstateJudge
    private let rules: JudgingRules
    /// Where the objects of each namespace stand.
    private let ranges: [String: [Range<Int>]]
    /// Objects that are not here as a whole.
    private let cut: Set<Int>

    init(_ snapshot: EstateSnapshot, rules: JudgingRules, now: Timestamp, writes: (Inventory) -> (any WriteRecord)? = { _ in nil }) {
        self.init(snapshot.objects, cut: snapshot.cut, rules: rules, now: now, writes: writes)
    }

    /// - Parameters:
    ///   - cut: indexes of objects that are not here as a whole.
    ///   - writes: what is proven about who wrote what in these objects.
    init(
        _ objects: [KubernetesObject], cut: Set<Int> = [], rules: JudgingRules, now: Timestamp,
        writes: (Inventory) -> (any WriteRecord)? = { _ in nil }
    ) {
        let inventory = Inventory(objects)
        self.rules = rules
        self.cut = cut
        judge = EstateJudge(
            inventory: inventory, catalogue: rules.catalogue, model: rules.model, settings: rules.settings, now: now,
            exceptions: rules.exceptions, writes: writes(inventory))
        var ranges: [String: [Range<Int>]] = [:]
        var start = 0
        for index in objects.indices where index + 1 == objects.count || objects[index + 1].namespace != objects[index].namespace {
            ranges[objects[index].namespace, default: []].append(start..<index + 1)
            start = index + 1
        }
        self.ranges = ranges
    }

    /// Ascending, so that passes go the same way.
    var namespaces: [String] { ranges.keys.sorted() }

    /// - Parameter bypass: nil where no object can have come in unseen.
    /// - Returns: nil for a namespace in which there is nothing.
    func namespace(_ name: String, bypass: BypassInspector? = nil) -> JudgedNamespace? {
        guard let ranges = ranges[name] else { return nil }
        let part = judge.conclude(judge.judge(ranges), in: [name])
        var judged = JudgedNamespace(gaps: part.judgement.gaps.distinct)
        (judged.evaluated, judged.notObservable) = (part.judgement.evaluated, part.judgement.notObservable)
        // Of what was cut away nobody knows, so nothing of such an object is passed.
        let beginnings = cut.isEmpty ? [] : ranges.joined().filter(cut.contains).map { $0..<$0 + 1 }
        if !beginnings.isEmpty { judged.notObservable += judge.judge(beginnings).judgement.passed }
        judged.open = part.findings.count { $0.finding.verdict == .manual || $0.finding.verdict == .notObservable }
        let rows = rows(part.findings, bypass.map { unseen(ranges, $0) } ?? [])
        for row in rows.lazy.flatMap(\.rows) where row.verdict == .fail {
            judged.tally[Tally(severity: row.severity, party: row.party), default: 0] += 1
        }
        judged.objects = rows.map { JudgedObject(scope: PolicyReportScope(judge.inventory.objects[$0.root]), rows: $0.rows) }
        return judged
    }

    /// Findings by the object at the root of their chain of controllers. What several replicas have alike stands there once.
    private func rows(_ findings: [AttributedFinding], _ unseen: [(root: Int, row: PolicyReportRow)]) -> [(root: Int, rows: [PolicyReportRow])] {
        var rows: [Int: [PolicyReportRow]] = [:]
        for attributed in findings where attributed.finding.verdict == .fail || attributed.finding.verdict == .accepted {
            let index = attributed.finding.object
            let root = judge.inventory.rootIndex(of: index)
            rows[root, default: []].append(row(attributed, isOwn: root == index))
        }
        for (root, row) in unseen { rows[root, default: []].append(row) }
        return rows.sorted { $0.key < $1.key }.map { (root: $0.key, rows: EstatePass.ordered($0.value)) }
    }

    private func unseen(_ ranges: [Range<Int>], _ bypass: BypassInspector) -> [(root: Int, row: PolicyReportRow)] {
        ranges.joined().compactMap { index in
            guard let message = bypass(judge.inventory.objects[index]) else { return nil }
            var row = PolicyReportRow(bypass: message)
            let root = judge.inventory.rootIndex(of: index)
            if root != index { row.subject = judge.inventory.objects[index].kind }
            return (root, row)
        }
    }

    private func row(_ attributed: AttributedFinding, isOwn: Bool) -> PolicyReportRow {
        let object = judge.inventory.objects[attributed.finding.object]
        let index = attributed.finding.control
        var row = PolicyReportRow(attributed, control: rules.catalogue.controls[index], category: rules.categories[index], object: object)
        // Replicas come and go under names made by chance: what they have alike is one row, so neither name nor fingerprint stands in it.
        if !isOwn { (row.subject, row.fingerprint) = (object.kind, "") }
        return row
    }

    /// What an accepted finding of a replica has in common with that of its controller.
    private struct Accepted: Hashable {
        let policy, container, message: String
        let grant: String?

        init?(_ row: PolicyReportRow) {
            guard row.verdict == .accepted else { return nil }
            (policy, container, message, grant) = (row.policy, row.container, row.message, row.grant)
        }
    }

    /// Worst first, each once.
    private static func ordered(_ rows: [PolicyReportRow]) -> [PolicyReportRow] {
        var seen: Set<PolicyReportRow> = []
        let accepted = Set(rows.lazy.filter { $0.subject == nil }.compactMap(Accepted.init))
        let once = rows.filter { row in
            guard row.subject != nil else { return true }
            if let known = Accepted(row), accepted.contains(known) { return false }
            return seen.insert(row).inserted
        }
        return once.enumerated().sorted { one, other in
            if (one.element.verdict == .fail) != (other.element.verdict == .fail) { return one.element.verdict == .fail }
            if one.element.severity != other.element.severity { return one.element.severity > other.element.severity }
            return one.offset < other.offset
        }.map(\.element)
    }
}
