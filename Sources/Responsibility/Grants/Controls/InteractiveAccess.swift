import Controls
import Documents

extension GrantControl {
    /// Whoever enters a container takes over its privileges; they were granted to its program.
    ///
    /// Fields: `spec.privileges`. Allowed: grants that let nobody in. The webhook refuses `exec`, `attach` and `port-forward` into Pods
    /// that run under any other grant.
    static let interactiveAccess = GrantControl(
        control: Control(
            id: GrantControls.interactiveAccess,
            title: "Keep people out of containers with granted privileges",
            severity: .medium,
            duty: "P2b",
            summary: "Whoever enters a container by exec, attach or port-forward acts with privileges that were granted to its program.",
            remedy: "Remove the privilege interactive-access from the grant; give logs and metrics to those who need to look inside.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(
                    GrantExample.manifest([
                        ("    value: \"true\"", "    value: \"true\"\n  - control: interactive-access # ✗"),
                        ("notBefore: 2026-06-01T00:00:00Z", "notBefore: 2026-06-12T00:00:00Z"),
                        ("expires: 2026-07-01T00:00:00Z", "expires: 2026-06-18T00:00:00Z"),
                    ]))
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { grantCase in
            grantCase.grant.privileges.enumerated().filter { $1.control == GrantControls.interactiveAccess && grantCase.state.isInForce($0) }
                .map { GrantComplaint(place: $1.place, message: "people may enter the workload's containers and act with their privileges") }
        })
}
