import Controls
import Documents

extension GrantControl {
    /// What was not approved is not granted; what nobody accepted leaves the liability where it was.
    ///
    /// Fields: `status.conditions`, `status.decisions`, `spec.liabilityTextHash`. Allowed: Approved and Accepted
    /// are True, not Denied, not Revoked, and as many people as the model asks for decided about exactly this spec.
    static let grantNotApproved = GrantControl(
        control: Control(
            id: "grant-not-approved",
            title: "Use grants only as approved and accepted",
            severity: .high,
            duty: "P2b",
            summary:
                "Somebody prepared a grant that nobody else approved, or changed it afterwards, or nobody accepted what it leads to. It lets nothing through.",
            remedy: "Let somebody else approve exactly this spec and let the accountable team accept the liability text.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(GrantExample.manifest([("{type: Approved, status: \"True\"}", "{type: Approved, status: \"False\"} # ✗")])),
                Example(
                    GrantExample.manifest(
                        [],
                        unsigned: [
                            ("spec:\n  workload:", "spec: # ✗\n  workload:"), ("ticket: OPS-4711", "ticket: OPS-4712"),
                            ("{type: Accepted, status: \"True\"}", "{type: Accepted, status: \"True\"} # ✗"),
                        ])),
                Example(GrantExample.manifest([("  - {type: Accepted, status: \"True\"}", "  - {type: Accepted, status: \"False\"} # ✗")])),
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { $0.remarks(.notApproved) })
}
