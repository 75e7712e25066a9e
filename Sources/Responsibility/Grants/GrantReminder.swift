public import Documents

/// Word that a grant ends soon.
public struct GrantReminder: Sendable, Hashable {
    /// When it is due.
    public let at: Timestamp
    /// How long before the end that is.
    public let before: Span

    /// All reminders of a grant, in their order: 14 days, 3 days and 1 day before the end; the first of a shorter grant when half of it is over.
    public static func all(of terms: GrantTerms) -> [GrantReminder] {
        let first = min(Span.days(14), Span(seconds: terms.length.seconds / 2))
        return ([first] + [Span.days(3), .days(1)].filter { $0 < first }).map { before in
            GrantReminder(at: terms.expires.advanced(bySeconds: -before.seconds), before: before)
        }
    }
}

extension GrantState {
    /// The first reminder is due.
    func isExpiring(at now: Timestamp) -> Bool { GrantReminder.all(of: terms).first.map { $0.at <= now } ?? false }
}

extension GrantEvaluation {
    /// What holds now is followed without a gap by a spec that is approved and accepted.
    var isContinued: Bool {
        guard let inForce else { return false }
        return ([current] + former).contains { $0.willHold && $0.isEarly && $0.terms.notBefore <= inForce.terms.expires }
    }
}
