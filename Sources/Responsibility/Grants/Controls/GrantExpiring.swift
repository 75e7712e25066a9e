import Controls
import Documents

extension GrantControl {
    /// A refusal at three in the night is the worst moment to learn of an end date.
    ///
    /// Fields: `spec.expires`. Allowed: more than 14 days ahead, for shorter grants half of their length, or a next period that is approved and
    /// accepted. Grants not in force are left to other controls.
    static let grantExpiring = GrantControl(
        control: Control(
            id: "grant-expiring",
            title: "Know which grants run out soon",
            severity: .info,
            duty: "P2b",
            summary: "When a grant runs out, the workload that uses it is refused at its next start.",
            remedy: "Decide before that day: remove the privilege, or apply for another period.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(GrantExample.manifest([("expires: 2026-07-01T00:00:00Z", "expires: 2026-06-20T00:00:00Z # ✗")]))
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { grantCase in
            guard grantCase.state.isInForce else { return nil }
            guard !grantCase.evaluation.isContinued, grantCase.state.isExpiring(at: grantCase.now) else { return [] }
            return [GrantComplaint(place: grantCase.spec["expires"], message: "the grant runs out at \(grantCase.grant.expires)")]
        })
}
