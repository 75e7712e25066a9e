import Controls
import Documents
import Kubernetes

extension Control {
    /// Capabilities beyond the runtime's default set give parts of root's power over the kernel: NET_ADMIN over
    /// interfaces and firewalls, SYS_ADMIN over nearly everything.
    ///
    /// Fields: `securityContext.capabilities.add[*]` of every container. Allowed: the thirteen of the list below,
    /// compared as written. One finding for each capability.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let addedCapabilities = Control(
        id: "added-capabilities",
        title: "Add no capabilities beyond the default set",
        severity: .high,
        duty: "C5",
        summary: "A capability beyond the default set is a piece of root's power over the kernel that all containers of the node share.",
        remedy: "Remove the capability from `capabilities.add`; if the program cannot do without, apply for this one capability.",
        references: [
            .podSecurity(.baseline, "capabilities_baseline"), .cis("5.2.8"), .cis("5.2.9"), Reference("cis-1.11", "5.2.9"), .nsa("capabilities"),
            .ackPolicy("ACKPSPCapabilities"), .ackInspection("capabilitiesAdded"),
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
                    add: [CHOWN, NET_BIND_SERVICE]
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
                    - NET_ADMIN # ✗
                    - CHOWN
                    - CAP_CHOWN # ✗
                    - ALL # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            guard let added = container.securityContext.written("capabilities")?.written("add") else { return }
            for capability in try added.items()
            where try !capability.equals(anyOf: defaultCapabilities) {
                report.fail(
                    capability, "container '\(container.name)' adds the capability \(capability.text)", value: grantedCapability(capability.text))
            }
        })
}

/// What runtimes give by default and the standard lets a container name.
private let defaultCapabilities: [StaticString] = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID",
    "SYS_CHROOT",
]
