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
    /// nil where some of the grants may not be known.
    var sight: GrantSight?
    var silences: [Silence] = []
    var model: (name: String, hash: String)?

    /// What the ledger lacks, the oldest first.
    func missing(in known: KnownRecords, at now: Timestamp) -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        for grant in grants { records += self.records(of: grant, at: now, known) }
        if let sight { records += known.held.gone(at: now, sight).map { LedgerRecord($0, at: now) } }
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
    private func records(of grant: KubernetesObject, at now: Timestamp, _ known: KnownRecords) -> [LedgerRecord] {
        let decisions = (try? grant.root["status"]["decisions"].items()).map(Array.init) ?? []
        let specHash = Responsibility.CanonicalJSON.digest(of: grant.spec)
        var isDecided = false
        var seen: Set<String> = []
        var records: [LedgerRecord] = []
        for (position, decision) in decisions.enumerated() {
            guard let action = GrantDecision.Action(rawValue: decision["action"].text), let kind = LedgerRecord.Kind(action),
                let at = Timestamp(decision["at"].text)
            else { continue }
            // As an entry holds them, so that they are the same when they come out of the ledger again.
            let (actor, subject) = (LedgerPayload.shortened(decision["by"]["username"].text), LedgerPayload.shortened(grant.displayName))
            let (hash, uid) = (LedgerPayload.shortened(decision["specHash"].text), LedgerPayload.shortened(grant.uid))
            isDecided = isDecided || hash == specHash && [.approve, .accept, .breakGlass].contains(action)
            var payload: [String: LedgerPayload] = [
                "groups": .texts(Self.groups(of: decision)), "position": .number(position), "specHash": .text(hash), "uid": .text(uid),
                // Only what went through the webhook is surely that person's.
                "identity": .text(grant.uid.isEmpty || exempt.contains(grant.namespace) ? "recorded" : "authenticated"),
            ]
            if !decision["reason"].text.isEmpty { payload["reason"] = .text(decision["reason"].text) }
            // An application is written as often as somebody likes; what takes effect is kept whole.
            if hash == specHash, [.accept, .breakGlass].contains(action) { payload["spec"] = Self.text(of: grant.spec) }
            let decided = DecisionIdentity(
                kind: kind, actor: actor, subject: subject, time: "\(at)", specHash: hash, uid: uid, position: position)
            // An entry that does not say which decision of the same second it is about is about the first.
            if seen.insert(decided.loose).inserted, known.contains(loose: decided.loose) { continue }
            records.append(LedgerRecord(kind, id: decided.exact, actor: actor, subject: subject, time: at, payload))
        }
        if isDecided, let expires = Timestamp(grant.spec["expires"].text), expires <= now {
            records.append(
                LedgerRecord(
                    .grantExpired, id: "expired/\(grant.uid.isEmpty ? grant.displayName : grant.uid)/\(specHash)", subject: grant.displayName,
                    time: expires, ["specHash": .text(specHash), "uid": .text(grant.uid)]))
        }
        return records
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

extension LedgerRecord {
    /// Who deleted it stands in the audit log of the API server.
    fileprivate init(_ gone: HeldGrants.Gone, at now: Timestamp) {
        var payload: [String: LedgerPayload] = ["specHash": .text(gone.specHash), "uid": .text(gone.uid)]
        if let ends = gone.ends { payload["expires"] = .text("\(ends)") }
        self.init(.grantDeleted, id: "deleted/\(gone.uid)", subject: gone.subject, time: now, payload)
    }
}

/// What tells a decision from all others, whoever enters it: a replica, or `demarc grant` with the ledger at hand.
///
/// Times are whole seconds, and who decides may say the time within minutes. So somebody can decide the same twice at one time, and mean it: deny,
/// approve, deny. Only the place among the decisions, which the list keeps as it grows, tells those apart.
struct DecisionIdentity: Sendable {
    let kind: LedgerRecord.Kind
    let actor: String
    let subject: String
    let time: String
    let specHash: String
    let uid: String
    let position: Int

    var exact: String { digest([uid, "\(position)"]) }
    /// Of entries that say neither uid nor place, as `demarc grant` wrote them before it said the place.
    var loose: String { digest([]) }

    private func digest(_ more: [String]) -> String {
        Digest.sha256(Array(([kind.rawValue, actor, subject, time, specHash] + more).joined(separator: "\u{0}").utf8))
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
    private(set) var held = HeldGrants()

    /// What tells an entry from all others.
    struct Identity: Sendable, Hashable {
        let kind: LedgerRecord.Kind
        let id: String
        /// The hash of a model, for the entries about those.
        let model: String?
        /// What it says about a grant that somebody may delete.
        let step: HeldGrants.Step?

        init(_ record: LedgerRecord) {
            (kind, id, step) = (record.kind, record.id, nil)
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
            if kind.isDecision {
                // Whoever entered a decision, it is known by itself.
                let position = (try? root["position"].int()) ?? nil
                let decided = DecisionIdentity(
                    kind: kind, actor: entry.actor, subject: entry.subject, time: entry.time, specHash: root["specHash"].text,
                    uid: root["uid"].text, position: position.flatMap { Int(exactly: $0) } ?? 0)
                id = position == nil ? decided.loose : decided.exact
            } else {
                id = root["id"].text
            }
            model = kind == .modelChanged ? root["hash"].text : nil
            step = HeldGrants.Step(kind, subject: entry.subject, time: entry.time, payload: root)
            guard !id.isEmpty else { return nil }
        }
    }

    /// Whether an entry without a place is about a decision like this.
    func contains(loose id: String) -> Bool { facts.contains(id) }

    func contains(_ one: Identity) -> Bool { one.kind.isFact ? facts.contains(one.id) : recent.contains(one.id) }

    mutating func insert(_ one: Identity) {
        if one.kind.isFact {
            guard facts.insert(one.id).inserted else { return }
            if let step = one.step { held.take(step) }
            guard one.kind == .modelChanged else { return }
            return (model, models) = (one.model, models + 1)
        }
        guard recent.insert(one.id).inserted else { return }
        order.append(one.id)
        guard order.count > KnownRecords.mostRecent else { return }
        for id in order.prefix(KnownRecords.mostRecent / 2) { recent.remove(id) }
        order.removeFirst(KnownRecords.mostRecent / 2)
    }
}
