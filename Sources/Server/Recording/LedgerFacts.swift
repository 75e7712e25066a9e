internal import Documents
internal import Kubernetes
internal import Ledger
internal import Responsibility

/// What stands in the cluster, or in files, and belongs into the ledger once: whoever keeps the ledger compares it with what is there. So
/// nothing is lost when a replica dies between a decision and its entry, and nothing is written twice. Pure.
struct LedgerFacts: Sendable {
    /// Objects of kind PrivilegeGrant.
    var grants: [KubernetesObject] = []
    /// Namespaces in which nothing is reviewed: who decided there is what somebody has written.
    var exempt: Set<String> = []
    var silences: [Silence] = []
    var model: (name: String, hash: String)?

    /// What the ledger lacks, the oldest first.
    func missing(in known: KnownRecords, at now: Timestamp) -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        for grant in grants { records += self.records(of: grant, at: now) }
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
                    .modelChanged, id: "model/\(known.models)/\(model.hash)", subject: "ResponsibilityModel \(model.name)", time: now, payload), at: 0
            )
        }
        return records
    }

    /// The decisions about a grant, and its end. What is none that this program knows is left to whoever judges grants.
    private func records(of grant: KubernetesObject, at now: Timestamp) -> [LedgerRecord] {
        let decisions = (try? grant.root["status"]["decisions"].items()).map(Array.init) ?? []
        let specHash = Responsibility.CanonicalJSON.digest(of: grant.spec)
        var isDecided = false
        var records: [LedgerRecord] = []
        for (position, decision) in decisions.enumerated() {
            guard let action = GrantDecision.Action(rawValue: decision["action"].text), let kind = LedgerRecord.Kind(action),
                let at = Timestamp(decision["at"].text)
            else { continue }
            let (actor, hash) = (decision["by"]["username"].text, decision["specHash"].text)
            isDecided = isDecided || hash == specHash && [.approve, .accept, .breakGlass].contains(action)
            var payload: [String: LedgerPayload] = [
                "groups": .texts(Self.groups(of: decision)), "position": .number(position), "specHash": .text(hash), "uid": .text(grant.uid),
                // Only what went through the webhook is surely that person's.
                "identity": .text(grant.uid.isEmpty || exempt.contains(grant.namespace) ? "recorded" : "authenticated"),
            ]
            if !decision["reason"].text.isEmpty { payload["reason"] = .text(decision["reason"].text) }
            // An application is written as often as somebody likes; what takes effect is kept whole.
            if hash == specHash, [.accept, .breakGlass].contains(action) { payload["spec"] = Self.text(of: grant.spec) }
            let id = Self.id(of: kind, by: actor, about: grant.displayName, at: "\(at)", specHash: hash)
            records.append(LedgerRecord(kind, id: id, actor: actor, subject: grant.displayName, time: at, payload))
        }
        if isDecided, let expires = Timestamp(grant.spec["expires"].text), expires <= now {
            records.append(
                LedgerRecord(
                    .grantExpired, id: "expired/\(grant.uid.isEmpty ? grant.displayName : grant.uid)/\(specHash)", subject: grant.displayName,
                    time: expires, ["specHash": .text(specHash), "uid": .text(grant.uid)]))
        }
        return records
    }

    /// The same, whoever enters a decision: a replica, or `demarc grant` with the ledger at hand.
    static func id(of kind: LedgerRecord.Kind, by actor: String, about subject: String, at time: String, specHash: String) -> String {
        Digest.sha256(Array([kind.rawValue, actor, subject, time, specHash].joined(separator: "\u{0}").utf8))
    }

    /// The text of the spec goes with what brings it in, where it fits.
    private static func text(of spec: Value) -> LedgerPayload? {
        let text = Responsibility.CanonicalJSON.text(of: spec)
        guard text.utf8.count < 32_768, (try? Ledger.CanonicalJSON.check(Array(text.utf8))) != nil else { return nil }
        return .raw(text)
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
        init?(_ entry: Entry) {
            guard let kind = LedgerRecord.Kind(rawValue: entry.kind),
                let root = DocumentTree.parse(entry.payload, source: "entry", syntax: .json).tree.roots.first
            else { return nil }
            self.kind = kind
            // Whoever entered a decision, it is known by itself.
            id =
                kind.isDecision
                ? LedgerFacts.id(of: kind, by: entry.actor, about: entry.subject, at: entry.time, specHash: root["specHash"].text) : root["id"].text
            model = kind == .modelChanged ? root["hash"].text : nil
            guard !id.isEmpty else { return nil }
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
