public import Controls
public import Documents

/// Where a grant stands in its life at an instant: the conditions as they should be, one word for it, who is to act, and what is due.
///
/// Pure, and built on the evaluator that webhook, scan and reports ask: what this calls active is what lets a Pod in. Conditions that the grant
/// carries are not looked at, except to keep the time of their last transition and to obey a Denied or Revoked that somebody set by hand.
public struct GrantLifeCycle: Sendable {
    /// Whether the privileges are used, as far as somebody knows.
    public enum Usage: Sendable, Equatable {
        case unknown, used, unused
    }

    public let grant: PrivilegeGrant
    public let model: ResponsibilityModel
    public let now: Timestamp
    let evaluation: GrantEvaluation
    private let usage: Usage

    /// - Parameters:
    ///   - grant: as read, with the decisions there are.
    ///   - controls: the catalogue by id.
    ///   - now: the instant to judge for.
    public init(of grant: PrivilegeGrant, model: ResponsibilityModel, controls: [String: Control], now: Timestamp, usage: Usage = .unknown) {
        (self.grant, self.model, self.now, self.usage) = (grant, model, now, usage)
        evaluation = GrantEvaluation(of: grant, model: model, controls: controls, now: now)
    }

    /// In force for at least one of its privileges.
    public var isInForce: Bool { evaluation.inForce != nil }
    /// The spec that holds: the current one, a former one while the current waits, nil for none.
    public var termsInForce: GrantTerms? { evaluation.inForce?.terms }
    /// The end of what holds, and of what was decided to hold after it; nil for nothing.
    public var heldUntil: Timestamp? {
        ([evaluation.current] + evaluation.former).filter { $0.isInForce || $0.willHold }.map(\.terms.expires).max()
    }
    /// In force although nobody approved it.
    public var isBypass: Bool { evaluation.inForce?.terms.isEmergency ?? false }
    /// Uses of an emergency's privileges that nobody else has looked at.
    public var unreviewed: [GrantDecision] { evaluation.unreviewed }
    /// How many different people must approve what is applied for.
    public var neededApprovals: Int { evaluation.current.neededApprovals }
    /// Who approved what is applied for and did not apply.
    public var approvers: [String] { evaluation.current.approvers.sorted() }
    /// What keeps the spec as it is from being in force, for people; empty when nothing does.
    public var obstacles: [String] {
        let state = evaluation.current
        return state.isInForce ? [] : state.remarks.map(\.message) + (state.isEarly ? ["it begins at \(state.terms.notBefore)"] : [])
    }
    /// What makes it wider than need be though it is in force.
    public var remarks: [String] { evaluation.inForce?.remarks.map(\.message) ?? [] }

    public var phase: GrantPhase {
        if let inForce = evaluation.inForce { return inForce.isExpiring(at: now) && !evaluation.isContinued ? .expiring : .active }
        let state = evaluation.current
        if state.record.revocation != nil || isSaidByHand(.revoked, .revoke) { return .revoked }
        if state.record.replacement != nil { return .superseded }
        if state.isExpired { return .expired }
        if !state.record.denials.isEmpty || isSaidByHand(.denied, .deny) { return .denied }
        if state.willHold { return .early }
        if state.isApproved, hasApplication, state.acceptances.isEmpty { return state.neededApprovals > 0 ? .approved : .applied }
        return !state.acceptances.isEmpty && !state.isApproved ? .accepted : .applied
    }

    public var next: GrantNext {
        let state = evaluation.current
        let accountable = state.terms.accountable
        switch phase {
        case .active where state.isInForce || state.willHold, .early: return unreviewed.isEmpty || isBypass ? .nobody : .reviewer
        case .expiring where state.isInForce: return .owner(accountable)
        case .expired: return unreviewed.isEmpty ? .owner(accountable) : .reviewer
        case .revoked, .denied, .superseded: return unreviewed.isEmpty ? .applicant : .reviewer
        case .active, .expiring, .applied, .approved, .accepted:
            // Nothing that others decide helps; it is written anew.
            if refusalOfSpec != nil { return .applicant }
            if state.terms.isEmergency { return .accountable(accountable) }
            if !state.record.denials.isEmpty { return .applicant }
            if state.record.application == nil, state.neededApprovals > 0 { return .applicant }
            let missing = state.neededApprovals - state.approvers.count
            return missing > 0 ? .approvers(missing) : state.acceptances.isEmpty ? .accountable(accountable) : .applicant
        }
    }

