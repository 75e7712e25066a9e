import Access
import Responsibility

/// How somebody came to act as a service account: the Pod that the token is bound to, and who asked for it.
struct TokenUse {
    private let account: (namespace: String, name: String)
    private let answer: FieldAnswer
    private let credential: Credential
    /// Requests for tokens of the account that came before, oldest first. Those of which the log shows that another token came of them are none.
    private let requests: [Change]
    /// The request for the very token.
    private let issue: Change?

    /// Askers that are listed.
    private static let most = 5

    init(of account: (namespace: String, name: String), _ answer: FieldAnswer, _ credential: Credential, _ blamer: Blamer) {
        (self.account, self.answer, self.credential) = (account, answer, credential)
        let name = TokenUse.object(account.namespace, account.name)
        let asked = blamer.history(of: Subject(name, kind: "ServiceAccount")).changes.filter {
            $0.subresource == "token" && (answer.time.isEmpty || $0.time <= answer.time)
        }
        issue = credential.id.isEmpty ? nil : asked.last { $0.issuedCredential == credential.id }
        requests = asked.filter { $0.issuedCredential.isEmpty || credential.id.isEmpty }
    }

    /// Requests for tokens are about this.
    static func object(_ namespace: String, _ name: String) -> ObjectName {
        ObjectName(group: "", resource: "serviceaccounts", namespace: namespace, name: name)
    }

    private var name: String { "service account \(account.namespace)/\(account.name)" }

    private var pod: String { "Pod \(account.namespace)/\(credential.podName)" }

    /// - Returns: where the trail ends.
    func tell(_ steps: inout [TrailStep]) -> String {
        if !credential.podName.isEmpty {
            let node = credential.nodeName.isEmpty ? "" : " on node \(credential.nodeName)"
            let uid = credential.podUID.isEmpty ? "" : " (uid \(credential.podUID))"
            steps.append(TrailStep("the token that was used is bound to \(pod)\(uid)\(node)", .proven, evidence: answer.evidence))
        } else if !credential.nodeName.isEmpty {
            steps.append(TrailStep("the token that was used is bound to node \(credential.nodeName)", .proven, evidence: answer.evidence))
        }
        if let issue {
            steps.append(
                TrailStep(
                    "that token (\(credential.id)) was issued to \(issue.actor.name) at \(issue.time)", .proven,
                    evidence: "audit event \(issue.place)"))
        } else if !requests.isEmpty {
            steps.append(TrailStep("before it tokens of \(name) were issued to \(askers); which was used is not recorded", .recorded))
        }
        if !credential.podName.isEmpty { return "at \(pod), which acted as \(name): the log does not show what in it did so" }
        if let issue { return "at \(issue.actor.name), to whom the token of \(name) was issued" }
        return requests.isEmpty
            ? "at \(name): the log does not show who used it" : "at \(name): the log does not show which of those with a token used it"
    }

    /// `admin at 2026-11-24T05:00:01Z, system:node:n1 (3 times, last at …)`, those who asked last first.
    private var askers: String {
        var (order, times): ([String], [String: [String]]) = ([], [:])
        for request in requests.reversed() {
            let asker = request.actor.name
            if times[asker] == nil { order.append(asker) }
            times[asker, default: []].append(request.time)
        }
        let listed = order.prefix(TokenUse.most).map { asker in
            let all = times[asker] ?? []
            return all.count == 1 ? "\(asker) at \(all[0])" : "\(asker) (\(all.count) times, last at \(all.first ?? ""))"
        }
        return listed.joined(separator: ", ") + (order.count > listed.count ? " and \(order.count - listed.count) others" : "")
    }
}
