import Controls
import Documents

extension GrantControl {
    /// Two people see more than one, and only one of them wants the privilege.
    ///
    /// Fields: `status.decisions`. Allowed: no approval by who applied; for privileges that need two keys, an
    /// acceptance by somebody who did not approve.
    static let grantSelfApproved = GrantControl(
        control: Control(
            id: "grant-self-approved",
            title: "Let somebody else approve what one applied for",
            severity: .high,
            duty: "P2b",
            summary: "Whoever applies for a privilege and approves it has a privilege nobody looked at.",
            remedy: "Let a second person, for privileges that need two keys a third one, approve the grant.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(
                    GrantExample.manifest([
                        ("username: ben@example.com", "username: ann@example.com"),
                        ("{type: Approved, status: \"True\"}", "{type: Approved, status: \"True\"} # ✗"),
                        ("accept, by: {username: ann@", "accept, by: {username: dee@"),
                    ]))
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { $0.remarks(.approvedByApplicant) })
}
