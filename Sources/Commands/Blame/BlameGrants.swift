internal import Blame
internal import Controls
internal import Documents
internal import Kubernetes
internal import Ledger
internal import Responsibility

/// What grants of the estate and a ledger say about a subject.
enum BlameGrants {
    /// Grants that name one of the objects of an answer, with where they stand at an instant.
    static func notes(about subjects: [Subject], in inventory: Inventory, model: ResponsibilityModel, now: Timestamp) -> [GrantNote] {
        let register = GrantRegister(inventory, controls: EveryControl.all, model: model, now: now)
        let standings = Dictionary(register.standings.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        return register.grants.filter { grant in
            subjects.contains { subject in
                guard grant.workload.kind == subject.kind, grant.namespace == subject.name.namespace else { return false }
                if let name = grant.workload.name { return name == subject.name.name }
                let object = inventory.object(kind: subject.kind, namespace: subject.name.namespace, name: subject.name.name)
                guard let labels = object?.pod?.labels else { return false }
                return grant.workload.labels.allSatisfy { (try? labels.entry(named: $0.key).string()) == $0.value }
            }
        }.map { grant in
            GrantNote(
                key: grant.key, state: standings[grant.key].map(\.state.rawValue) ?? "unknown", accountable: grant.accountable.description,
                expires: grant.expires.description,
                privileges: grant.privileges.map {
                    "\($0.control)\($0.container.isEmpty ? "" : " of \($0.container)")\($0.value.isEmpty ? "" : " \($0.value)")"
                },
                evidence: "\(grant.root.source):\(grant.root.position.line)")
        }
    }

    /// Entries of a ledger that name a subject or one of its grants.
    /// - Throws: `Failure` with code `incomplete` when the ledger cannot be read.
    static func entries(of path: String, about subjects: [Subject], grants: [GrantNote]) throws -> (entries: [TimelineEntry], gaps: [Gap]) {
        let source = try LedgerFiles.source(path)
        guard let root = subjects.last ?? subjects.first else { return ([], []) }
        var names = Set(grants.map(\.key))
        for subject in subjects {
            names.insert("\(subject.name.namespace)/\(subject.name.name)")
            names.insert("\(subject)")
            names.insert("\(subject.kind)/\(subject.name.namespace)/\(subject.name.name)")
        }
        var entries: [TimelineEntry] = []
        var gaps: [Gap] = []
        do {
            guard let checkpoint = try source.checkpoint() else {
                return ([], [Gap(source: path, reason: .unreadable, message: "the ledger has no checkpoint")])
            }
            for number in 0..<checkpoint.checkpoint.size {
                guard let bytes = try source.entry(number), let entry = try? Entry(bytes) else {
                    gaps.append(Gap(source: path, reason: .unreadable, message: "entry \(number) cannot be read; run demarc ledger verify \(path)"))
                    if gaps.count >= 20 { break }
                    continue
                }
                guard names.contains(where: { entry.subject == $0 || entry.subject.hasSuffix(" " + $0) || entry.subject.hasSuffix("/" + $0) }) else {
                    continue
                }
                // The signature is for `ledger verify` to check, with a key from outside.
                var line = TimelineEntry(
                    time: entry.time, subject: root, who: entry.actor, deed: entry.kind, strength: .recorded, evidence: "entry \(number) of \(path)")
                line.details = [entry.subject]
                entries.append(line)
            }
        } catch {
            throw Failure.incomplete("\(path): \(error)")
        }
        return (entries, gaps)
    }
}
