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

/// Whether a grant holds at an instant under a model, and everything that speaks against it.
struct GrantState: Sendable {
    let remarks: [GrantRemark]
    /// Its time has not come yet; nothing is wrong with that.
    let isEarly: Bool
    /// For each privilege, whether it is in force. Empty instead of all false.
    private let forces: [Bool]

    func isInForce(_ privilege: Int) -> Bool { forces.indices.contains(privilege) && forces[privilege] }
    var isInForce: Bool { forces.contains(true) }

    /// Why the grant does not hold, for a chain.
    var reason: String {
        remarks.first { $0.kind != .tooWide }?.message ?? (isEarly ? "it does not hold yet" : remarks.first?.message ?? "it holds")
    }

    /// - Parameter controls: by id.
    init(of grant: PrivilegeGrant, model: ResponsibilityModel, controls: [String: Control], now: Timestamp) {
        var judge = GrantJudge(grant: grant, model: model, now: now)
        let rows = grant.privileges.map { privilege in
            controls[privilege.control].flatMap { model.privilege(for: $0, value: privilege.value) }
        }
        var forces = zip(grant.privileges, rows).map { judge.privilege($0, row: $1, isKnown: controls[$0.control] != nil) }
        let granted = zip(rows, forces).compactMap { $1 ? $0 : nil }
        let isApproved = judge.decisions(rows: granted)
        let isTimely = judge.time(rows: granted)
        judge.breadth()
        isEarly = now < grant.notBefore
        if !isApproved || !isTimely || isEarly { forces = [] }
        self.forces = forces
        remarks = judge.remarks
    }
}

/// Goes through the conditions of one grant, in the order a person would.
private struct GrantJudge {
    let grant: PrivilegeGrant
    let model: ResponsibilityModel
    let now: Timestamp
    var remarks: [GrantRemark] = []

    private var spec: Value { grant.root["spec"] }

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
        if let tier = grant.tier, tier != row.tier {
            remark(.tooWide, privilege.place, "the grant says tier \(tier.rawValue), model '\(model.name)' says \(row.tier.rawValue)")
            return false
        }
        return true
    }

    /// Who decided what about exactly this spec.
    mutating func decisions(rows: [Privilege]) -> Bool {
        let before = remarks.count
        for condition in ["Denied", "Revoked"] where grant.conditions.contains(condition) {
            remark(.notApproved, place(ofCondition: condition), "the grant is \(condition.lowercased())")
        }
        let current = grant.decisions.filter { $0.specHash == grant.specHash }
        for decision in current where decision.action == .deny || decision.action == .revoke {
            remark(.notApproved, grant.root["status"], "\(decision.username) said \(decision.action.rawValue) at \(decision.at)")
        }
        checkOrder(current)
        let approvals = rows.map(\.approvals).max() ?? 0
        // What was revoked stays so, also when the spec goes away and comes back: only an approval after it counts.
        let revoked = grant.decisions.filter { $0.action == .revoke }.map(\.at).max()
        let approvers = Set(
            current.filter { decision in decision.action == .approve && revoked.map { $0 < decision.at } ?? true }.map(\.person))
        if approvals > 0 { checkApproval(current, approvers: approvers, needed: approvals) }
        checkAcceptance(current, approvers: approvers, needsTwoKeys: rows.contains(where: \.needsTwoKeys))
        return remarks.count == before
    }

    /// Nobody decides in the future, nor about what has not been applied for yet.
    private mutating func checkOrder(_ current: [GrantDecision]) {
        let applied = current.filter { $0.action == .apply }.map(\.at).min()
        for decision in current {
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

    private mutating func checkApproval(_ current: [GrantDecision], approvers: Set<String>, needed: Int) {
        let place = place(ofCondition: "Approved")
        let applicants = Set(current.filter { $0.action == .apply }.map(\.person))
        for applicant in applicants.intersection(approvers).sorted() {
            remark(.approvedByApplicant, place, "\(applicant) applied for the grant and approved it")
        }
        if !grant.conditions.contains("Approved") { return remark(.notApproved, place, "the condition Approved is not True") }
        if current.isEmpty, !grant.decisions.isEmpty {
            return remark(.notApproved, spec, "the spec was changed after the last decision about it; it is now \(grant.specHash)")
        }
        if applicants.isEmpty { remark(.notApproved, place, "no decision says who applied for this spec, so nobody can differ from the applicant") }
        let others = approvers.subtracting(applicants).count
        if others < needed { remark(.notApproved, place, "\(others) of \(needed) approvals of this spec by somebody else than the applicant") }
    }

    private mutating func checkAcceptance(_ current: [GrantDecision], approvers: Set<String>, needsTwoKeys: Bool) {
        let place = place(ofCondition: "Accepted")
        let acceptors = Set(current.filter { $0.action == .accept }.map(\.person))
        if !grant.conditions.contains("Accepted") {
            remark(.notApproved, place, "nobody has accepted the liability: the condition Accepted is not True")
        } else if acceptors.isEmpty {
            remark(.notApproved, place, "no decision says who accepted the liability for this spec")
        }
        if needsTwoKeys, !acceptors.isEmpty, acceptors.isSubset(of: approvers) {
            remark(.approvedByApplicant, place, "this privilege needs two keys, and whoever accepted it also approved it")
        }
        if let hash = model.liabilityHash, grant.liabilityTextHash != hash {
            let place = spec["liabilityTextHash"]
            remark(.notApproved, place, "what was accepted is not the liability text of model '\(model.name)', whose hash is \(hash)")
        }
    }

    /// The grant has not run out, and runs no longer than the platform allows.
    mutating func time(rows: [Privilege]) -> Bool {
        var isTimely = true
        if now >= grant.expires {
            remark(.expired, spec["expires"], "the grant expired at \(grant.expires)")
            isTimely = false
        } else if grant.conditions.contains("Expired") {
            remark(.expired, place(ofCondition: "Expired"), "the condition Expired is True")
            isTimely = false
        }
        let length = Span(seconds: grant.notBefore.seconds(to: grant.expires))
        if let longest = rows.map(\.longest).min(), length > longest {
            remark(.tooWide, spec["expires"], "the grant lasts \(length), model '\(model.name)' allows \(longest)")
            isTimely = false
        }
        return isTimely
    }

    /// What a narrower grant would say.
    mutating func breadth() {
        if grant.imageDigests.isEmpty {
            remark(.tooWide, spec["imageDigests"], "the grant names no image digest, so any image may use the privilege")
        }
    }

    private func place(ofCondition type: String) -> Value {
        let conditions = grant.root["status"]["conditions"]
        if let items = try? conditions.items() {
            for item in items where (try? item["type"].string()) == type { return item }
        }
        return conditions
    }
}
