import Controls
import Documents
import Kubernetes

extension Control {
    /// Unless it is forbidden, a process can gain more rights than its parent, through a setuid program for
    /// instance, and so become root inside the container.
    ///
    /// Fields: `securityContext.allowPrivilegeEscalation` of every container. Allowed: false. Windows Pods are left
    /// out from 1.25 on.
    /// Standard: Pod Security Standards, restricted, since 1.8, when the field came.
    static let privilegeEscalation = Control(
        id: "privilege-escalation",
        title: "Forbid privilege escalation",
        severity: .medium,
        duty: "C5",
        summary: "A setuid program in the image is enough for an attacker to become root in the container.",
        remedy: "Set `allowPrivilegeEscalation: false` on every container.",
        references: [
            .podSecurity(.restricted, "allowPrivilegeEscalation"), .cis("5.2.6"), .nsa("privilege escalation"),
            .ackPolicy("ACKPSPAllowPrivilegeEscalationContainer"), .ackInspection("privilegeEscalationAllowed"),
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
                securityContext: {allowPrivilegeEscalation: false}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              os: {name: windows}
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
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
                  allowPrivilegeEscalation: true # ✗
              - name: proxy # ✗
                image: registry.example.com/proxy:1.0
            """,
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec:
                  os: {name: windows}
                  containers:
                  - name: app # ✗
                    image: registry.example.com/app:1.0
                """, version: KubernetesVersion(1, 24)),
        ],
        checks: [
            .since(1, 8, .containers(judgeEscalation)),
            .since(
                1, 25,
                .containers { container, pod, report throws(WrongType) in
                    if pod.isWindows { return report.notApplicable() }
                    try judgeEscalation(container, pod, &report)
                }),
        ])
}

@Sendable
private func judgeEscalation(_ container: Container, _ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    guard try container.securityContext["allowPrivilegeEscalation"].bool() != false else { return }
    report.fail(
        container.node, missing: "securityContext.allowPrivilegeEscalation",
        "processes of container '\(container.name)' can gain more rights than it was started with", value: "allowPrivilegeEscalation")
}
