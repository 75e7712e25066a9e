import Controls
import Documents

extension GrantControl {
    /// In an emergency one person takes what nobody approved. That is a bypass, and it stays one until somebody else has looked at it.
    ///
    /// Fields: `status.decisions`. Allowed: for each `break-glass` a later `review` of the same spec by somebody who neither took the privilege nor
    /// applied for it, after the grant has ended.
    static let grantEmergencyUnreviewed = GrantControl(
        control: Control(
            id: "grant-emergency-unreviewed",
            title: "Review what was taken in an emergency",
            severity: .high,
            duty: "P2b",
            summary: "Somebody used a privilege that nobody approved. Until another person has looked at it, it is a bypass like any other.",
            remedy: "When the emergency is over, let somebody else look at what was done and say so with `demarc grant review`.",
            passing: [Example(GrantExample.emergency())],
            failing: [
                Example(GrantExample.emergency(isReviewed: false)),
                Example(GrantExample.emergency([("review, by: {username: ben", "review, by: {username: ann")])),
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { grantCase in
            guard grantCase.grant.decisions.contains(where: { $0.action == .breakGlass }) else { return nil }
            let decisions = (try? grantCase.grant.root["status"]["decisions"].items()).map(Array.init) ?? []
            return grantCase.evaluation.unreviewed.map { use in
                let index = grantCase.grant.decisions.firstIndex(of: use)
                let place = index.flatMap { decisions.indices.contains($0) ? decisions[$0] : nil } ?? grantCase.spec
                return GrantComplaint(place: place, message: "\(use.username) broke the glass at \(use.at), and nobody else has reviewed it")
            }
        })
}
