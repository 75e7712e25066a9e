import Documents
import Kubernetes
import Responsibility

/// Keeps the record of a grant true: who applied and who decided is taken from the authenticated request, and what was decided stays.
///
/// The API server lets whoever may write `privilegegrants/status` write anything there. So every decision that a request adds must be the
/// requester's own and one that counts, by the rules that `demarc grant` goes by too, and what others decided must stay word for word. Approving,
/// denying, revoking and reviewing need the verb `approve` on the grant, as signing a certificate does. What follows from the decisions is the
/// server's alone to write.
struct PrivilegeGrantGuard {
    static let group = "demarc.dev"

    let request: AdmissionRequest
    let object: KubernetesObject
    let engine: AdmissionEngine
    /// All grants there are.
    let grants: GrantRegister
    let now: Timestamp

    /// How old a time in a request may be, in seconds, and how far ahead: decisions that are still to come would stand in the way of others.
    static let age: ClosedRange<Int64> = -5...300
    /// What follows from the decisions.
    private static let derived = ["approvedSpecs", "conditions", "phase", "usage"]

    private var isServer: Bool { engine.account.map { $0.utf8.elementsEqual(request.user.name.utf8) } ?? false }

    func ruling(_ response: AdmissionResponse) -> AdmissionRuling {
        do throws(WrongType) {
            let before = try decisions(request.old)
            let after = try decisions(object)
            guard request.resource == "privilegegrants/status" else {
                if before != after {
                    return AdmissionRuling(response.denied("status.decisions: only the subresource status may change what was decided"))
                }
                if let refusal = refusalOfChange() { return AdmissionRuling(response.denied(refusal)) }
                return AdmissionRuling(try refusalOfApplicant().map { response.denied($0) } ?? response.allowed())
            }
            guard after.count >= before.count, Array(after.prefix(before.count)) == before else {
                return AdmissionRuling(response.denied("status.decisions: what was decided stays; add a decision behind those there are"))
            }
            let added = after.dropFirst(before.count)
            if let refusal = try refusal(of: added, all: after) { return AdmissionRuling(response.denied(refusal)) }
            return ruling(on: added, response)
        } catch {
            return AdmissionRuling(response.denied("\(error.value.fieldPath) should be \(error.expected)"))
        }
    }

    /// With a grant its finding would go, so an emergency is reviewed before its grant is deleted.
    ///
    /// - Returns: why the grant must stay; nil when it may go.
    static func refusalOfDeletion(_ grant: KubernetesObject, engine: AdmissionEngine, at now: Timestamp) -> String? {
        guard PrivilegeGrant.read(grant).grant == nil else {
            return unreviewed(grant, engine, now).map { "\($0), and then \(grant.displayName) may go" }
        }
        // A spec that nobody can read is no way around the review.
        let decisions = (try? grant.root["status"]["decisions"].items()).map(Array.init) ?? []
        let last = decisions.last { ["break-glass", "review"].contains($0["action"].text) }
        guard last?["action"].text == "break-glass" else { return nil }
        return "somebody broke the glass with \(grant.displayName), and it cannot be read; write its spec as it was, and let somebody review it"
    }

    /// What an emergency took is looked at under the spec that it was taken under: with another one, or one that nobody can read, it would be as if
    /// nobody had, and the next one would be free. And what holds goes on to hold by its copy, which the server writes a moment after the acceptance:
    /// a change before that would end it.
    private func refusalOfChange() -> String? {
        if let refusal = refusalOfSpec() { return refusal }
        guard let old = request.old, CanonicalJSON.digest(of: old.spec) != CanonicalJSON.digest(of: object.spec) else { return nil }
        if let open = Self.unreviewed(old, engine, now) { return "\(open); until then its spec stays as it is" }
        guard engine.account != nil, let grant = PrivilegeGrant.read(old).grant else { return nil }
        let isHeld = engine.life(of: grant, at: now).approvedSpecs.contains { $0.specHash == grant.specHash }
        guard isHeld, !grant.approvedTerms.contains(where: { $0.specHash == grant.specHash }) else { return nil }
        return "spec: its acceptance is being recorded, so that it holds until another one is accepted; try again in a few seconds"
    }

