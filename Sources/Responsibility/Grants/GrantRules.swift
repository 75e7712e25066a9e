import Documents

extension GrantLifeCycle {
    /// Whether somebody's decision about the spec as it is would count now.
    ///
    /// Whoever records decisions asks this first: a decision that cannot count would only make people believe that something was decided. What the
    /// evaluator does not count it does not count either way.
    ///
    /// - Returns: why not, with what helps; nil when it would count.
    public func refusal(of action: GrantDecision.Action, by username: String, groups: [String]) -> String? {
        let decision = GrantDecision(action: action, username: username, groups: groups, at: now, specHash: grant.specHash)
        if username.isEmpty || decision.person.isEmpty { return "a decision is somebody's, and nobody's name is given" }
        // Nobody keeps a grant alive by filling its list, or by a decision that is dated ahead.
        let most = action == .revoke ? PrivilegeGrant.mostDecisionsRead : PrivilegeGrant.mostDecisions - 16
        if grant.decisions.count >= most {
            return "there are \(grant.decisions.count) decisions about this grant, and it takes no more; apply with a new one"
        }
        if ![.revoke, .deny].contains(action), let later = grant.decisions.map(\.at).max(), later > now.advanced(bySeconds: 1) {
            return "a decision about this grant is dated \(later), which is still to come; check the clock"
        }
        switch action {
        case .apply: return refusalOfApplication(decision)
        case .approve: return refusalOfApproval(decision)
        case .deny: return refusalOfDenial(decision)
        case .accept: return refusalOfAcceptance(decision)
        case .breakGlass: return refusalOfEmergency(decision)
        case .revoke: return refusalOfRevocation()
        case .review: return refusalOfReview(decision)
        }
    }

    /// What a decision of a kind is about: the spec as it is, or, for a review, the one that was taken in an emergency, whatever `spec` says now.
    public func specHash(for action: GrantDecision.Action) -> String {
        action == .review ? unreviewed.last?.specHash ?? grant.specHash : grant.specHash
    }

    /// Why the spec as it is can never hold under the model, whatever is decided about it; nil when it can. Whoever writes such a spec is told at once.
    public var refusalOfSpec: String? { state.terms.accountable.namesPeople ? state.excess : state.terms.accountable.whyNobody }

    /// What no decision can mend.
    private var dead: String? {
        if state.isExpired { return "the grant expired at \(state.terms.expires); renew it" }
        if let revocation = state.record.revocation {
            return "the grant was revoked by \(revocation.username) at \(revocation.at); apply anew"
        }
        if state.record.replacement != nil { return "another spec has taken the place of this one; apply anew" }
        return state.rows.isEmpty ? state.remarks.first { $0.kind == .tooWide }?.message : nil
    }

    private func refusalOfApplication(_ decision: GrantDecision) -> String? {
        if state.isExpired { return "the grant expired at \(state.terms.expires); renew it" }
        if state.rows.isEmpty, let remark = state.remarks.first(where: { $0.kind == .tooWide }) { return remark.message }
        if let refusalOfSpec { return refusalOfSpec }
        if let application = state.record.application, state.record.denials.isEmpty {
            return "\(application.username) applied for this spec at \(application.at) already"
        }
        return nil
    }

    private func refusalOfApproval(_ decision: GrantDecision) -> String? {
        if let dead = dead ?? refusalOfSpec { return dead }
        if state.terms.isEmergency { return "an emergency is not approved; somebody reviews it when it is over" }
        if state.neededApprovals == 0 { return "the model asks for nobody's approval; \(state.terms.accountable.description) accepts the liability" }
        if state.record.application == nil { return "nobody has applied for the spec as it is now; look at it again when somebody has" }
        if state.record.applicants.contains(decision.person) {
            return "\(decision.username) applied for this; somebody else must approve it"
        }
        if let denial = state.record.denials.first(where: { $0.person != decision.person }) {
            return "\(denial.username) denied this at \(denial.at); \(denial.username) may approve it now, or somebody applies anew"
        }
        if state.record.approvals.contains(where: { $0.person == decision.person }) { return "\(decision.username) has approved this already" }
        if state.needsTwoKeys, state.terms.accountable.kind == .person, state.terms.accountable.name.utf8.elementsEqual(decision.username.utf8) {
            return "this privilege needs two keys, and \(decision.username) is who must accept it"
        }
        return nil
    }

