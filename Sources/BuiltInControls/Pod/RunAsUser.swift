import Controls
import Documents
import Kubernetes

extension Control {
    /// User id 0 is root, whatever the image says.
    ///
    /// Fields: `securityContext.runAsUser` of the Pod and of every container. Allowed: unset, any id but 0. From 1.35
    /// on Pods with their own user namespace (`hostUsers: false`) are left out.
    /// Standard: Pod Security Standards, restricted, since 1.23.
    static let runAsUser = Control(
        id: "run-as-user",
        title: "Forbid user id 0",
        severity: .medium,
        duty: "C5",
        summary: "User id 0 makes the container's processes root for the kernel, even if its image names another user.",
        remedy: "Remove `runAsUser: 0` or name another id.",
        references: [
            .podSecurity(.restricted, "runAsUser"), .cis("5.2.7"), .nsa("non-root containers"),
            .ackPolicy("ACKPSPAllowedUsers"), .ackInspection("runAsRootAllowed"),
        ],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext: {runAsUser: 1000}
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              hostUsers: false
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext: {runAsUser: 0}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                runAsUser: 0 # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  runAsUser: 0 # ✗
            """
        ],
        checks: [
            .since(1, 23, .pods(judgeUser)),
            .since(
                1, 35,
                .pods { pod, report throws(WrongType) in
                    if pod.hasUserNamespace { return report.notApplicable() }
                    try judgeUser(pod, &report)
                }),
        ])
}

@Sendable
private func judgeUser(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    try pod.eachSecurityContext(with: "runAsUser", &report) { user, report throws(WrongType) in
        guard try user.int() == 0 else { return }
        let subject = report.subject
        report.fail(user, "\(subject) runs as user 0, which is root")
    }
}