    /// Whoever writes a spec applies for it, and one that can never hold is no application. What stands there already may be changed otherwise.
    private func refusalOfSpec() -> String? {
        if let old = request.old, CanonicalJSON.digest(of: old.spec) == CanonicalJSON.digest(of: object.spec) { return nil }
        return PrivilegeGrant.read(object).grant.flatMap { engine.life(of: $0, at: now).refusalOfSpec }.map { "spec: \($0)" }
    }

    private static func unreviewed(_ grant: KubernetesObject, _ engine: AdmissionEngine, _ now: Timestamp) -> String? {
        guard let read = PrivilegeGrant.read(grant).grant, let open = engine.life(of: read, at: now).unreviewed.first else { return nil }
        return "nobody has reviewed the emergency of \(open.at), by \(open.username); when it has ended or is revoked, somebody else says "
            + "`demarc grant review \(read.key)`"
    }

    // MARK: - Who applied

    /// The annotation must say who wrote this spec, and stay as long as the spec does.
    private func refusalOfApplicant() throws(WrongType) -> String? {
        let place = "metadata.annotations[\"\(GrantApplicant.annotation)\"]"
        let specHash = CanonicalJSON.digest(of: object.spec)
        if let old = request.old, CanonicalJSON.digest(of: old.spec) == specHash {
            let (mark, former) = (try mark(of: object), try mark(of: old))
            return mark == former ? nil : "\(place) says who applied, and changes with the spec only; leave it as it is"
        }
        let text = try mark(of: object)
        guard let applicant = text.flatMap(GrantApplicant.init), applicant.isOf(request.user), applicant.specHash == specHash,
            Self.age.contains(applicant.at.seconds(to: now))
        else { return "\(place) is the server's to write: it says that '\(request.user.name)' applied for this spec now; leave it out" }
        return nil
    }

    private func mark(of grant: KubernetesObject) throws(WrongType) -> String? {
        try grant.metadata["annotations"].entry(named: GrantApplicant.annotation).string()
    }

    // MARK: - Who decided

    private func refusal(of added: ArraySlice<Decision>, all: [Decision]) throws(WrongType) -> String? {
        if isServer {
            for decision in added { if let refusal = refusalOnBehalf(decision) { return refusal } }
            return try refusalOfCopies(all)
        }
        guard added.count <= 1 else { return "status.decisions: one decision a request, so that each can be looked at with those before it" }
        if let decision = added.first, let refusal = refusal(of: decision) { return refusal }
        for field in Self.derived {
            let (old, new) = (request.old?.root["status"].entry(named: field), object.root["status"].entry(named: field))
            guard old.map(text) ?? "" == text(new) else { return "status.\(field) is the server's to write; leave it as it is" }
        }
        return nil
    }

    private func text(_ value: Value) -> String { value.exists ? CanonicalJSON.text(of: value) : "" }

