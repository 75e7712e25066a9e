import Access
import Documents
import Kubernetes
import Responsibility

/// The way from what was asked to whoever is behind it, and where it ends.
struct Trail {
    let told: ([TrailStep], end: String)

    init(of answers: [FieldAnswer], along chain: [ChainLink], in blamer: Blamer) {
        var steps: [TrailStep] = []
        for (index, answer) in answers.enumerated() {
            steps.append(Trail.step(answer, isFirst: index == 0))
            if index + 1 < chain.count, index + 1 < answers.count || answer.strength == .proven {
                steps.append(Trail.ownership(from: chain[index], to: chain[index + 1]))
            }
        }
        guard let last = answers.last, let root = chain.first(where: { $0.subject == last.subject }) else {
            told = (steps, "nothing is recorded")
            return
        }
        let end = Trail.follow(last, root, blamer, &steps)
        told = (steps, end)
    }

    private static func step(_ answer: FieldAnswer, isFirst: Bool) -> TrailStep {
        let what = answer.path.steps.isEmpty ? "\(answer.subject)" : "\(answer.path) of \(answer.subject)"
        let value = answer.shownValue.map { " = \($0)" } ?? ""
        guard let who = answer.who else {
            return TrailStep("\(what)\(value): nothing names who wrote it", answer.strength)
        }
        let when = answer.time.isEmpty ? "" : " at \(answer.time)"
        let how = answer.deed.isEmpty ? "written" : answer.deed
        return TrailStep("\(what)\(value): \(how) by \(who)\(when)", answer.strength, evidence: answer.evidence)
    }

    /// A reference that a controller wrote is proven where the record shows the controller create the object.
    private static func ownership(from child: ChainLink, to owner: ChainLink) -> TrailStep {
        let text = "\(child.subject) is owned by \(owner.subject)"
        guard let creation = child.makingController else {
            return TrailStep(text + ", as its ownerReferences say, which anybody who creates it may write", .recorded)
        }
        return TrailStep("\(text): \(creation.actor.name) created it so", .proven, evidence: "audit event \(creation.place)")
    }

    // MARK: - Beyond the root

    /// Follows a tool to the person or the repository behind it.
    /// - Returns: where the trail ends and why.
    private static func follow(_ last: FieldAnswer, _ root: ChainLink, _ blamer: Blamer, _ steps: inout [TrailStep]) -> String {
        let links = blamer.links(of: root.subject, root.history).filter { $0.kind != .owner }
        for link in links {
            if let end = Delivery(link, of: last, root, blamer).tell(&steps) { return end }
        }
        // Whoever wrote the object itself is where it ends, whatever owns the object.
        if Blamer.comesFromOwner(last), let owner = blamer.links(of: root.subject, root.history).first(where: { $0.kind == .owner }) {
            return "at \(root.subject): what its owner \(owner.subject) says of it is neither in the log nor in the estate"
        }
        guard let actor = last.actor else {
            return last.who.map { "at \($0), a name that the client chose itself" } ?? "at \(last.subject): nothing names who wrote it"
        }
        if let account = actor.authenticated.serviceAccount { return TokenUse(of: account, last, actor.credential, blamer).tell(&steps) }
        if let impersonated = actor.impersonated {
            return "at \(actor.authenticated.user), who acted as \(impersonated.user)"
        }
        return actor.authenticated.user.hasPrefix("system:")
            ? "at \(actor.authenticated.user), a component of the cluster" : "at \(actor.authenticated.user), whom the API server authenticated"
    }
}
