import Controls
import Documents

extension GrantControl {
    /// Privileges are for a while; what was for a while must not become forever unnoticed.
    ///
    /// Fields: `spec.expires`, condition `Expired`. Allowed: an end that lies behind the instant judged for.
    static let grantExpired = GrantControl(
        control: Control(
            id: "grant-expired",
            title: "Remove grants that have run out",
            severity: .medium,
            duty: "P2b",
            summary: "A grant that has run out lets nothing through, but its workload may still ask for the privilege.",
            remedy: "Remove the privilege from the workload, or apply anew; then remove the grant.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(
                    GrantExample.manifest([
                        ("notBefore: 2026-06-01T00:00:00Z", "notBefore: 2026-05-01T00:00:00Z"),
                        ("expires: 2026-07-01T00:00:00Z", "expires: 2026-05-31T00:00:00Z # ✗"),
                    ]))
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { $0.remarks(.expired) })
}
