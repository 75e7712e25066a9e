import Controls
import Documents

extension GrantControl {
    /// Least privilege holds for grants too.
    ///
    /// Fields: `spec.privileges`, `spec.imageDigests`, `spec.expires`. Allowed: privileges that are used, images by
    /// digest, a length and a tier the model has for the privilege.
    static let grantTooWide = GrantControl(
        control: Control(
            id: "grant-too-wide",
            title: "Grant no more than is needed",
            severity: .medium,
            duty: "P2b",
            summary: "A grant that covers more than its workload uses is a door left open for whoever gets at the workload.",
            remedy: "Take out what is not used, name image digests, and keep within what the model allows.",
            passing: [Example(GrantExample.manifest())],
            failing: [
                Example(
                    GrantExample.manifest([
                        ("  imageDigests:\n  - sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0", "  imageDigests: [] # ✗")
                    ])),
                Example(
                    GrantExample.manifest([
                        (
                            "    value: \"true\"",
                            "    value: \"true\"\n  - control: privileged-containers # ✗\n    container: old\n    value: \"true\""
                        )
                    ])),
                Example(GrantExample.manifest([("expires: 2026-07-01T00:00:00Z", "expires: 2026-12-31T00:00:00Z # ✗")])),
            ],
            check: .afterAttribution(["PrivilegeGrant"])),
        complaints: { grantCase in
            let idle = grantCase.used.isEmpty ? [] : grantCase.idle
            return grantCase.remarks(.tooWide)
                + idle.map { privilege in
                    let container = privilege.container.isEmpty ? "the Pod" : "container '\(privilege.container)'"
                    return GrantComplaint(place: privilege.place, message: "\(container) does not use '\(privilege.control)' \(privilege.value)")
                }
        })
}