    private func refusal(of decision: Decision) -> String? {
        let place = "status.decisions[\(decision.position)]"
        let user = request.user
        guard decision.username.utf8.elementsEqual(user.name.utf8) else {
            return "\(place).by.username must be '\(user.name)', who asks: nobody decides in another's name"
        }
        guard Set(decision.groups).isSubset(of: user.groups) else {
            return "\(place).by.groups names a group that '\(user.name)' is not in"
        }
        guard let action = GrantDecision.Action(rawValue: decision.action) else {
            return "\(place).action must be one of \(GrantDecision.Action.allCases.map(\.rawValue).joined(separator: ", "))"
        }
        guard let at = Timestamp(decision.at), Self.age.contains(at.seconds(to: now)) else {
            return "\(place).at must be the time of the request, \(now)"
        }
        // Before the decision, that is: the spec is the same, since a status is written by itself.
        let reading = PrivilegeGrant.read(request.old ?? object)
        guard let grant = reading.grant else {
            return "\(place): the grant cannot be read, so nobody can decide about it: \(reading.faults.first?.message ?? "")"
        }
        // What is dated before a decision that stands in front of it would count in part only. One that is still to come is no measure: nobody
        // keeps a grant from being ended by it.
        if let last = grant.decisions.map(\.at).filter({ $0 <= now }).max(), at < last {
            return "\(place).at must not be before \(last), when something was decided last; leave it out"
        }
        let life = engine.life(of: grant, at: max(now, at))
        let specHash = life.specHash(for: action)
        guard decision.specHash == specHash else {
            return "\(place).specHash must be \(specHash), that of the spec as it is: look at it again, and decide about that"
        }
        let refusal =
            life.refusal(of: action, by: decision.username, groups: decision.groups)
            ?? (action == .breakGlass ? grants.refusalOfEmergency(by: decision.username, with: grant.key) : nil)
        return refusal.map { "\(place): \($0)" }
    }

    /// A copy of a spec is one that people have decided about.
    private func refusalOfCopies(_ all: [Decision]) throws(WrongType) -> String? {
        let decided = Set(all.filter { $0.action == "approve" || $0.action == "accept" }.map(\.specHash))
        for copy in try object.root["status"]["approvedSpecs"].items() where !decided.contains(CanonicalJSON.digest(of: copy)) {
            return "\(copy.fieldPath) is no spec that anybody has decided about"
        }
        return nil
    }

    /// The server tells who applied, and decides nothing.
    private func refusalOnBehalf(_ decision: Decision) -> String? {
        let place = "status.decisions[\(decision.position)]"
        guard decision.action == "apply" else { return "\(place): the server itself only says who applied; people decide" }
        guard let applicant = GrantApplicant(of: object), decision.username == applicant.username, decision.groups == applicant.groups,
            Timestamp(decision.at) == applicant.at, decision.specHash == applicant.specHash
        else { return "\(place) must say what the annotation \(GrantApplicant.annotation) says" }
        return nil
    }

    private func ruling(on added: ArraySlice<Decision>, _ response: AdmissionResponse) -> AdmissionRuling {
        let answer = response.allowed(notes: added.isEmpty ? [] : [("decisions", added.map(\.action).joined(separator: ","))])
        guard added.contains(where: { GrantDecision.Action(rawValue: $0.action)?.isForApprovers ?? true }) else { return AdmissionRuling(answer) }
        let question = AccessQuestion(
            user: request.user, verb: "approve", group: PrivilegeGrantGuard.group, resource: "privilegegrants", namespace: request.namespace,
            name: object.name)
        let refusal = response.denied(
            "'\(request.user.name)' may not decide about grants in namespace '\(request.namespace)': "
                + "that needs the verb approve on privilegegrants.demarc.dev")
        return AdmissionRuling(answer, if: question, else: refusal)
    }

    /// One decision, with its text for comparing.
    private struct Decision: Equatable {
        let position: Int
        let action: String
        let username: String
        let groups: [String]
        let at: String
        let specHash: String
        /// All of it, byte by byte: what a person gave as a reason stays, too.
        let text: [UInt8]
    }

    private func decisions(_ grant: KubernetesObject?) throws(WrongType) -> [Decision] {
        guard let grant else { return [] }
        var decisions: [Decision] = []
        for (position, item) in try grant.root["status"]["decisions"].items().enumerated() {
            decisions.append(
                Decision(
                    position: position, action: try item["action"].string() ?? "", username: try item["by"]["username"].string() ?? "",
                    groups: try item["by"]["groups"].strings(), at: try item["at"].string() ?? "",
                    specHash: try item["specHash"].string() ?? "", text: Array(CanonicalJSON.text(of: item).utf8)))
        }
        return decisions
    }
}
