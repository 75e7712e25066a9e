/// Emergencies that nobody has reviewed. The first of each person, and for each workload, stands; the grant it is in does not matter.
struct OpenEmergencies {
    typealias Use = (use: GrantDecision, grant: String)

    /// Workloads that a grant is for, as far as a name tells them apart. Whom a selector means changes with every label, so one for a selector is taken
    /// to be for all workloads of its kind and account.
    private struct Workloads: Hashable {
        let namespace: String
        let kind: String
        let serviceAccountName: String
        /// nil for all of them.
        var name: String?

        init(of entry: GrantRegister.Entry) {
            let workload = entry.evaluation.current.terms.workload
            (namespace, kind) = (entry.grant.namespace, workload.kind)
            (serviceAccountName, name) = (workload.serviceAccountName, workload.name)
        }

        var all: Workloads {
            var all = self
            all.name = nil
            return all
        }
    }

    // Each holds the first use.
    private var byPerson: [String: Use] = [:]
    private var byName: [Workloads: Use] = [:]
    private var bySelector: [Workloads: Use] = [:]
    private var byAccount: [Workloads: Use] = [:]

    init(_ entries: [GrantRegister.Entry]) {
        let open = entries.flatMap { entry in entry.evaluation.unreviewed.map { (use: $0, entry: entry) } }
            .sorted { ($0.use.at, $0.entry.grant.key) < ($1.use.at, $1.entry.grant.key) }
        for (use, entry) in open {
            let (one, workloads) = ((use: use, grant: entry.grant.key), Workloads(of: entry))
            Self.keep(one, for: use.person, in: &byPerson)
            Self.keep(one, for: workloads.all, in: &byAccount)
            if workloads.name == nil { Self.keep(one, for: workloads, in: &bySelector) } else { Self.keep(one, for: workloads, in: &byName) }
        }
    }

    private static func keep<Key>(_ use: Use, for key: Key, in uses: inout [Key: Use]) { uses[key] = uses[key] ?? use }

    /// The one in another grant, by this person or for a workload of this entry, that came first.
    ///
    /// - Parameter own: the use that it would stand in the way of; nil for one that is about to be made.
    func other(than own: GrantDecision?, by person: String, in entry: GrantRegister.Entry) -> Use? {
        let (workloads, key) = (Workloads(of: entry), entry.grant.key)
        let same = workloads.name == nil ? [byAccount[workloads.all]] : [byName[workloads], bySelector[workloads.all]]
        return ([byPerson[person]] + same).compactMap(\.self).first { one in
            one.grant != key && (own.map { (one.use.at, one.grant) < ($0.at, key) } ?? true)
        }
    }
}