    /// Reminders of what is in force that are still to come.
    public var pendingReminders: [GrantReminder] { reminders.filter { $0.at > now } }
    /// The latest reminder that is due; nil when none is, or when another period follows.
    public var dueReminder: GrantReminder? { reminders.last { $0.at <= now } }

    private var reminders: [GrantReminder] {
        guard let inForce = evaluation.inForce, !evaluation.isContinued else { return [] }
        return GrantReminder.all(of: inForce.terms)
    }

    /// The next instant at which time alone changes any of this.
    public var nextChange: Timestamp? { (evaluation.instants + grant.decisions.map(\.at)).filter { $0 > now }.min() }

    var hasApplication: Bool { evaluation.current.record.application != nil || evaluation.current.neededApprovals == 0 }

    /// A condition that nobody's decision explains: somebody wrote it by hand and meant it.
    private func isSaidByHand(_ kind: GrantCondition.Kind, _ action: GrantDecision.Action) -> Bool {
        grant.conditions.contains(kind.rawValue) && !grant.decisions.contains { $0.action == action }
    }
}

extension GrantLifeCycle {
    /// All conditions, in the order of a grant's life.
    public var conditions: [GrantCondition] { GrantCondition.Kind.allCases.map(condition) }

    /// The part of `status` that follows from the rest: conditions, phase, the specs that hold or will, and the generation judged. A merge patch
    /// of `status` with this leaves `decisions` and `usage` as they are.
    public var derivedStatus: [ManifestText.Entry] {
        var entries: [ManifestText.Entry] = [
            .init("phase", .text(phase.rawValue)), .init("conditions", .list(conditions.map(\.manifest))),
            .init("approvedSpecs", .list(approvedSpecs.map { ManifestText($0.place) })),
        ]
        if let generation { entries.append(.init("observedGeneration", .number(generation))) }
        return entries
    }

    /// The copies that `status.approvedSpecs` should hold: what is approved and accepted, and neither over nor replaced, in the order of acceptance.
    /// Written when somebody accepts, so that the text is there when `spec` changes.
    public var approvedSpecs: [GrantTerms] {
        let kept = (evaluation.former + [evaluation.current]).filter { state in
            !state.terms.isEmergency && !state.isExpired && state.record.wasAccepted && state.record.revocation == nil
                && state.record.replacement == nil && state.record.everApproved.count >= state.neededApprovals
        }
        return kept.suffix(PrivilegeGrant.mostApprovedSpecs).map(\.terms)
    }

    private var generation: Int64? { (try? grant.root["metadata"]["generation"].int()) ?? nil }

    private func condition(_ kind: GrantCondition.Kind) -> GrantCondition {
        let (status, reason, message) = verdict(kind)
        let written = (try? grant.root["status"]["conditions"].items())?.first { (try? $0["type"].string()) == kind.rawValue }
        var since = now
        if let written, (try? written["status"].string()) == status.rawValue, let text = try? written["lastTransitionTime"].string() {
            since = Timestamp(text) ?? now
        }
        return GrantCondition(
            kind: kind, status: status, reason: reason, message: message, observedGeneration: generation, lastTransitionTime: since)
    }

    private typealias Answer = (GrantCondition.Status, String, String)

    private func verdict(_ kind: GrantCondition.Kind) -> Answer {
        switch kind {
        case .applied: applied
        case .approved: approved
        case .denied: denied
        case .accepted: accepted
        case .active: active
        case .expired: expired
        case .revoked: revoked
        case .unused: unused
        case .superseded: superseded
        }
    }

