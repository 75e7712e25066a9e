import Controls
import Documents
import Kubernetes

extension Control {
    /// Unless the kubelet is told otherwise, a container without a seccomp profile runs without seccomp: every
    /// system call is open to whoever breaks in.
    ///
    /// Fields: `securityContext.seccompProfile.type` of the Pod or of every container. Allowed: RuntimeDefault,
    /// Localhost; a container may leave it to the Pod. Windows Pods are left out from 1.25 on.
    /// Standard: Pod Security Standards, restricted, since 1.19; takes the place of the baseline check there.
    static let requiredSeccompProfile = Control(
        id: "required-seccomp-profile",
        title: "Require a seccomp profile",
        severity: .medium,
        duty: "C5",
        summary: "A container without a seccomp profile may call every part of the kernel, whether its program needs it or not.",
        remedy: "Set `seccompProfile: {type: RuntimeDefault}` in the Pod's security context.",
        references: [.podSecurity(.restricted, "seccompProfile_restricted"), .cis("5.6.2"), .nsa("seccomp"), .ackPolicy("ACKPSPSeccomp")],
        overrides: ["seccomp-profile"],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                seccompProfile: {type: RuntimeDefault}
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  seccompProfile: {type: Localhost, localhostProfile: app.json}
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
              - name: app # ✗
                image: registry.example.com/app:1.0
              - name: proxy
                image: registry.example.com/proxy:1.0
                securityContext:
                  seccompProfile:
                    type: Unconfined # ✗
              - name: logger
                image: registry.example.com/logger:1.0
                securityContext: {} # ✗
            """
        ],
        checks: [
            .since(1, 19, .pods(judgeProfiles)),
            .since(
                1, 25,
                .pods { pod, report throws(WrongType) in
                    if pod.isWindows { return report.notApplicable() }
                    try judgeProfiles(pod, &report)
                }),
        ])
}

/// A bad profile of the Pod is one finding at the Pod; containers that inherit it are not counted again.
@Sendable
private func judgeProfiles(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    let isSetForPod = try judgeSeccompProfile(pod.securityContext.written("seccompProfile"), &report)
    for container in pod.containers {
        report.enter(container)
        let isSet = try judgeSeccompProfile(container.securityContext.written("seccompProfile"), &report)
        guard !isSet, !isSetForPod else { continue }
        report.fail(
            container.node, missing: "securityContext.seccompProfile.type", "container '\(container.name)' has no seccomp profile", value: "")
    }
}
