/// One request that did something to an object, as its history lists it.
public struct Change: Sendable {
    public enum Deed: String, Sendable {
        case created, updated, patched, applied, scaled, bound, evicted, deleted
        case wroteStatus = "wrote the status of"
        case addedContainer = "put a container into"
        /// `exec`, `attach`, `portforward`, `proxy`, a token: nothing of the object changes, but somebody got in.
        case entered
        /// Something else below the object.
        case acted = "acted on"
    }

    /// `auditID`
    public let id: String
    public let deed: Deed
    public let verb: String
    public let subresource: String
    public let object: ObjectName
    public let actor: Actor
    /// RFC 3339, in UTC.
    public let time: String
    public let code: Int
    public let level: AuditRecord.Level
    public let reason: String
    public let fieldManager: String
    public let place: AuditRecord.Place
    /// Admission webhooks that changed the object on its way, as the server noted them.
    public let webhooks: [String]
    /// Of a request for a token: the id of the one that was issued.
    public let issuedCredential: String
    /// What it changed, the first of them.
    public internal(set) var differences: [Difference] = []
    public internal(set) var differenceCount = 0
    /// The record has no body from which its effect could be told.
    public internal(set) var isBlind = false
    /// Number of the life of the object in which it came.
    public internal(set) var life = 0
}

/// What a history cannot say, and why.
public enum HistoryGap: Hashable, Sendable {
    /// The record begins with a request other than the creation.
    case beginsLater(String)
    /// Requests of which the log has no bodies, by their audit level.
    case noBody(Int)
    /// Something changed that no request in the record explains; seen at this time.
    case unexplained(String, FieldPath)
    /// A value differs, and nothing shows that no other request came before the one that shows it.
    case uncertain(String, FieldPath)
    /// A deletion of which the log has no body, so that it may have been a trial.
    case mayBeGone(String)
    /// The server failed while it worked, or the end of the request is not in the record.
    case unknownOutcome(String)
    /// The kind of patch is not in the record, and two kinds would differ.
    case unclearPatch(String)
    /// Server-side apply without an answer: what its sender has applied before and names no more is gone, unless others own it too.
    case unseenRemovals(String)
    /// The patch could not be followed.
    case brokenPatch(String, String)
    /// It was read in another version of the API, whose fields differ.
    case otherVersion(String)
    /// The object had more changes than are kept.
    case tooMany(Int)

    public var text: String {
        switch self {
        case .beginsLater(let time): "the record of the object begins at \(time), after it was created; who wrote what was there then is not in it"
        case .noBody(let count):
            "\(count) \(count == 1 ? "request" : "requests") changed it without a body in the log (audit level Metadata); log these at level RequestResponse"
        case .unexplained(let time, let path):
            "\(path.description.isEmpty ? "the object" : path.description) changed before \(time) by a request that is not in the record"
        case .uncertain(let time, let path):
            "\(path.description.isEmpty ? "the object" : path.description) differs after the request of \(time), and the record does not show that no other came before it"
        case .mayBeGone(let time): "a deletion of \(time) has no body in the log, so whether it deleted the object, or was a trial, is not known"
        case .unknownOutcome(let time): "a request of \(time) has no answer in the record, so whether it took effect is not known"
        case .unclearPatch(let time):
            "the log does not say of which kind the patch of \(time) is; it was read as a strategic merge patch, and another kind would replace whole lists"
        case .unseenRemovals(let time):
            "what the server-side apply of \(time) did not name any more may be gone, and the log has no answer that tells; log writes at level RequestResponse"
        case .brokenPatch(let time, let why): "the patch of \(time) could not be followed: \(why)"
        case .otherVersion(let time): "the request of \(time) used another version of the API; differences between the versions are nobody's change"
        case .tooMany(let count): "\(count) further changes are not listed"
        }
    }
}

/// One life of an object: from its creation to its deletion. A name may have several.
public struct Life: Sendable {
    /// Empty where the record has no answers.
    public internal(set) var uid = ""
    /// Number of the change that created it; nil when the record begins later.
    public internal(set) var created: Int?
    /// Number of the change that deleted it.
    public internal(set) var deleted: Int?
    /// The object as the last request left it.
    public internal(set) var state: BlamedField?
    /// Only what requests named is known of it.
    public internal(set) var isPartial = false
    /// The time of the last change or answer that showed it.
    public internal(set) var lastSeen = ""
    public internal(set) var gaps: [HistoryGap] = []

    static let mostGaps = 100

    mutating func note(_ gap: HistoryGap) {
        if case .noBody = gap, let index = gaps.firstIndex(where: { if case .noBody = $0 { true } else { false } }),
            case .noBody(let count) = gaps[index]
        {
            gaps[index] = .noBody(count + 1)
        } else if !gaps.contains(gap), gaps.count < Life.mostGaps {
            gaps.append(gap)
        }
    }
}
