import Controls
import Documents
import Kubernetes

extension Control {
    /// Root in a container is root for the kernel unless a user namespace stands between them: a bug in the
    /// runtime, a mounted file or a stray capability then reaches the host.
    ///
    /// Fields: `securityContext.runAsNonRoot` of the Pod and of every container. Allowed: true; a container may
    /// leave it to the Pod. From 1.35 on Pods with their own user namespace (`hostUsers: false`) are left out.
    /// Standard: Pod Security Standards, restricted, since 1.0.
    static let runAsNonRoot = Control(
        id: "run-as-non-root",
        title: "Run as a user other than root",
        severity: .medium,
        duty: "C5",
        summary: "A process that breaks out of its container keeps its user id; as root it owns the node.",
        remedy: "Set `runAsNonRoot: true` in the Pod's security context and give the image a user other than 0.",
        references: [
            .podSecurity(.restricted, "runAsNonRoot"), .cis("5.2.7"), .nsa("non-root containers"),
            .ackPolicy("ACKPSPAllowedUsers"), .ackInspection("runAsRootAllowed"),
        ],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext: {runAsNonRoot: true}
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
                securityContext: {runAsNonRoot: true}
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
                  runAsNonRoot: false # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                runAsNonRoot: false # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext: {runAsNonRoot: true}
            """,
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec:
                  hostUsers: false
                  containers:
                  - name: app # ✗
                    image: registry.example.com/app:1.0
                """, version: KubernetesVersion(1, 34)),
        ],
        checks: [
            .since(1, 0, .pods(judgeNonRoot)),
            .since(
                1, 35,
                .pods { pod, report throws(WrongType) in
                    if pod.hasUserNamespace { return report.notApplicable() }
                    try judgeNonRoot(pod, &report)
                }),
        ])
}

/// `false` at the Pod is one finding there; containers that inherit it are not counted again.
@Sendable
private func judgeNonRoot(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    let ofPod = try pod.securityContext["runAsNonRoot"].bool()
    if ofPod == false { report.fail(pod.securityContext["runAsNonRoot"], "the Pod says that its containers may run as root") }
    for container in pod.containers {
        let own = try container.securityContext["runAsNonRoot"].bool()
        guard own != true, own == false || ofPod == nil else { continue }
        report.enter(container)
        report.fail(
            container.node, missing: "securityContext.runAsNonRoot", "container '\(container.name)' may run as root",
            value: own == false ? "false" : "")
    }
}
