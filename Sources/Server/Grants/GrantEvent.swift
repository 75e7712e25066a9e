internal import Documents
internal import Kubernetes
internal import KubernetesClient
internal import Responsibility

/// Word to the people of a namespace about one of its grants: an Event of Kubernetes on the grant. Pure.
struct GrantEvent: Sendable, Hashable {
    let reason: String
    let message: String
    let isWarning: Bool
    let at: Timestamp
    /// Tells it from all other events of the same grant, so that two who send it make one.
    private let key: String

    /// What happened longer ago is no news: it was sent then, or nobody was there to send it.
    private static let freshness: Int64 = 600

    /// - Parameter former: the phase that the grant says it has.
    static func due(_ life: GrantLifeCycle, _ object: KubernetesObject, former: GrantPhase?, now: Timestamp) -> [GrantEvent] {
        var events: [GrantEvent] = []
        for (position, decision) in life.grant.decisions.enumerated() where (0...freshness).contains(decision.at.seconds(to: now)) {
            let why = decision.reason.isEmpty ? "" : ": \(decision.reason)"
            events.append(
                GrantEvent(
                    reason: word(decision.action), message: "\(decision.username) \(deed(decision.action))\(why)",
                    isWarning: [.breakGlass, .deny, .revoke].contains(decision.action), at: decision.at, key: "\(position) \(decision.specHash)"))
        }
        let phase = life.phase
        if phase != former, let (reason, message) = passage(to: phase, life) {
            events.append(
                GrantEvent(
                    reason: reason, message: message, isWarning: phase == .expired, at: now, key: "\(phase.rawValue) \(life.grant.specHash) \(now)"))
        }
        if let reminder = life.dueReminder, (0...freshness).contains(reminder.at.seconds(to: now)) {
            events.append(
                GrantEvent(
                    reason: "Expiring",
                    message: "ends at \(life.termsInForce?.expires ?? now), in \(reminder.before); renew it, or take the privilege out",
                    isWarning: true, at: reminder.at, key: "reminder \(reminder.at)"))
        }
        return events
    }

    private static func word(_ action: GrantDecision.Action) -> String {
        switch action {
        case .apply: "Applied"
        case .approve: "Approved"
        case .deny: "Denied"
        case .accept: "Accepted"
        case .revoke: "Revoked"
        case .breakGlass: "BreakGlass"
        case .review: "Reviewed"
        }
    }

    private static func deed(_ action: GrantDecision.Action) -> String {
        switch action {
        case .apply: "applied"
        case .approve: "approved"
        case .deny: "denied"
        case .accept: "accepted the liability"
        case .revoke: "revoked it"
        case .breakGlass: "took it in an emergency, without any approval"
        case .review: "reviewed the emergency"
        }
    }

    private static func passage(to phase: GrantPhase, _ life: GrantLifeCycle) -> (reason: String, message: String)? {
        switch phase {
        case .active, .expiring: ("Active", "in force until \(life.termsInForce?.expires ?? life.grant.expires)")
        case .expired: ("Expired", "ended at \(life.grant.expires); running Pods are findings from now on, and no new ones come in by it")
        case .superseded: ("Superseded", "another spec has taken its place")
        case .applied, .approved, .accepted, .denied, .early, .revoked: nil
        }
    }

    /// As the API has it. Its name follows from what it says, so that a replica that says it again is refused.
    func manifest(about grant: KubernetesObject, from reporter: String) -> (name: String, manifest: ManifestText) {
        let hash = Digest.sha256(Array("\(grant.uid) \(reason) \(key)".utf8)).dropFirst("sha256:".count).prefix(16)
        let name = "\(grant.name.prefix(200)).\(hash)"
        let involved = ManifestText.map([
            "apiVersion": .text("demarc.dev/v1alpha1"), "kind": .text("PrivilegeGrant"), "name": .text(grant.name),
            "namespace": .text(grant.namespace), "uid": .text(grant.uid),
        ])
        return (
            name,
            .map([
                "apiVersion": .text("v1"), "kind": .text("Event"),
                "metadata": .map(["name": .text(name), "namespace": .text(grant.namespace)]), "involvedObject": involved,
                "reason": .text(reason), "message": .text(String(message.prefix(1_000))), "type": .text(isWarning ? "Warning" : "Normal"),
                "source": .map(["component": .text("demarc")]), "reportingComponent": .text("demarc.dev/grants"),
                "reportingInstance": .text(String(reporter.prefix(128))), "action": .text("Decide"), "firstTimestamp": .text("\(at)"),
                "lastTimestamp": .text("\(at)"), "count": .number(1),
            ])
        )
    }
}
