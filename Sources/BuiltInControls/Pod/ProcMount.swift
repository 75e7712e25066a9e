import Controls
import Documents
import Kubernetes

extension Control {
    /// Runtimes hide or write-protect parts of /proc. Unmasked, they let a container change kernel settings and read
    /// what belongs to the host.
    ///
    /// Fields: `securityContext.procMount` of every container. Allowed: unset, `Default`; from 1.35 on anything in a
    /// Pod with its own user namespace (`hostUsers: false`).
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let procMount = Control(
        id: "proc-mount",
        title: "Keep /proc masked",
        severity: .high,
        duty: "C5",
        summary: "An unmasked /proc lets a container read and change settings of the kernel it shares with others.",
        remedy: "Remove `procMount`, or give the Pod its own user namespace with `hostUsers: false` on Kubernetes 1.35 or newer.",
        references: [.podSecurity(.baseline, "procMount"), .ackPolicy("ACKPSPProcMount")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: builder}
            spec:
              hostUsers: false
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext: {procMount: Unmasked}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext: {procMount: Default}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: builder}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  procMount: Unmasked # ✗
            """,
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: builder}
                spec:
                  hostUsers: false
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                    securityContext:
                      procMount: Unmasked # ✗
                """, version: KubernetesVersion(1, 34)),
        ],
        checks: [
            .since(1, 0, .containers(judgeProcMount)),
            .since(
                1, 35,
                .containers { container, pod, report throws(WrongType) in
                    if pod.hasUserNamespace { return report.notApplicable() }
                    try judgeProcMount(container, pod, &report)
                }),
        ])
}

/// The rule without regard to user namespaces, which the restricted level keeps.
@Sendable
func judgeProcMount(_ container: Container, _ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    guard let procMount = container.securityContext.written("procMount"), procMount.exists, try !procMount.equals("Default") else { return }
    report.fail(procMount, "container '\(container.name)' mounts /proc as \(procMount.text)")
}