    var state: GrantState { evaluation.current }

    private var applied: Answer {
        if let application = state.record.application {
            return (.yes, "Applied", "\(application.username) applied at \(application.at)")
        }
        let isChanged = !grant.decisions.isEmpty && state.record.decisions.isEmpty
        return (.no, isChanged ? "SpecChanged" : "NotApplied", "no decision that counts says who applied for this spec")
    }

    private var approved: Answer {
        if state.terms.isEmergency { return (.no, "BreakGlass", "an emergency is not approved but reviewed afterwards") }
        let needed = state.neededApprovals
        if needed == 0 { return (.yes, "NotNeeded", "the model asks for nobody's approval") }
        let approvers = state.approvers
        let count = "\(approvers.count) of \(needed) approvals"
        if state.isApproved, state.record.application != nil {
            return (.yes, "Approved", "\(count): \(approvers.sorted().joined(separator: ", "))")
        }
        if !state.record.denials.isEmpty { return (.no, "Denied", "the application is denied") }
        return (.no, "ApprovalsMissing", "\(count) by somebody else than the applicant")
    }

    private var denied: Answer {
        if let denial = state.record.denials.last { return (.yes, "Denied", text(denial)) }
        if isSaidByHand(.denied, .deny) { return (.yes, "WithoutDecision", "the condition was set, and no decision says by whom") }
        return (.no, "NotDenied", "nobody has denied this spec")
    }

    private var accepted: Answer {
        if let acceptance = state.acceptances.last {
            return (.yes, state.terms.isEmergency ? "BreakGlass" : "Accepted", "\(acceptance.username) accepted the liability at \(acceptance.at)")
        }
        if let other = state.record.acceptances.last {
            return (.no, "NotAccountable", "\(other.username) accepted, but \(state.terms.accountable.description) answers for it")
        }
        return (.no, "AcceptanceMissing", "\(state.terms.accountable.description) has not accepted the liability")
    }

    private var active: Answer {
        if let inForce = evaluation.inForce {
            let until = "until \(inForce.terms.expires)"
            if inForce.terms.isEmergency { return (.yes, "BreakGlass", "in force \(until) without any approval: \(inForce.terms.emergency ?? "")") }
            if inForce.terms.specHash == state.terms.specHash { return (.yes, "InForce", "in force \(until)") }
            return (.yes, "FormerSpecInForce", "the spec that was approved before holds \(until); the changed one does not yet: \(state.reason)")
        }
        let reason =
            switch phase {
            case .revoked: "Revoked"
            case .superseded: "Superseded"
            case .expired: "Expired"
            case .denied: "Denied"
            case .early: "NotYet"
            default: state.isDecided ? "NotGrantable" : "NotDecided"
            }
        return (.no, reason, state.reason)
    }

    private var expired: Answer {
        state.isExpired
            ? (.yes, "Expired", "the grant ended at \(state.terms.expires)") : (.no, "NotExpired", "the grant ends at \(state.terms.expires)")
    }

    private var revoked: Answer {
        if let revocation = state.record.revocation { return (.yes, "Revoked", text(revocation)) }
        if isSaidByHand(.revoked, .revoke) { return (.yes, "WithoutDecision", "the condition was set, and no decision says by whom") }
        return (.no, "NotRevoked", "nobody has revoked the grant")
    }

    private var unused: Answer {
        switch usage {
        case .unknown: (.unknown, "NotObserved", "nobody has looked at what is used")
        case .used: (.no, "Used", "privileges are used")
        case .unused: (.yes, "Unused", "no privilege is used")
        }
    }

    private var superseded: Answer {
        guard let other = state.record.replacement else { return (.no, "NotSuperseded", "no other spec has taken the place of this one") }
        return (.yes, "Superseded", "another spec was accepted by \(other.username) at \(other.at); apply anew to go back to this one")
    }

    private func text(_ decision: GrantDecision) -> String {
        "\(decision.username) at \(decision.at)\(decision.reason.isEmpty ? "" : ": \(decision.reason)")"
    }
}