    private func refusalOfDenial(_ decision: GrantDecision) -> String? {
        if let dead { return dead }
        if state.record.application == nil, state.neededApprovals > 0 { return "nobody has applied for the spec as it is now" }
        if state.record.denials.contains(where: { $0.person == decision.person }) { return "\(decision.username) has denied this already" }
        return nil
    }

    private func refusalOfAcceptance(_ decision: GrantDecision) -> String? {
        if let dead = dead ?? refusalOfSpec { return dead }
        if state.terms.isEmergency { return "this is an emergency; it is taken by the decision break-glass" }
        if let refusal = refusalOfLiability(decision) { return refusal }
        if let denial = state.record.denials.first { return "\(denial.username) denied this at \(denial.at)" }
        if state.neededApprovals > 0 {
            if state.record.application == nil { return "nobody has applied for the spec as it is now" }
            let missing = state.neededApprovals - state.approvers.count
            if missing > 0 { return "\(state.approvers.count) of \(state.neededApprovals) approvals are there; accept when it is approved" }
        }
        if state.needsTwoKeys, Set(state.acceptances.map(\.person)).union([decision.person]).isSubset(of: Set(state.record.approvals.map(\.person))) {
            return "this privilege needs two keys, and \(decision.username) approved it"
        }
        if state.acceptances.contains(where: { $0.person == decision.person }) { return "\(decision.username) has accepted this already" }
        return nil
    }

    private func refusalOfLiability(_ decision: GrantDecision) -> String? {
        let accountable = state.terms.accountable
        if Accountable.isMachine(decision.username) { return "\(decision.username) is no person, and the liability is accepted by people" }
        if !accountable.includes(username: decision.username, groups: decision.groups) {
            let who =
                accountable.kind == .team ? "\(decision.username) is in no group '\(accountable.name)'" : "\(decision.username) is somebody else"
            return "\(accountable.description) answers for this grant, and \(who)"
        }
        if let hash = model.liabilityHash, state.terms.liabilityTextHash != hash {
            return "the grant is about another liability text than that of model '\(model.name)'; write liabilityTextHash: \(hash) and apply anew"
        }
        return nil
    }

    private func refusalOfEmergency(_ decision: GrantDecision) -> String? {
        if let dead { return dead }
        guard state.terms.isEmergency else { return "the grant is no emergency; write spec.emergency: {reason: …}, or let somebody approve it" }
        guard let rule = model.breakGlass else { return "model '\(model.name)' has no emergency path" }
        if let refusal = refusalOfLiability(decision) { return refusal }
        if !rule.admits(decision.groups) {
            return "\(decision.username) is in none of the groups that may break the glass: \(rule.groups.joined(separator: ", "))"
        }
        if let refusalOfSpec { return refusalOfSpec }
        if state.terms.notBefore > now.advanced(bySeconds: BreakGlass.soon.seconds) {
            return "the grant begins at \(state.terms.notBefore); an emergency is now, so break the glass when it has come"
        }
        if grant.decisions.contains(where: { $0.action == .accept }) { return "an emergency needs a grant of its own; make a new one" }
        if let open = unreviewed.first {
            return "the emergency of \(open.at), by \(open.username), \(open.specHash == grant.specHash ? "is this one" : "was not reviewed yet")"
        }
        return state.acceptances.isEmpty ? nil : "\(decision.username) has taken this already"
    }

    private func refusalOfRevocation() -> String? {
        if grant.decisions.isEmpty { return "nobody has decided anything about this grant; delete it instead" }
        let last = grant.decisions.last { [.apply, .approve, .accept, .breakGlass, .revoke].contains($0.action) }
        if let last, last.action == .revoke { return "the grant was revoked by \(last.username) at \(last.at)" }
        return nil
    }

    private func refusalOfReview(_ decision: GrantDecision) -> String? {
        guard let use = unreviewed.last else { return "there is nothing to review: nobody broke the glass since the last review" }
        if use.person == decision.person { return "\(decision.username) broke the glass; somebody else must review it" }
        if grant.decisions.contains(where: { $0.action == .apply && $0.specHash == use.specHash && $0.person == decision.person }) {
            return "\(decision.username) applied for this; somebody else must review it"
        }
        let isRevoked = grant.decisions.contains { $0.action == .revoke && $0.at >= use.at }
        if use.specHash == grant.specHash, now < state.terms.expires, !isRevoked {
            return "it holds until \(state.terms.expires); review it when it is over, or revoke it first"
        }
        return nil
    }
}
