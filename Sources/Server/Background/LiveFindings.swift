internal import Controls
internal import Documents
internal import Reports
internal import Responsibility

/// What is known of a cluster at a moment: the verdicts of all namespaces, as of the last pass over each. Pure.
struct LiveFindings: Sendable, Equatable {
    private(set) var namespaces: [String: JudgedNamespace] = [:]
    /// What could not be read of the cluster.
    var gaps: [Gap] = []
    var grants: [GrantStanding] = []
    /// Up to which instant time was taken into account.
    private(set) var judgedAt: Timestamp?
    /// When time alone changes something next, and where.
    private(set) var next: (at: Timestamp, namespaces: Set<String>)?

    static func == (one: LiveFindings, other: LiveFindings) -> Bool {
        one.namespaces == other.namespaces && one.gaps == other.gaps && one.grants == other.grants
    }

    /// - Parameter result: nil where there is nothing any more.
    mutating func replace(_ namespace: String, with result: JudgedNamespace?) { namespaces[namespace] = result }

    /// Forgets the namespaces that are gone.
    mutating func keep(_ names: some Sequence<String>) {
        let kept = Set(names)
        namespaces = namespaces.filter { kept.contains($0.key) }
    }

    /// Takes over what a pass says beside its namespaces.
    mutating func conclude(_ pass: EstatePass, gaps: [Gap]) {
        self.gaps = gaps
        judgedAt = pass.judge.now
        grants = pass.judge.attributor.grants.standings
        next = pass.judge.attributor.grants.nextChange(after: pass.judge.now)
    }

    /// Judges a moment of the cluster, the given namespaces or all. Pauses between two of them may be made with `EstatePass` itself.
    mutating func judge(_ snapshot: EstateSnapshot, only namespaces: Set<String>? = nil, rules: JudgingRules, now: Timestamp) {
        let pass = EstatePass(snapshot, rules: rules, now: now)
        for name in namespaces?.sorted() ?? pass.namespaces { replace(name, with: pass.namespace(name)) }
        if namespaces == nil { keep(pass.namespaces) }
        conclude(pass, gaps: snapshot.gaps)
    }

    /// What each grant in force is used for, by its key, as of the last pass. Where not all that was found is kept, a grant that seems unused is left
    /// out: nobody knows.
    func grantUsage(at now: Timestamp) -> [String: GrantUsage] {
        var usage: [String: GrantUsage] = [:]
        let incomplete = Set(namespaces.filter { $0.value.objects.contains { !$0.omitted.isEmpty } }.keys)
        for grant in grants where grant.state == .active && !incomplete.contains(String(grant.key.prefix { $0 != "/" })) {
            usage[grant.key] = GrantUsage(seen: now)
        }
        for object in namespaces.values.lazy.flatMap(\.objects) {
            for row in object.rows where row.verdict == .accepted && row.basis == Attribution.Basis.grant.rawValue {
                guard let key = row.grant else { continue }
                usage[key, default: GrantUsage(seen: now)].privileges.insert(.init(control: row.policy, container: row.container))
            }
        }
        return usage
    }

    /// All gaps: of reading and of judging.
    var allGaps: [Gap] { gaps + namespaces.sorted { $0.key < $1.key }.flatMap(\.value.gaps) }

    /// What of all that was to be judged could be; 1 where nothing was to be.
    var coverage: Double {
        let evaluated = namespaces.values.reduce(0) { $0 + $1.evaluated }
        let lost = namespaces.values.reduce(0) { $0 + $1.notObservable }
        return evaluated == 0 ? 1 : Double(evaluated - lost) / Double(evaluated)
    }

    /// Objects with findings, by the name of their report.
    var reports: [String: JudgedObject] {
        var reports: [String: JudgedObject] = [:]
        for namespace in namespaces.values {
            for object in namespace.objects { if let uid = object.scope.uid { reports[uid] = object } }
        }
        return reports
    }
}
