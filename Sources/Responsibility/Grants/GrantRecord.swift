import Documents

/// What the decisions of a grant say about one of its specs, as far as they still count.
///
/// The list only grows, so its order is the order in which things happened; where a decision is dated before one that stands in front of it, the
/// stricter of both readings counts. Three things take away what was decided before them:
///
/// - a revocation, about every spec;
/// - a denial, about its own spec, until whoever denied approves or somebody applies anew;
/// - the acceptance of another spec that took effect, so that a spec which was replaced never comes back by being written once more.
struct GrantRecord: Sendable {
    /// All who ever applied for this spec. None of them approves it from then on, also after a new application by somebody else.
    private(set) var applicants: Set<String> = []
    /// Approvals by somebody who had applied.
    private(set) var selfApprovals: [GrantDecision] = []
    /// The first application that counts.
    private(set) var application: GrantDecision?
    /// By others than the applicants, about what has been applied for.
    private(set) var approvals: [GrantDecision] = []
    private(set) var acceptances: [GrantDecision] = []
    private(set) var emergencies: [GrantDecision] = []
    /// Denials that nobody took back.
    private(set) var denials: [GrantDecision] = []
    /// The last one, unless somebody applied for this spec after it.
    private(set) var revocation: GrantDecision?
    /// The acceptance by which another spec took the place of this one, unless somebody applied for this one after it.
    private(set) var replacement: GrantDecision?
    /// Everything that counts, in order.
    private(set) var decisions: [GrantDecision] = []
    /// Whoever approved at any time and had not applied, whatever became of it.
    private(set) var everApproved: Set<String> = []
    private(set) var wasAccepted = false

    /// - Parameter tookEffect: of specs whose text is known, whether they ever came into force; of the others that is assumed.
    init(of specHash: String, in all: [GrantDecision], tookEffect: [String: Bool]) {
        var (revoked, replaced, denied) = (Cut(), Cut(), Cut())
        var byApplicants: Set<Int> = []
        for (index, decision) in all.enumerated() {
            let isOwn = decision.specHash == specHash
            switch decision.action {
            case .revoke: revoked.move(to: index, decision)
            case .accept where !isOwn && tookEffect[decision.specHash] ?? true: replaced.move(to: index, decision)
            case .deny where isOwn: denied.move(to: index, decision)
            case .apply where isOwn: applicants.insert(decision.person)
            case .approve where isOwn:
                if applicants.contains(decision.person) { byApplicants.insert(index) } else { everApproved.insert(decision.person) }
            case .accept where isOwn: wasAccepted = true
            default: break
            }
        }
        revocation = revoked.decision
        // Nothing takes the place of what nobody has decided anything about.
        let isReplaced = all.enumerated().contains { $1.specHash == specHash && $1.action != .revoke && !replaced.isBefore($0, $1) }
        replacement = isReplaced ? replaced.decision : nil
        for (index, decision) in all.enumerated() where decision.specHash == specHash && decision.action != .revoke {
            guard revoked.isBefore(index, decision), replaced.isBefore(index, decision) else { continue }
            take(decision, byApplicant: byApplicants.contains(index), afterDenial: denied.isBefore(index, decision))
        }
    }

    private mutating func take(_ decision: GrantDecision, byApplicant: Bool, afterDenial isAfterDenial: Bool) {
        decisions.append(decision)
        switch decision.action {
        case .apply:
            application = application ?? decision
            (revocation, replacement) = (nil, nil)
            denials.removeAll { $0.at <= decision.at }
        case .approve:
            denials.removeAll { $0.person == decision.person && $0.at <= decision.at }
            guard isAfterDenial else { return }
            if byApplicant { selfApprovals.append(decision) } else if application != nil { approvals.append(decision) }
        case .accept: if isAfterDenial { acceptances.append(decision) }
        case .breakGlass: if isAfterDenial { emergencies.append(decision) }
        case .deny: denials.append(decision)
        case .revoke, .review: break
        }
    }

    /// The last decision of a kind, behind which later ones count.
    private struct Cut {
        private(set) var decision: GrantDecision?
        private var index = -1
        private var at: Timestamp?

        mutating func move(to index: Int, _ decision: GrantDecision) {
            (self.index, self.decision) = (index, decision)
            at = max(at ?? decision.at, decision.at)
        }

        func isBefore(_ index: Int, _ decision: GrantDecision) -> Bool { index > self.index && at.map { decision.at >= $0 } ?? true }
    }
}

extension GrantDecision {
    /// The uses of an emergency's privileges that nobody else has looked at since they ended.
    ///
    /// - Parameter ends: of the specs whose text is known; a review before the end counts only where the grant was revoked.
    static func unreviewed(in decisions: [GrantDecision], ends: [String: Timestamp]) -> [GrantDecision] {
        var open: [(use: GrantDecision, isRevoked: Bool)] = []
        var applicants: [String: Set<String>] = [:]
        for decision in decisions {
            switch decision.action {
            case .apply: applicants[decision.specHash, default: []].insert(decision.person)
            case .breakGlass: open.append((decision, false))
            case .revoke: for index in open.indices { open[index].isRevoked = true }
            case .review:
                guard applicants[decision.specHash]?.contains(decision.person) != true else { continue }
                open.removeAll { use, isRevoked in
                    use.specHash == decision.specHash && use.person != decision.person && use.at <= decision.at
                        && (isRevoked || ends[use.specHash].map { $0 <= decision.at } ?? true)
                }
            case .approve, .deny, .accept: break
            }
        }
        return open.map(\.use)
    }
}
