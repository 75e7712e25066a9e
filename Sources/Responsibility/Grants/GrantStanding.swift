public import Documents

/// How a grant stands at an instant, for counting and for whoever waits for its end.
public struct GrantStanding: Sendable, Hashable {
    public enum State: String, Sendable, CaseIterable {
        /// In force for at least one of its privileges.
        case active
        /// Its time has not come yet.
        case early
        case expired
        /// Neither approved nor accepted as its tier asks, denied or revoked, or more than the model gives.
        case notInForce
        /// It cannot be read.
        case malformed
    }

    /// `namespace/name`.
    public let key: String
    public let state: State
    /// nil for one that cannot be read.
    public let expires: Timestamp?
    /// In force by break-glass: nobody approved it.
    public let isBypass: Bool
    /// How many uses of it in an emergency nobody else has looked at.
    public let unreviewed: Int

    public init(key: String, state: State, expires: Timestamp?, isBypass: Bool = false, unreviewed: Int = 0) {
        (self.key, self.state, self.expires) = (key, state, expires)
        (self.isBypass, self.unreviewed) = (isBypass, unreviewed)
    }
}

extension GrantRegister {
    /// All grants in the order they were read, those that cannot be read last.
    public var standings: [GrantStanding] {
        entries.map { entry in
            GrantStanding(
                key: entry.grant.key, state: entry.state.standing, expires: entry.grant.expires,
                isBypass: entry.state.isInForce && entry.grant.isEmergency, unreviewed: entry.evaluation.unreviewed.count)
        } + malformed.map { GrantStanding(key: "\($0.namespace)/\($0.name)", state: .malformed, expires: nil) }
    }

    /// The next instant at which time alone changes what is said of a grant or of what it covers, with the namespaces that it is about.
    public func nextChange(after now: Timestamp) -> (at: Timestamp, namespaces: Set<String>)? {
        var next: (at: Timestamp, namespaces: Set<String>)?
        for entry in entries {
            // A decision dated ahead counts from its day on.
            for instant in entry.evaluation.instants + entry.grant.decisions.map(\.at) where instant > now {
                if let known = next, known.at < instant { continue }
                if next?.at == instant { next?.namespaces.insert(entry.grant.namespace) } else { next = (instant, [entry.grant.namespace]) }
            }
        }
        return next
    }
}

extension GrantEvaluation {
    /// Instants at which time alone changes something: the beginnings, ends and reminders of all its specs.
    var instants: [Timestamp] {
        ([current] + former).flatMap { [$0.terms.notBefore, $0.terms.expires] + GrantReminder.all(of: $0.terms).map(\.at) }
    }
}

extension GrantState {
    fileprivate var standing: GrantStanding.State {
        if isInForce { return .active }
        if remarks.contains(where: { $0.kind == .expired }) { return .expired }
        return isEarly && !remarks.contains { $0.kind == .notApproved || $0.kind == .approvedByApplicant } ? .early : .notInForce
    }
}
