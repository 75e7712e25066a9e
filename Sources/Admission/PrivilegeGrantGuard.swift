import Documents
import Kubernetes
import Responsibility

/// Keeps the record of a grant true: who decided is taken from the authenticated request, and what was decided stays.
///
/// The API server lets whoever may write `privilegegrants/status` write anything there. So every decision that a request adds must be the
/// requester's own, about the spec as it is, and what others decided must stay word for word. Approving, denying and revoking need the
/// verb `approve` on the grant, as signing a certificate does.
struct PrivilegeGrantGuard {
    static let group = "demarc.dev"

    let request: AdmissionRequest
    let object: KubernetesObject
    let now: Timestamp

    /// Seconds by which clocks may differ.
    private static let skew: Int64 = 300
    /// Conditions that decide whether a grant holds.
    private static let deciding: Set<String> = ["Approved", "Denied", "Revoked", "Expired", "Active"]

    func ruling(_ response: AdmissionResponse) -> AdmissionRuling {
        do throws(WrongType) {
            let before = try decisions(request.old)
            let after = try decisions(object)
            guard request.resource == "privilegegrants/status" else {
                return AdmissionRuling(
                    before == after
                        ? response.allowed() : response.denied("status.decisions: only the subresource status may change what was decided"))
            }
            guard after.count >= before.count, Array(after.prefix(before.count)) == before else {
                return AdmissionRuling(response.denied("status.decisions: what was decided stays; add a decision behind those there are"))
            }
            let conditions = try deciding(request.old).symmetricDifference(try deciding(object))
            return try ruling(on: after.dropFirst(before.count), conditions, response)
        } catch {
            return AdmissionRuling(response.denied("\(error.value.fieldPath) should be \(error.expected)"))
        }
    }

    private func ruling(
        on added: ArraySlice<Decision>, _ conditions: Set<String>, _ response: AdmissionResponse
    ) throws(WrongType) -> AdmissionRuling {
        let specHash = CanonicalJSON.digest(of: object.spec)
        for decision in added {
            let place = "status.decisions[\(decision.position)]"
            guard decision.username == request.user.name else {
                return AdmissionRuling(
                    response.denied("\(place).by.username must be '\(request.user.name)', who asks: nobody decides in another's name"))
            }
            guard Set(decision.groups).isSubset(of: request.user.groups) else {
                return AdmissionRuling(response.denied("\(place).by.groups names a group that '\(request.user.name)' is not in"))
            }
            guard decision.specHash == specHash else {
                return AdmissionRuling(
                    response.denied("\(place).specHash must be \(specHash), that of the spec as it is: look at it again, and decide about that"))
            }
            guard let at = Timestamp(decision.at), abs(at.seconds(to: now)) <= Self.skew else {
                return AdmissionRuling(response.denied("\(place).at must be the time of the request, \(now)"))
            }
        }
        let answer = response.allowed(notes: added.isEmpty ? [] : [("decisions", added.map(\.action).joined(separator: ","))])
        guard !conditions.isEmpty || added.contains(where: { ["approve", "deny", "revoke"].contains($0.action) }) else {
            return AdmissionRuling(answer)
        }
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
    }

    /// The deciding conditions with their status: `Approved=True`.
    private func deciding(_ grant: KubernetesObject?) throws(WrongType) -> Set<String> {
        guard let grant else { return [] }
        var found: Set<String> = []
        for item in try grant.root["status"]["conditions"].items() {
            let type = try item["type"].string() ?? ""
            if Self.deciding.contains(type) { found.insert("\(type)=\(try item["status"].string() ?? "")") }
        }
        return found
    }

    private func decisions(_ grant: KubernetesObject?) throws(WrongType) -> [Decision] {
        guard let grant else { return [] }
        var decisions: [Decision] = []
        for (position, item) in try grant.root["status"]["decisions"].items().enumerated() {
            decisions.append(
                Decision(
                    position: position, action: try item["action"].string() ?? "", username: try item["by"]["username"].string() ?? "",
                    groups: try item["by"]["groups"].strings(), at: try item["at"].string() ?? "",
                    specHash: try item["specHash"].string() ?? ""))
        }
        return decisions
    }
}
