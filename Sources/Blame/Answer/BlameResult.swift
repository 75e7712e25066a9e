public import Responsibility

/// One line of what happened, with the evidence for it.
public struct TimelineEntry: Sendable {
    /// RFC 3339; empty where the record has none.
    public let time: String
    public let subject: Subject
    public let who: String
    /// `patched`, `created`.
    public let deed: String
    /// What it changed, each in words.
    public var details: [String] = []
    /// Of `details` that there was no room for.
    public var furtherDetails = 0
    public var tool = ""
    public var addresses: [String] = []
    /// `auditID`, empty for what is no audit event.
    public var request = ""
    public var code = 0
    public let strength: Attribution.Strength
    /// `audit.log:17`, `managedFields of deploy.yaml:1`.
    public let evidence: String
    /// How many like it came one after another, folded into this line.
    public var repetitions = 1

    public init(time: String, subject: Subject, who: String, deed: String, strength: Attribution.Strength, evidence: String) {
        (self.time, self.subject, self.who, self.deed, self.strength, self.evidence) = (time, subject, who, deed, strength, evidence)
    }
}

/// Who set a value, and how that is known.
public struct FieldAnswer: Sendable {
    public let subject: Subject
    public let path: FieldPath
    /// nil when the object does not have it. Not for people's eyes as it stands: see `shownValue`.
    var value: FieldValue?
    /// Who wrote it, in the record's words; nil when nothing names anybody.
    public var who: String?
    public var identity: Identity?
    public var actor: Actor?
    /// RFC 3339, empty when not known.
    public var time = ""
    /// `auditID`
    public var request = ""
    public var deed = ""
    public var strength: Attribution.Strength
    public var evidence = ""
    /// The request had the value in its body. If not, a default, a normal form or an admission plugin made it.
    public var wasAsked = true
    /// How it is known, or why it is not.
    public var reasons: [String] = []

    init(subject: Subject, path: FieldPath, strength: Attribution.Strength) {
        (self.subject, self.path, self.strength) = (subject, path, strength)
    }

    /// The value in words, but for what may be a secret; nil for a whole object and for what is not there.
    public var shownValue: String? { path.steps.isEmpty ? nil : value.map(shown) }

    func shown(_ value: FieldValue) -> String {
        path.hidesValue(of: subject) ? "(not shown)" : path.hiding(value, of: subject, but: path).summary(limit: 60)
    }
}

/// One step from what was asked to whoever is behind it.
public struct TrailStep: Sendable {
    public let text: String
    public let strength: Attribution.Strength
    public let evidence: String

    public init(_ text: String, _ strength: Attribution.Strength, evidence: String = "") {
        (self.text, self.strength, self.evidence) = (text, strength, evidence)
    }
}

/// A grant that has to do with the subject, with what the record says of it.
public struct GrantNote: Sendable {
    public let key: String
    public let state: String
    public let accountable: String
    public let expires: String
    /// Privileges, `control: value`.
    public let privileges: [String]
    public let evidence: String

    public init(key: String, state: String, accountable: String, expires: String, privileges: [String], evidence: String) {
        (self.key, self.state, self.accountable) = (key, state, accountable)
        (self.expires, self.privileges, self.evidence) = (expires, privileges, evidence)
    }
}

/// What was found out about one subject.
public struct BlameResult: Sendable {
    public let subject: Subject
    public internal(set) var uid = ""
    /// The subject and what owns it, up to the root.
    public internal(set) var chain: [Subject] = []
    /// Oldest first.
    public internal(set) var timeline: [TimelineEntry] = []
    /// Of the field that was asked for, or of the whole object.
    public internal(set) var answers: [FieldAnswer] = []
    public internal(set) var trail: [TrailStep] = []
    public internal(set) var trailEnd = ""
    public internal(set) var party: Party
    public internal(set) var partyStrength: Attribution.Strength
    public internal(set) var partyReason = ""
    public var grants: [GrantNote] = []
    /// Entries of a ledger about it.
    public var ledger: [TimelineEntry] = []
    public var gaps: [String] = []
    /// The service account of the subject's Pods by the record, nil where that does not tell.
    public internal(set) var serviceAccount: String?
    /// Requests that changed nothing.
    public internal(set) var refused = 0
    public internal(set) var trials = 0

    /// The last step of the answers: the one by whom it came in.
    public var introduced: FieldAnswer? { answers.last }
}
