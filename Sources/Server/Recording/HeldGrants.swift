internal import Documents

/// Which grants the ledger says are in force, so that the end of one that somebody deletes is not missing from it. Pure.
///
/// What counts as decided is worked out from the entries alone, which are there when the grant is gone.
struct HeldGrants: Sendable, Equatable {
    /// What an entry says about a grant that is an object.
    struct Step: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            /// It was accepted, or taken in an emergency.
            case taken
            case denied, revoked, expired, deleted
        }

        let kind: Kind
        let uid: String
        let subject: String
        let specHash: String
        let time: Timestamp
        /// Of the spec; nil where the entry does not hold it.
        let begins: Timestamp?
        let ends: Timestamp?

        /// nil for what brings no grant into force and ends none.
        init?(_ entry: LedgerRecord.Kind, subject: String, time: String, payload: Value) {
            switch entry {
            case .grantAccept, .grantBreakGlass: kind = .taken
            case .grantDeny: kind = .denied
            case .grantRevoke: kind = .revoked
            case .grantExpired: kind = .expired
            case .grantDeleted: kind = .deleted
            default: return nil
            }
            guard let at = Timestamp(time), !payload["uid"].text.isEmpty else { return nil }
            (uid, self.subject, specHash, self.time) = (payload["uid"].text, subject, payload["specHash"].text, at)
            (begins, ends) = (Timestamp(payload["spec"]["notBefore"].text), Timestamp(payload["spec"]["expires"].text))
        }
    }

    /// A grant by what was accepted of it, the last one last.
    private struct Held: Sendable, Equatable {
        var subject = ""
        var taken: [Step] = []
        var last: Timestamp
    }

    private var held: [String: Held] = [:]

    mutating func take(_ step: Step) {
        var one = held[step.uid] ?? Held(last: step.time)
        (one.subject, one.last) = (step.subject, max(one.last, step.time))
        let index = one.taken.lastIndex { $0.specHash == step.specHash }
        switch step.kind {
        case .taken:
            if let index { one.taken.remove(at: index) }
            one.taken.append(step)
        case .denied where index.map { one.taken[$0].hasBegun(at: step.time) } == false:
            // What it was to replace holds on.
            if let index { one.taken.remove(at: index) }
        case .denied, .expired: if let index { one.taken.removeSubrange(...index) }
        case .revoked, .deleted: one.taken = []
        }
        held[step.uid] = one.taken.isEmpty ? nil : one
    }

    /// One that is gone though the last spec of it that began is not over.
    struct Gone: Equatable {
        let uid: String
        let subject: String
        let specHash: String
        let ends: Timestamp?
    }

    /// Those that are gone, by uid.
    func gone(at now: Timestamp, _ sight: GrantSight) -> [Gone] {
        held.sorted { $0.key < $1.key }.compactMap { uid, one in
            guard !sight.present.contains(uid), !sight.unreadable.contains(one.subject) else { return nil }
            // A watch that lags behind the ledger does not show yet what was entered.
            guard sight.seen.contains(uid) || one.last.advanced(bySeconds: GrantSight.lag) < sight.start else { return nil }
            guard let step = one.taken.last(where: { $0.hasBegun(at: now) }), step.ends.map({ now < $0 }) ?? true else { return nil }
            return Gone(uid: uid, subject: one.subject, specHash: step.specHash, ends: step.ends)
        }
    }
}

extension HeldGrants.Step {
    fileprivate func hasBegun(at now: Timestamp) -> Bool { begins.map { $0 <= now } ?? true }
}

/// What a replica sees of the grants of a cluster, when it surely sees all of them.
struct GrantSight: Sendable {
    /// Uids of those there are.
    let present: Set<String>
    /// Those that are there and cannot be read, as subjects of entries.
    let unreadable: Set<String>
    /// Uids of all that this replica has ever seen.
    let seen: Set<String>
    /// When it began to look. Everything that was entered well before that stood in what it listed first.
    let start: Timestamp

    /// Seconds by which clocks and lists may be behind.
    static let lag: Int64 = 60
}
