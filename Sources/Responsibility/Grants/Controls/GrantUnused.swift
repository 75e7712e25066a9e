import Controls
import Documents

extension GrantControl {
    /// What was needed once and is no longer.
    ///
    /// Fields: `spec.privileges`. Allowed: a grant in force accepts at least one finding. Not applicable while some
    /// of its controls were not judged.
    static let grantUnused = GrantControl(
        control: Control(
            id: "grant-unused",
            title: "Remove grants that nothing uses",
            severity: .low,
            duty: "P2b",
            summary: "A grant without use helps only somebody who takes over the workload later.",
            remedy: "Remove the grant; apply again when the privilege is needed.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(
                    GrantExample.manifest([("          privileged: true", "          privileged: false"), ("  privileges:", "  privileges: # ✗")]))
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { grantCase in
            guard grantCase.state.isInForce, grantCase.hasWorkload else { return nil }
            let asked = grantCase.grant.privileges.filter { grantCase.judged.contains($0.control) }
            guard asked.count == grantCase.grant.privileges.count else { return nil }
            guard grantCase.used.isEmpty else { return [] }
            return [GrantComplaint(place: grantCase.spec["privileges"], message: "the workload uses none of the privileges granted")]
        })
}
