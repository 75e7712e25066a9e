import Controls
import Documents
import Kubernetes

extension Control {
    /// A privileged container has every capability, every device of the host and no seccomp or AppArmor
    /// profile: whoever breaks into it owns the node.
    ///
    /// Fields: `securityContext.privileged` of every container. Allowed: unset, false.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let privilegedContainers = Control(
        id: "privileged-containers",
        title: "Forbid privileged containers",
        severity: .critical,
        duty: "C5",
        summary: "A privileged container sees all devices of its host and no kernel protection applies to it, so a break-in ends on the node.",
        remedy: "Remove `privileged: true`; if one capability is what the program needs, apply for that one.",
        references: [
            .podSecurity(.baseline, "privileged"), .cis("5.2.2"), .nsa("privileged containers"),
            .ackPolicy("ACKPSPPrivilegedContainer"), .ackInspection("runAsPrivileged"),
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
                  privileged: false
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
                  privileged: true # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            guard let privileged = container.securityContext.written("privileged") else { return }
            if try privileged.bool() == true { report.fail(privileged, "container '\(container.name)' is privileged") }
        })
}
