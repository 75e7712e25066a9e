public import Controls
public import Documents
public import Kubernetes

/// All grants of an estate, judged once for one instant and found by the workload they name.
public struct GrantRegister: Sendable {
    struct Entry: Sendable {
        /// Under the terms that are judged: those in force, or else what is applied for.
        let grant: PrivilegeGrant
        let evaluation: GrantEvaluation
        var state: GrantState { evaluation.effective }
        /// Index of the document in the inventory.
        let object: Int
    }

    struct Malformed: Sendable {
        let object: Int
        let namespace: String
        let name: String
        let faults: [PlacedFault]
    }

    private struct Workload: Hashable {
        let namespace: String
        let kind: String
        /// Empty for grants with a selector.
        let name: String
    }

    let entries: [Entry]
    let malformed: [Malformed]
    private let byWorkload: [Workload: [Int]]
    /// Indexes of the entries, and of those that cannot be read.
    private let byNamespace: [String: (entries: [Int], malformed: [Int])]
    /// Grants that name a control: most findings are about one that no grant names.
    private let byControl: [String: Set<Int>]

    /// Reads the grants among the objects of an estate.
    ///
    /// - Parameters:
    ///   - controls: the catalogue that is judged: grants name its ids.
    ///   - now: the instant to judge for.
    public init(_ inventory: Inventory, controls: [Control], model: ResponsibilityModel, now: Timestamp) {
        var entries: [Entry] = []
        var malformed: [Malformed] = []
        if inventory.contains(kind: "PrivilegeGrant") {
            let controls = Dictionary(controls.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for (index, object) in inventory.objects.enumerated() where object.kind == "PrivilegeGrant" && object.group == "demarc.dev" {
                let reading = PrivilegeGrant.read(object)
                if let grant = reading.grant {
                    let evaluation = GrantEvaluation(of: grant, model: model, controls: controls, now: now)
                    entries.append(Entry(grant: grant.under(evaluation.effective.terms), evaluation: evaluation, object: index))
                } else {
                    malformed.append(Malformed(object: index, namespace: object.namespace, name: object.name, faults: reading.placed))
                }
            }
        }
        entries = GrantRegister.withOneEmergencyEach(entries)
        self.entries = entries
        self.malformed = malformed
        var byWorkload: [Workload: [Int]] = [:]
        for (index, entry) in entries.enumerated() {
            let workload = Workload(namespace: entry.grant.namespace, kind: entry.grant.workload.kind, name: entry.grant.workload.name ?? "")
            byWorkload[workload, default: []].append(index)
        }
        self.byWorkload = byWorkload
        var byNamespace: [String: (entries: [Int], malformed: [Int])] = [:]
        for (index, entry) in entries.enumerated() { byNamespace[entry.grant.namespace, default: ([], [])].entries.append(index) }
        for (index, grant) in malformed.enumerated() { byNamespace[grant.namespace, default: ([], [])].malformed.append(index) }
        self.byNamespace = byNamespace
        var byControl: [String: Set<Int>] = [:]
        for (index, entry) in entries.enumerated() {
            for terms in [entry.grant.terms, entry.evaluation.current.terms] {
                for privilege in terms.privileges { byControl[privilege.control, default: []].insert(index) }
            }
        }
        self.byControl = byControl
    }

    /// A second emergency of a person, or for a workload, waits until the first has been reviewed, in whichever grants they are.
    private static func withOneEmergencyEach(_ entries: [Entry]) -> [Entry] {
        let open = OpenEmergencies(entries)
        return entries.map { entry in
            guard let own = entry.evaluation.emergency, let (use, key) = open.other(than: own, by: own.person, in: entry) else { return entry }
            return Entry(grant: entry.grant, evaluation: entry.evaluation.barred(by: use, of: key), object: entry.object)
        }
    }

    /// Why somebody may not break the glass with a grant: an emergency of theirs, or for the same workload, that waits for its review in another one.
    ///
    /// - Parameter key: of that grant.
    public func refusalOfEmergency(by username: String, with key: String) -> String? {
        guard let own = entries.first(where: { $0.grant.key == key }) else { return nil }
        let person = GrantDecision(action: .breakGlass, username: username, groups: [], at: Timestamp(secondsSinceEpoch: 0), specHash: "").person
        return OpenEmergencies(entries).other(than: nil, by: person, in: own).map { $0.use.bar(of: $0.grant) }
    }

    public var grants: [PrivilegeGrant] { entries.map(\.grant) }

    /// What is wrong with grants that could not be read.
    public var faults: [DocumentFault] { malformed.flatMap { $0.faults.map(\.fault) } }
    var isEmpty: Bool { entries.isEmpty }

    /// Whether some grant names this root object, in force or not.
    public func names(_ root: KubernetesObject) -> Bool { !candidates(for: root).isEmpty }

    /// The hash of a grant's spec; nil where there is no such grant that can be read.
    public func specHash(of key: String) -> String? { entries.first { $0.grant.key == key }?.grant.specHash }

    /// Whether a grant is in force for at least one of its privileges.
    public func isInForce(_ key: String) -> Bool { entries.contains { $0.grant.key == key && $0.state.isInForce } }

    /// Whether a grant is in force for a privilege of this control.
    public func isInForce(_ key: String, for control: String) -> Bool {
        entries.contains { entry in
            entry.grant.key == key && entry.grant.privileges.enumerated().contains { $1.control == control && entry.state.isInForce($0) }
        }
    }

    /// Indexes of the entries, and of those that cannot be read, in some namespaces or in all.
    func indexes(in namespaces: Set<String>?) -> (entries: [Int], malformed: [Int]) {
        guard let namespaces else { return (Array(entries.indices), Array(malformed.indices)) }
        let found = namespaces.compactMap { byNamespace[$0] }
        return (found.flatMap(\.entries).sorted(), found.flatMap(\.malformed).sorted())
    }

    /// Those of the candidates that name a control, in their order.
    func candidates(_ candidates: [Int], naming control: String) -> [Int] {
        guard let naming = byControl[control] else { return [] }
        return candidates.filter(naming.contains)
    }

    /// Grants that name this root object, in the order they were read.
    func candidates(for root: KubernetesObject) -> [Int] {
        guard !entries.isEmpty, let pod = root.pod else { return [] }
        var candidates = byWorkload[Workload(namespace: root.namespace, kind: root.kind, name: root.name)] ?? []
        for index in byWorkload[Workload(namespace: root.namespace, kind: root.kind, name: "")] ?? []
        where entries[index].grant.workload.selects(pod) {
            candidates.append(index)
        }
        return candidates.filter { entries[$0].grant.workload.isOfGroup(of: root) }
    }
}

extension GrantedWorkload {
    /// Whether the kind is the one the grant means: a grant for a StatefulSet is none for another project's StatefulSet.
    func isOfGroup(of object: KubernetesObject) -> Bool {
        if let apiGroup { return apiGroup == object.group }
        return !object.isForeignNamesake
    }

    /// Whether a Pod carries all labels of the selector.
    func selects(_ pod: PodSpec) -> Bool {
        labels.allSatisfy { label, value in (try? pod.labels.entry(named: label).string()) == value }
    }
}
