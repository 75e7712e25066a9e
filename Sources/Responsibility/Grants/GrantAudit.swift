public import Controls
public import Documents
import Kubernetes

/// Judges the grants of an estate by what they were used for, once everything else has been attributed.
public struct GrantAudit: Sendable {
    /// What judging the grants gave.
    public struct Result: Sendable {
        public let findings: [AttributedFinding]
        /// Counts for the coverage; its findings are left out, they stand above with who answers for them.
        public let counts: Judgement
    }

    private let attributor: Attributor
    private let controls: [Control]
    private let now: Timestamp
    /// Where a control stands in the catalogue.
    private let indexes: [String: Int]

    /// - Parameter controls: of the catalogue that was judged, with those of `GrantControls` that are wanted.
    public init(_ attributor: Attributor, controls: [Control], now: Timestamp) {
        self.attributor = attributor
        self.controls = controls
        self.now = now
        indexes = Dictionary(controls.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Parameters:
    ///   - attributed: every other finding of the estate, since one that is left out leaves its grant unused.
    ///   - namespaces: those whose grants are judged, and whose findings were given; nil for all. A grant is used in its own only.
    public func judge(_ attributed: [AttributedFinding], in namespaces: Set<String>? = nil) -> Result {
        let register = attributor.grants
        var findings: [Finding] = []
        var counts = Judgement()
        let asked = register.indexes(in: namespaces)
        for index in asked.malformed { judge(register.malformed[index], &findings, &counts) }
        guard !asked.entries.isEmpty else { return Result(findings: attribute(findings), counts: counts) }
        let used = uses(attributed, of: asked.entries)
        let judged = Set(controls.lazy.filter { if case .afterAttribution = $0.checks.last?.check { false } else { true } }.map(\.id))
        let workloads = SelectableWorkloads(asked.entries.map { register.entries[$0].grant }, attributor.inventory)
        for index in asked.entries {
            let entry = register.entries[index]
            let grantCase = GrantCase(
                grant: entry.grant, evaluation: entry.evaluation, used: used[index] ?? [], judged: judged,
                hasWorkload: workloads.contain(entry.grant),
                now: now)
            for control in GrantControls.judged {
                guard let position = indexes[control.control.id] else { continue }
                guard let complaints = control.complaints(grantCase) else {
                    counts.count(.notApplicable)
                    continue
                }
                counts.count(complaints.isEmpty ? .pass : .fail)
                findings += complaints.map { finding(position, entry.object, $0.place, $0.message) }
            }
        }
        findings.sort { $0.object < $1.object }
        return Result(findings: attribute(findings), counts: counts)
    }

    private func judge(_ malformed: GrantRegister.Malformed, _ findings: inout [Finding], _ counts: inout Judgement) {
        if let position = indexes[GrantControl.grantMalformed.control.id] {
            counts.count(.fail)
            findings += malformed.faults.map { finding(position, malformed.object, $0.place, "\($0.fault.message); \($0.fault.remedy)") }
        }
        // A grant that cannot be read is neither approved nor unused: it was not judged.
        for control in GrantControls.judged where indexes[control.control.id] != nil { counts.count(.notObservable) }
    }

    private func finding(_ control: Int, _ object: Int, _ place: Value, _ message: String) -> Finding {
        Finding(control: control, object: object, verdict: .fail, place: place, message: message, value: place.text)
    }

    /// Whoever is named in a grant answers for the grant itself too.
    private func attribute(_ findings: [Finding]) -> [AttributedFinding] {
        guard !findings.isEmpty else { return [] }
        let entries = Dictionary(attributor.grants.entries.map { ($0.object, $0.grant) }, uniquingKeysWith: { first, _ in first })
        return attributor.attribute(findings, controls: controls).map { attributed in
            guard let grant = entries[attributed.finding.object] else { return attributed }
            let text = "grant: \(grant.key) itself; \(grant.accountable.description) is accountable for it"
            let attribution = Attribution(
                party: .customer, principal: grant.accountable.name, basis: .grant, strength: .recorded, chain: [StepWords.grantDuty, text])
            return AttributedFinding(
                finding: attributed.finding, attribution: attribution, grant: attributed.grant, fingerprint: attributed.fingerprint)
        }
    }

    /// By index of the grant, the privileges that accepted something.
    private func uses(_ attributed: [AttributedFinding], of asked: [Int]) -> [Int: Set<Int>] {
        let entries = attributor.grants.entries
        let byKey = Dictionary(asked.map { (entries[$0].grant.key, $0) }, uniquingKeysWith: { first, _ in first })
        var uses: [Int: Set<Int>] = [:]
        for one in attributed where one.attribution.basis == .grant && one.finding.verdict == .accepted {
            guard let key = one.grant, let index = byKey[key] else { continue }
            let control = controls[one.finding.control]
            let value = one.finding.privilegeValue(control: control)
            for (position, privilege) in entries[index].grant.privileges.enumerated()
            where privilege.control == control.id && privilege.covers(one.finding, value: value) {
                uses[index, default: []].insert(position)
            }
        }
        return uses
    }
}

/// Finds the workload of a grant: by name through the inventory's index, by selector through one built here.
private struct SelectableWorkloads {
    private struct Place: Hashable {
        let namespace: String
        let kind: String
    }

    private let inventory: Inventory
    private var pods: [Place: [PodSpec]] = [:]

    init(_ grants: [PrivilegeGrant], _ inventory: Inventory) {
        self.inventory = inventory
        let places = Set(grants.lazy.filter { $0.workload.name == nil }.map { Place(namespace: $0.namespace, kind: $0.workload.kind) })
        for place in places {
            pods[place] = inventory.objects(ofKind: place.kind, namespace: place.namespace).compactMap(\.pod)
        }
    }

    func contain(_ grant: PrivilegeGrant) -> Bool {
        let workload = grant.workload
        if let name = workload.name { return inventory.object(kind: workload.kind, namespace: grant.namespace, name: name)?.pod != nil }
        return pods[Place(namespace: grant.namespace, kind: workload.kind)]?.contains(where: workload.selects) == true
    }
}
