import Controls
import Documents

extension GrantControl {
    /// A grant that is not exactly understood must not let anything through.
    ///
    /// Fields: all of a `PrivilegeGrant`. Allowed: the fields of the kind, each with a value it can have.
    /// Source: the strictness that grants promise (`docs/decisions/0004-grants-in-files.md`).
    static let grantMalformed = GrantControl(
        control: Control(
            id: "grant-malformed",
            title: "Write grants without faults",
            severity: .medium,
            duty: "P2b",
            summary: "A grant with a fault is not in force. A field nobody knows may be a restriction that would silently not hold.",
            remedy: "Correct the field the finding names; `demarc grant draft` writes a grant of the right shape.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(GrantExample.manifest([("  ticket: OPS-4711", "  onlyOnNode: a # ✗")])),
                Example(GrantExample.manifest([("value: \"true\"", "values: [\"true\"] # ✗")])),
                Example(GrantExample.manifest([("expires: 2026-07-01T00:00:00Z", "expires: in summer # ✗")])),
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { _ in nil })
}
