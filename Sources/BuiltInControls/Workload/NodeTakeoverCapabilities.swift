import Controls
import Documents
import Kubernetes

extension Control {
    /// Most capabilities weaken a barrier; these remove it. SYS_ADMIN mounts the node's disks, SYS_MODULE loads code into
    /// its kernel, SYS_RAWIO and BPF reach its memory, DAC_READ_SEARCH opens any of its files by handle, SYS_PTRACE
    /// enters its processes where it sees them.
    ///
    /// Fields: `securityContext.capabilities.add` of every container. Allowed: anything but these and ALL. The Pod
    /// Security Standards judge the others.
    static let nodeTakeoverCapabilities = Control(
        id: "node-takeover-capabilities",
        title: "Add no capability that takes over the node",
        severity: .critical,
        duty: "P2b",
        summary: "With one of these capabilities a container reaches the kernel or the disks of its node: it is privileged under another name.",
        remedy: "Remove the capability, or apply for it with a grant that names the workload and an end date.",
        references: [
            .ackPolicy("ACKPSPCapabilities"), .ackInspection("capabilitiesAdded"), .nsa("capabilities"), Reference("mitre-attack", "T1611"),
        ],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  capabilities:
                    drop: [ALL]
                    add: [NET_BIND_SERVICE]
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  capabilities:
                    add:
                    - SYS_ADMIN # ✗
                    - cap_bpf # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            for item in try container.securityContext["capabilities"]["add"].items() {
                guard let written = try item.string() else { continue }
                let capability = TakeoverCapability.normalised(written)
                if TakeoverCapability.all.contains(capability) {
                    report.fail(item, "container '\(container.name)' adds \(capability), which reaches the node itself", value: capability)
                }
            }
        })
}
