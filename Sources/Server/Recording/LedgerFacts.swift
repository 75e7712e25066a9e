internal import Documents
internal import Kubernetes
internal import Responsibility

/// What stands in the cluster, or in files, and belongs into the ledger once: whoever keeps the ledger compares it with what is there. So
/// nothing is lost when a replica dies between a decision and its entry, and nothing is written twice. Pure.
struct LedgerFacts: Sendable {
    /// Objects of kind PrivilegeGrant.
    var grants: [KubernetesObject] = []
    var silences: [Silence] = []
    var model: (name: String, hash: String)?

    /// What the ledger lacks, the oldest first.
    func missing(in known: KnownRecords, at now: Timestamp) -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        for grant in grants { records += LedgerFacts.records(of: grant, at: now) }
        records += silences.map { silence in
            LedgerRecord(
                .webhookSilent, id: "silence/\(silence)", subject: "webhook", time: silence.end,
                ["from": .text("\(silence.start)"), "to": .text("\(silence.end)")])
        }
        records.removeAll { known.contains(KnownRecords.Identity($0)) }
        records = records.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        if let model, known.model != model.hash {
            let payload: [String: LedgerPayload] = ["before": .text(known.model ?? ""), "hash": .text(model.hash)]
            records.insert(
                LedgerRecord(
                    .modelChanged, id: "model/\(known.models)/\(model.hash)", subject: "ResponsibilityModel \(model.name)", time: now, payload), at: 0)
        }
        return records
    }

    /// The decisions about a grant, and its end.
    private static func records(of grant: KubernetesObject, at now: Timestamp) -> [LedgerRecord] {
        let decisions = (try? grant.root["status"]["decisions"].items()).map(Array.init) ?? []
        // Grants in files have no uid: their place stands for it.
        let identity = grant.uid.isEmpty ? "file/\(grant.namespace)/\(grant.name)" : grant.uid
        let subject = grant.displayName
        var approved: Set<String> = []
        var records: [LedgerRecord] = []
        for (position, decision) in decisions.enumerated() {
            let action = decision["action"].text
            if action == "approve" { approved.insert(decision["specHash"].text) }
            let hash = Responsibility.CanonicalJSON.digest(of: decision)
            let payload: [String: LedgerPayload] = [
                "action": .text(action), "decision": .text(hash), "grant": .text(identity), "groups": .texts(groups(of: decision)),
                "position": .number(position), "reason": .text(decision["reason"].text), "specHash": .text(decision["specHash"].text),
            ]
            records.append(
                LedgerRecord(
                    .grantDecided, id: "grant/\(identity)/\(position)/\(hash)", actor: decision["by"]["username"].text, subject: subject,
                    time: Timestamp(decision["at"].text) ?? now, payload))
        }
        let specHash = Responsibility.CanonicalJSON.digest(of: grant.spec)
        if approved.contains(specHash), let expires = Timestamp(grant.spec["expires"].text), expires <= now {
            records.append(
                LedgerRecord(
                    .grantExpired, id: "expired/\(identity)/\(specHash)", subject: subject, time: expires,
                    ["grant": .text(identity), "specHash": .text(specHash)]))
        }
        return records
    }

    private static func groups(of decision: Value) -> [String] { (try? decision["by"]["groups"].strings()) ?? [] }

    /// When time alone makes something to record.
    func nextChange(after now: Timestamp) -> Timestamp? {
        grants.compactMap { Timestamp($0.spec["expires"].text) }.filter { $0 > now }.min()
    }
}

/// What a ledger has of all that is recorded. Pure.
struct KnownRecords: Sendable, Equatable {
    private var facts: Set<String> = []
    /// Of what is not asked for again and again only the newest: enough to see whether an append that failed had reached the disk.
    private var recent: Set<String> = []
    private var order: [String] = []
    private static let mostRecent = 16_384
    /// The model that was recorded last, and how many were.
    private(set) var model: String?
    private(set) var models = 0

    /// What tells an entry from all others.
    struct Identity: Sendable, Hashable {
        let kind: LedgerRecord.Kind
        let id: String
        /// The hash of a model, for the entries about those.
        let model: String?

        init(_ record: LedgerRecord) {
            (kind, id) = (record.kind, record.id)
            guard case .object(let payload) = record.payload, case .text(let hash)? = payload["hash"] else {
                model = nil
                return
            }
            model = hash
        }

        /// nil for what is none of the kinds that are recorded here.
        init?(kind: String, payload: [UInt8]) {
            guard let kind = LedgerRecord.Kind(rawValue: kind),
                let root = DocumentTree.parse(payload, source: "entry", syntax: .json).tree.roots.first, case let id = root["id"].text, !id.isEmpty
            else { return nil }
            (self.kind, self.id, model) = (kind, id, kind == .modelChanged ? root["hash"].text : nil)
        }
    }

    func contains(_ one: Identity) -> Bool { one.kind.isFact ? facts.contains(one.id) : recent.contains(one.id) }

    mutating func insert(_ one: Identity) {
        if one.kind.isFact {
            guard facts.insert(one.id).inserted, one.kind == .modelChanged else { return }
            return (model, models) = (one.model, models + 1)
        }
        guard recent.insert(one.id).inserted else { return }
        order.append(one.id)
        guard order.count > KnownRecords.mostRecent else { return }
        for id in order.prefix(KnownRecords.mostRecent / 2) { recent.remove(id) }
        order.removeFirst(KnownRecords.mostRecent / 2)
    }
}
