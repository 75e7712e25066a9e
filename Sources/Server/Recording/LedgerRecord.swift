internal import Documents
internal import Ledger
internal import Responsibility

/// Something to be remembered, before it has its place in the ledger.
struct LedgerRecord: Sendable, Hashable {
    /// Tells it from everything else that is recorded, whoever records it: what stands in the ledger is not written again.
    let id: String
    let kind: Kind
    /// Who did it, as the API server has authenticated them; the server's own name for what it does itself.
    let actor: String
    let subject: String
    let time: Timestamp
    let payload: LedgerPayload

    /// The server, where nobody else acts.
    static let server = "demarc"

    /// What there is to record. `docs/ledger.md` says what the payload of each holds.
    enum Kind: String, Sendable, CaseIterable {
        // `demarc grant` writes the same kinds.
        case grantApply = "grant.apply"
        case grantApprove = "grant.approve"
        case grantDeny = "grant.deny"
        case grantAccept = "grant.accept"
        case grantRevoke = "grant.revoke"
        case grantBreakGlass = "grant.break-glass"
        case grantReview = "grant.review"
        case grantExpired = "grant.expired"
        case grantDeleted = "grant.deleted"
        case admissionGranted = "admission.granted"
        case admissionDenied = "admission.denied"
        case webhookSilent = "webhook.silent"
        case modelChanged = "model.changed"
        case recordsLost = "records.lost"

        /// Recorded once for all time, and looked for in the whole ledger.
        var isFact: Bool {
            switch self {
            case .grantExpired, .grantDeleted, .webhookSilent, .modelChanged: true
            case .admissionGranted, .admissionDenied, .recordsLost: false
            default: isDecision
            }
        }

        /// What a person decided about a grant.
        var isDecision: Bool { action != nil }

        var action: GrantDecision.Action? { rawValue.hasPrefix("grant.") ? GrantDecision.Action(rawValue: String(rawValue.dropFirst(6))) : nil }

        init?(_ action: GrantDecision.Action) { self.init(rawValue: "grant.\(action.rawValue)") }
    }

    /// - Parameter payload: without `id`, which is added.
    init(_ kind: Kind, id: String, actor: String = server, subject: String, time: Timestamp, _ payload: [String: LedgerPayload]) {
        (self.kind, self.id, self.actor, self.subject, self.time) = (kind, id, actor, subject, time)
        self.payload = .object(payload.merging(["id": .text(id)]) { $1 })
    }

    func entry() throws(EntryError) -> Entry {
        try Entry(
            kind: kind.rawValue, actor: LedgerPayload.shortened(actor), subject: LedgerPayload.shortened(subject), time: time.description,
            payload: Array(payload.text.utf8))
    }
}

/// A payload in the one form in which it can be written (RFC 8785).
indirect enum LedgerPayload: Sendable, Hashable {
    case text(String)
    case number(Int)
    case list([LedgerPayload])
    /// Canonical JSON already.
    case raw(String)
    case object([String: LedgerPayload])

    /// Names of people and objects are shorter; whoever writes longer ones must not make an entry that the ledger refuses.
    private static let longestText = 1_024
    private static let longestList = 64

    /// Cut at a character, and marked.
    static func shortened(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        var (kept, bytes) = (String.UnicodeScalarView(), 0)
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > longestText { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }

    static func texts(_ texts: some Sequence<String>) -> LedgerPayload { .list(texts.map { .text($0) }) }

    var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .text(let string): text += Ledger.CanonicalJSON.quoted(LedgerPayload.shortened(string))
        case .number(let number): text += "\(number)"
        case .raw(let json): text += json
        case .list(let items): LedgerPayload.write("[", items.prefix(LedgerPayload.longestList), "]", to: &text) { $0.write(to: &$1) }
        case .object(let entries):
            LedgerPayload.write("{", entries.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }, "}", to: &text) { entry, text in
                text += Ledger.CanonicalJSON.quoted(entry.key) + ":"
                entry.value.write(to: &text)
            }
        }
    }

    private static func write<Items: Collection>(
        _ start: String, _ items: Items, _ end: String, to text: inout String, _ one: (Items.Element, inout String) -> Void
    ) {
        text += start
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            one(item, &text)
        }
        text += end
    }
}
