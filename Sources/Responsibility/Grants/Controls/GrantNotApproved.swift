import Controls
import Documents

extension GrantControl {
    /// What was not approved is not granted; what nobody accepted leaves the liability where it was.
    ///
    /// Fields: `status.decisions`, `spec.liabilityTextHash`. Allowed: as many people as the model asks for approved exactly this
    /// spec, who is accountable accepted it, and nobody denied or revoked it. Conditions are derived from that and prove nothing.
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
                Example(
                    GrantExample.manifest([
                        ("approve, by: {username: cyd", "apply, by: {username: cyd"),
                        ("{type: Approved, status: \"True\"}", "{type: Approved, status: \"True\"} # ✗"),
                    ])),
                Example(
                    GrantExample.manifest(
                        [],
                        unsigned: [
                            ("spec:\n  workload:", "spec: # ✗\n  workload:"), ("ticket: OPS-4711", "ticket: OPS-4712"),
                            ("{type: Accepted, status: \"True\"}", "{type: Accepted, status: \"True\"} # ✗"),
                        ])),
                Example(
                    GrantExample.manifest([
                        ("accept, by: {username: ann@example.com, groups: [payments]}", "accept, by: {username: dee@example.com}"),
                        ("{type: Accepted, status: \"True\"}", "{type: Accepted, status: \"True\"} # ✗"),
                    ])),
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { $0.remarks(.notApproved) })
}
