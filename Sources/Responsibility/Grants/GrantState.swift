import Controls
import Documents

/// Something that keeps a grant from being in force, or makes it worse than it need be.
struct GrantRemark: Sendable {
    enum Kind: Sendable {
        case notApproved, approvedByApplicant, expired, tooWide
    }

    let kind: Kind
    let place: Value
    let message: String
}

/// Whether one spec of a grant holds at an instant under a model, and everything that speaks against it.
struct GrantState: Sendable {
    let terms: GrantTerms
    let record: GrantRecord
    /// Rows of the model, one a privilege that somebody can have.
    let rows: [Privilege]
    let remarks: [GrantRemark]
    /// As many as the model asks for approved, and the accountable person accepted.
    let isDecided: Bool
    /// Its time has not come yet; nothing is wrong with that.
    let isEarly: Bool
    let isExpired: Bool
    /// That it lasts longer than the model allows, with what helps: nothing that anybody decides makes it hold.
    let excess: String?
    /// Nothing but the time before its beginning keeps it from being in force.
    let willHold: Bool
    /// For each privilege, whether it is in force. Empty instead of all false.
    private let forces: [Bool]

    func isInForce(_ privilege: Int) -> Bool { forces.indices.contains(privilege) && forces[privilege] }
    var isInForce: Bool { forces.contains(true) }

    /// Why the grant does not hold, for a chain.
    var reason: String {
        remarks.first { $0.kind != .tooWide }?.message ?? (isEarly ? "it does not hold yet" : remarks.first?.message ?? "it holds")
    }

    /// How many different people must approve.
    var neededApprovals: Int { terms.isEmergency ? 0 : rows.map(\.approvals).max() ?? 0 }
    /// Who accepts must not be the only one who approved: where the model says so, and where a service account applied, which may be anybody's.
    var needsTwoKeys: Bool { rows.contains(where: \.needsTwoKeys) || record.application.map(\.isByServiceAccount) ?? false }
    /// People who approved and did not apply.
    var approvers: Set<String> { Set(record.approvals.map(\.person)) }
    var isApproved: Bool { record.denials.isEmpty && record.revocation == nil && record.replacement == nil && approvers.count >= neededApprovals }
    /// Acceptances by those who are accountable.
    var acceptances: [GrantDecision] {
        (terms.isEmergency ? record.emergencies : record.acceptances).filter { terms.accountable.includes(username: $0.username, groups: $0.groups) }
    }

    /// The same, kept from being in force by something outside of the grant.
    func barred(_ remark: GrantRemark) -> GrantState { GrantState(self, barredBy: remark) }

    private init(_ other: GrantState, barredBy remark: GrantRemark) {
        (terms, record, rows) = (other.terms, other.record, other.rows)
        (isEarly, isExpired, excess) = (other.isEarly, other.isExpired, other.excess)
        (isDecided, willHold, forces) = (false, false, [])
        remarks = other.remarks + [remark]
    }

    fileprivate init(
        _ terms: GrantTerms, of grant: PrivilegeGrant, record: GrantRecord, rows: [Privilege?], model: ResponsibilityModel,
        controls: [String: Control], now: Timestamp
    ) {
        (self.terms, self.record) = (terms, record)
        var judge = GrantJudge(grant: grant, terms: terms, record: record, model: model, now: now)
        var forces = zip(terms.privileges, rows).map { judge.privilege($0, row: $1, isKnown: controls[$0.control] != nil) }
        let granted = zip(rows, forces).compactMap { $1 ? $0 : nil }
        isDecided = judge.decisions(rows: granted)
        let isTimely = judge.time(rows: granted)
        judge.breadth()
        excess = judge.excess
        isEarly = now < terms.notBefore
        isExpired = now >= terms.expires
        willHold = isDecided && isTimely && forces.contains(true)
        if !isDecided || !isTimely || isEarly { forces = [] }
        self.forces = forces
        self.rows = granted
        remarks = judge.remarks
    }
}

/// The one evaluator of grants: webhook, scan, background controller, life cycle and reports all ask this.
struct GrantEvaluation: Sendable {
    /// Of what `spec` says.
    let current: GrantState
    /// Of the specs that were approved and accepted before, without the current one.
    let former: [GrantState]
    /// Uses of an emergency's privileges that nobody else has looked at.
    let unreviewed: [GrantDecision]

