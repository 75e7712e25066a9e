import Controls
import Documents

extension GrantControl {
    /// A name is free again when its object is gone, and the next object of that name inherits the grant.
    ///
    /// Fields: `spec.workload`. Allowed: a workload that is in the estate. Expired grants are left to `grant-expired`.
    static let grantOrphaned = GrantControl(
        control: Control(
            id: "grant-orphaned",
            title: "Remove grants whose workload is gone",
            severity: .low,
            duty: "P2b",
            summary: "A grant for a workload that does not exist waits for whoever creates one with that name.",
            remedy: "Remove the grant, or correct the kind, name and namespace of its workload.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(
                    GrantExample.manifest([
                        ("    name: probe\n    serviceAccountName", "    name: old-probe\n    serviceAccountName"),
                        ("  workload:", "  workload: # ✗"),
                    ]))
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { grantCase in
            guard grantCase.now < grantCase.grant.expires else { return nil }
            if grantCase.hasWorkload { return [] }
            let workload = grantCase.grant.workload
            let name = workload.name ?? "with the labels of the selector"
            return [
                GrantComplaint(
                    place: grantCase.spec["workload"], message: "there is no \(workload.kind) \(name) in namespace '\(grantCase.grant.namespace)'")
            ]
        })
}
