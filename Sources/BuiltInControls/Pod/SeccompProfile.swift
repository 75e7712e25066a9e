import Controls
import Documents
import Kubernetes

extension Control {
    /// A seccomp profile keeps a container from system calls that no application needs and that most kernel
    /// exploits use. `Unconfined` opens all of them.
    ///
    /// Fields, from 1.19 on: `securityContext.seccompProfile.type` of the Pod and of every container; before, the
    /// annotations `seccomp.security.alpha.kubernetes.io/pod` and `container.seccomp.security.alpha.kubernetes.io/…`.
    /// Allowed: unset, RuntimeDefault, Localhost; as annotation `runtime/default`, `docker/default`, `localhost/…`.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let seccompProfile = Control(
        id: "seccomp-profile",
        title: "Forbid switching seccomp off",
        severity: .high,
        duty: "C5",
        summary: "Without seccomp every system call is open, and with it every bug of the kernel behind one.",
        remedy: "Set `seccompProfile.type` to RuntimeDefault, or to Localhost with a profile of your own.",
        references: [.podSecurity(.baseline, "seccompProfile_baseline"), .cis("5.6.2"), .nsa("seccomp"), .ackPolicy("ACKPSPSeccomp")],
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
                securityContext:
                  seccompProfile: {type: Localhost, localhostProfile: app.json}
            """,
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: web
                  annotations:
                    seccomp.security.alpha.kubernetes.io/pod: docker/default
                    container.seccomp.security.alpha.kubernetes.io/gone: unconfined
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                """, version: KubernetesVersion(1, 18)),
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                seccompProfile:
                  type: Unconfined # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  seccompProfile:
                    type: Unconfined # ✗
            """,
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: web
                  annotations:
                    seccomp.security.alpha.kubernetes.io/pod: unconfined # ✗
                    container.seccomp.security.alpha.kubernetes.io/app: unconfined # ✗
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                """, version: KubernetesVersion(1, 18)),
        ],
        checks: [
            .since(1, 0, .pods(judgeAnnotations)),
            .since(
                1, 19,
                .pods { pod, report throws(WrongType) in
                    try pod.eachSecurityContext(with: "seccompProfile", &report) { profile, report throws(WrongType) in
                        _ = try judgeSeccompProfile(profile, &report)
                    }
                }),
        ])
}

/// Judges a profile that is written down.
/// - Returns: whether one is written down, be it good or bad.
func judgeSeccompProfile(_ profile: Value?, _ report: inout Report) throws(WrongType) -> Bool {
    guard let profile, profile.exists else { return false }
    let type = profile["type"]
    if try !type.equals(anyOf: confiningProfileTypes) {
        let subject = report.subject
        report.fail(profile, missing: "type", "\(subject) has the seccomp profile '\(type.text)'", value: type.text)
    }
    return true
}

/// Only annotations of containers that exist count, as the standard has it.
@Sendable
private func judgeAnnotations(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    guard pod.annotations.exists else { return }
    try judgeAnnotation(pod.annotations["seccomp.security.alpha.kubernetes.io/pod"], &report)
    for container in pod.containers {
        report.enter(container)
        try judgeAnnotation(pod.annotations.entry(named: "container.seccomp.security.alpha.kubernetes.io/" + container.name), &report)
    }
}

private func judgeAnnotation(_ annotation: Value, _ report: inout Report) throws(WrongType) {
    guard annotation.isWritten else { return }
    if try annotation.equals(anyOf: confiningAnnotations) { return }
    if try annotation.hasPrefix("localhost/") { return }
    let subject = report.subject
    report.fail(annotation, "an annotation gives \(subject) the seccomp profile '\(annotation.text)'")
}

private let confiningAnnotations: [StaticString] = ["runtime/default", "docker/default"]