    /// What holds now: the current spec, a former one while the current is not decided or not yet begun, or nothing.
    var inForce: GrantState? { current.isInForce ? current : former.last(where: \.isInForce) }
    /// What is judged: what holds, or else the current spec with all that speaks against it.
    var effective: GrantState { inForce ?? current }

    /// - Parameter controls: by id.
    init(of grant: PrivilegeGrant, model: ResponsibilityModel, controls: [String: Control], now: Timestamp) {
        var known = [grant.terms]
        for terms in grant.approvedTerms where !known.contains(where: { $0.specHash == terms.specHash }) { known.append(terms) }
        let rows = known.map { terms in
            terms.privileges.map { privilege in controls[privilege.control].flatMap { model.privilege(for: $0, value: privilege.value) } }
        }
        var tookEffect: [String: Bool] = [:]
        for (terms, rows) in zip(known, rows) {
            tookEffect[terms.specHash] = GrantEvaluation.tookEffect(terms, rows, model, grant.decisions, now)
        }
        let states = zip(known, rows).map { terms, rows in
            GrantState(
                terms, of: grant, record: GrantRecord(of: terms.specHash, in: grant.decisions, tookEffect: tookEffect), rows: rows, model: model,
                controls: controls, now: now)
        }
        current = states[0]
        former = Array(states.dropFirst())
        unreviewed = GrantDecision.unreviewed(
            in: grant.decisions, ends: Dictionary(known.map { ($0.specHash, $0.expires) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The emergency that the current spec is in force by, while that is so.
    var emergency: GrantDecision? { current.isInForce && current.terms.isEmergency ? current.acceptances.first : nil }

    /// The same grant while an emergency elsewhere waits for its review: one person, or one workload, has one at a time.
    func barred(by use: GrantDecision, of other: String) -> GrantEvaluation {
        let remark = GrantRemark(kind: .notApproved, place: current.terms.place["emergency"], message: use.bar(of: other))
        return GrantEvaluation(current: current.barred(remark), former: former, unreviewed: unreviewed)
    }

    private init(current: GrantState, former: [GrantState], unreviewed: [GrantDecision]) {
        (self.current, self.former, self.unreviewed) = (current, former, unreviewed)
    }

    /// Whether a spec was ever in force. Where that is not certain it is assumed: what another spec replaced must not come back. One that lasts longer
    /// than the model allows was not: otherwise an acceptance that gives nothing would take away what holds.
    private static func tookEffect(
        _ terms: GrantTerms, _ rows: [Privilege?], _ model: ResponsibilityModel, _ decisions: [GrantDecision], _ now: Timestamp
    ) -> Bool {
        guard now >= terms.notBefore else { return false }
        let granted = rows.compactMap(\.self).filter { $0.tier != .never }
        if let longest = model.longest(of: terms, rows: granted), terms.length > longest { return false }
        let record = GrantRecord(of: terms.specHash, in: decisions, tookEffect: decisions.reduce(into: [:]) { $0[$1.specHash] = false })
        if record.denials.contains(where: { $0.at < terms.notBefore }) { return false }
        let isAccepted = decisions.contains {
            $0.action == .accept && $0.specHash == terms.specHash && terms.accountable.isNamed(username: $0.username, groups: $0.groups)
        }
        // One approval is enough for that: a model that asks for more today may have asked for one then.
        let needsNobody = rows.allSatisfy { $0.map { $0.tier == .never || $0.approvals == 0 } ?? true }
        return isAccepted && (needsNobody || !record.everApproved.isEmpty)
    }
}

extension GrantDecision {
    /// What an emergency that nobody has reviewed says to the next one.
    func bar(of grant: String) -> String { "nobody has reviewed the emergency of \(at) in grant \(grant), by \(username), so there is no second one" }
}

extension ResponsibilityModel {
    /// How long a spec may last: as long as the strictest row of its privileges, and in an emergency no longer than that allows.
    fileprivate func longest(of terms: GrantTerms, rows: [Privilege]) -> Span? {
        (rows.map(\.longest) + (terms.isEmergency ? breakGlass.map { [$0.longest] } ?? [] : [])).min()
    }
}

/// Goes through the conditions of one spec of a grant, in the order a person would.
private struct GrantJudge {
    let grant: PrivilegeGrant
    let terms: GrantTerms
    let record: GrantRecord
    let model: ResponsibilityModel
    let now: Timestamp
    var remarks: [GrantRemark] = []
    private(set) var excess: String?

    private var spec: Value { terms.place }

    private mutating func remark(_ kind: GrantRemark.Kind, _ place: Value, _ message: String) {
        remarks.append(GrantRemark(kind: kind, place: place, message: message))
    }

    /// The platform gives this privilege to somebody at all.
    mutating func privilege(_ privilege: GrantedPrivilege, row: Privilege?, isKnown: Bool) -> Bool {
        guard isKnown else {
            remark(.tooWide, privilege.place, "there is no control '\(privilege.control)', so the privilege means nothing")
            return false
        }
        guard let row, row.tier != .never else {
            remark(.tooWide, privilege.place, "model '\(model.name)' never grants '\(privilege.control)' \(privilege.value)")
            return false
        }
        if let tier = terms.tier, tier != row.tier {
            remark(.tooWide, privilege.place, "the grant says tier \(tier.rawValue), model '\(model.name)' says \(row.tier.rawValue)")
            return false
        }
        return true
    }

    /// Who decided what about exactly this spec.
    ///
    /// Decisions are the record. Conditions are derived from them and grant nothing; one that says no without any decision behind it is obeyed,
    /// since somebody wrote it by hand and meant it.
    mutating func decisions(rows: [Privilege]) -> Bool {
        let before = remarks.count
        checkRefusals()
        checkOrder()
        if terms.isEmergency {
            checkEmergency()
        } else {
            let needed = rows.map(\.approvals).max() ?? 0
            if needed > 0 { checkApproval(needed: needed) }
            checkAcceptance(needsTwoKeys: rows.contains(where: \.needsTwoKeys) || record.application.map(\.isByServiceAccount) ?? false)
        }
        checkLiability()
        return remarks.count == before
    }

    private mutating func checkRefusals() {
        for decision in record.denials { remark(.notApproved, place(ofCondition: "Denied"), "the grant is denied: \(saying(decision))") }
        if let decision = record.revocation { remark(.notApproved, place(ofCondition: "Revoked"), "the grant is revoked: \(saying(decision))") }
        if record.replacement != nil {
            remark(.notApproved, spec, "another spec took the place of this one, so what was decided about it before no longer counts")
        }
        for (condition, action) in [("Denied", GrantDecision.Action.deny), ("Revoked", .revoke)]
        where grant.conditions.contains(condition) && !grant.decisions.contains(where: { $0.action == action }) {
            remark(.notApproved, place(ofCondition: condition), "the grant is \(condition.lowercased()), as a condition says that nobody decided")
        }
    }

    private func saying(_ decision: GrantDecision) -> String {
        let reason = decision.reason.isEmpty ? "" : ": \(decision.reason)"
        return "\(decision.username) said \(decision.action.rawValue) at \(decision.at)\(reason)"
    }

    /// Nobody decides in the future, nor about what has not been applied for yet.
    private mutating func checkOrder() {
        let applied = record.decisions.filter { $0.action == .apply }.map(\.at).min()
        for decision in record.decisions {
            if decision.at > now {
                remark(
                    .notApproved, grant.root["status"],
                    "\(decision.username)'s \(decision.action.rawValue) is dated \(decision.at), which is still to come")
            } else if decision.action != .apply, let applied, decision.at < applied {
                let message = "\(decision.username)'s \(decision.action.rawValue) at \(decision.at) is older than the application of \(applied)"
                remark(.notApproved, grant.root["status"], message)
            }
        }
    }

    private mutating func checkApproval(needed: Int) {
        let place = place(ofCondition: "Approved")
        for applicant in Set(record.selfApprovals.map(\.person)).sorted() {
            remark(.approvedByApplicant, place, "\(applicant) applied for the grant and approved it")
        }
        if record.decisions.isEmpty, !grant.decisions.isEmpty, record.revocation == nil, record.replacement == nil {
            return remark(.notApproved, spec, "the spec was changed after the last decision about it; it is now \(terms.specHash)")
        }
        if record.application == nil {
            remark(.notApproved, place, "no decision says who applied for this spec, so nobody can differ from the applicant")
        }
        let others = Set(record.approvals.map(\.person)).count
        if others < needed { remark(.notApproved, place, "\(others) of \(needed) approvals of this spec by somebody else than the applicant") }
    }

    private mutating func checkAcceptance(needsTwoKeys: Bool) {
        let place = place(ofCondition: "Accepted")
        let accountable = terms.accountable
        let acceptors = record.acceptances.filter { accountable.includes(username: $0.username, groups: $0.groups) }
        if acceptors.isEmpty {
            let others = record.acceptances.map(\.username).sorted().joined(separator: ", ")
            let missing =
                others.isEmpty
                ? "nobody has accepted the liability: no decision says who accepted for this spec"
                : "\(others) accepted the liability, but \(accountable.description) answers for it and must accept it"
            remark(.notApproved, place, accountable.namesPeople ? missing : accountable.whyNobody)
        }
        let approvers = Set(record.approvals.map(\.person))
        if needsTwoKeys, !acceptors.isEmpty, Set(acceptors.map(\.person)).isSubset(of: approvers) {
            remark(.approvedByApplicant, place, "this needs two keys, and whoever accepted it also approved it")
        }
    }

    /// In an emergency one person takes the privilege and answers for it; nobody else is asked before.
    private mutating func checkEmergency() {
        let place = spec["emergency"]
        guard let rule = model.breakGlass else {
            return remark(.notApproved, place, "model '\(model.name)' has no emergency path, so somebody must approve")
        }
        if grant.decisions.contains(where: { $0.action == .accept }) {
            remark(.notApproved, place, "an emergency needs a grant of its own; this one has been accepted in the ordinary way")
        }
        if let open = GrantDecision.unreviewed(in: grant.decisions, ends: [:]).first(where: { $0.specHash != terms.specHash }) {
            remark(.notApproved, place, "nobody has reviewed the emergency of \(open.at), by \(open.username), so there is no second one here")
        }
        let taken = record.emergencies.filter { terms.accountable.includes(username: $0.username, groups: $0.groups) }
        if !taken.isEmpty, !taken.contains(where: { terms.notBefore <= $0.at.advanced(bySeconds: BreakGlass.soon.seconds) }) {
            remark(.notApproved, place, "the glass was broken long before the grant begins, at \(terms.notBefore); an emergency is now")
        }
        if taken.isEmpty {
            remark(.notApproved, place, "\(terms.accountable.description) has not said break-glass, and nobody else can")
        } else if !taken.contains(where: { rule.admits($0.groups) }) {
            let groups = rule.groups.joined(separator: ", ")
            remark(
                .notApproved, place, "\(taken[0].username) is in none of the groups that may break the glass under model '\(model.name)': \(groups)")
        }
    }

    private mutating func checkLiability() {
        guard let hash = model.liabilityHash, terms.liabilityTextHash != hash else { return }
        let message = "what was accepted is not the liability text of model '\(model.name)', whose hash is \(hash)"
        remark(.notApproved, spec["liabilityTextHash"], message)
    }

    /// The grant has not run out, and runs no longer than the platform allows.
    mutating func time(rows: [Privilege]) -> Bool {
        var isTimely = true
        if now >= terms.expires {
            remark(.expired, spec["expires"], "the grant expired at \(terms.expires)")
            isTimely = false
        } else if grant.conditions.contains("Expired"), grant.decisions.allSatisfy({ $0.specHash == terms.specHash }) {
            remark(.expired, place(ofCondition: "Expired"), "the condition Expired is True")
            isTimely = false
        }
        if let longest = model.longest(of: terms, rows: rows), terms.length > longest {
            let when = terms.isEmergency ? " in an emergency" : ""
            let message = "the grant lasts \(terms.length), model '\(model.name)' allows \(longest)\(when)"
            remark(.tooWide, spec["expires"], message)
            excess = "\(message); let it end by \(terms.notBefore.advanced(bySeconds: longest.seconds))"
            isTimely = false
        }
        return isTimely
    }

    /// What a narrower grant would say.
    mutating func breadth() {
        // Nobody looks up digests at night while something burns.
        if terms.imageDigests.isEmpty, !terms.isEmergency {
            remark(.tooWide, spec["imageDigests"], "the grant names no image digest, so any image may use the privilege")
        }
    }

    /// The condition that a remark is about, where it is written; otherwise the decisions, or the spec that nobody decided about.
    private func place(ofCondition type: String) -> Value {
        let status = grant.root["status"]
        if let items = try? status["conditions"].items() {
            for item in items where (try? item["type"].string()) == type { return item }
        }
        return status["decisions"].exists ? status["decisions"] : spec
    }
}
