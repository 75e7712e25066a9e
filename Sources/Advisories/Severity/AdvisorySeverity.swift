/// How bad an advisory is, as far as its record says.
public enum AdvisorySeverity: Int, Sendable, Comparable, CaseIterable {
    /// Scored, and the score is nought.
    case none
    case low, medium, high, critical
    /// Nobody said. Counts above all others where the worst of several is asked for: what is not known must not be played down.
    case unknown

    public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }

    public var noun: String {
        switch self {
        case .none: "none"
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .critical: "critical"
        case .unknown: "unrated"
        }
    }

    /// Qualitative rating of a score (CVSS 3.1, section 5).
    public init(score: Double) {
        switch score {
        case ..<0.1: self = .none
        case ..<4: self = .low
        case ..<7: self = .medium
        case ..<9: self = .high
        default: self = .critical
        }
    }

    /// The word of a distribution: Debian's urgency, Red Hat's and Ubuntu's rating. nil for a word that rates nothing
    /// (`not yet assigned`, `untriaged`).
    public init?(word: String) {
        // Debian once marked urgencies with stars that mean nothing here.
        switch word.lowercased().prefix(while: { $0 != "*" }) {
        case "unimportant", "negligible", "none": self = .none
        case "low": self = .low
        case "medium", "moderate": self = .medium
        case "high", "important": self = .high
        case "critical": self = .critical
        default: return nil
        }
    }

    /// The rating of a CVSS vector of version 2, 3.0, 3.1 or 4.0; nil for one that cannot be scored.
    public init?(vector: String) {
        guard let score = CVSS.score(of: vector) else { return nil }
        self.init(score: score)
    }
}
