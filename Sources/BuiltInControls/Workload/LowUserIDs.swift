import Controls
import Documents
import Kubernetes

extension Control {
    /// Ids below 10,000 belong to accounts of the node; whoever leaves the container with such an id is somebody there.
    ///
    /// Fields: `runAsUser` of the Pod and of every container on Linux. Allowed: unset, or 10,000 and above, or any in a
    /// user namespace (`hostUsers: false`). Root (0) is a matter of the Pod Security Standards.
    static let lowUserIDs = Control(
        id: "low-user-ids",
        title: "Run as a user id that no account of the node has",
        severity: .low,
        duty: "C5",
        summary: "A process that leaves its container keeps its user id; low ids are accounts of the node.",
        remedy: "Set `runAsUser` to 10000 or above and give the program's files to that id.",
        references: [.ackPolicy("ACKPSPAllowedUsers")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext: {runAsUser: 10001}
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
              securityContext: {runAsUser: 1000}
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
              securityContext:
                runAsUser: 1000 # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard pod.sharesIDsWithNode else { return report.notApplicable() }
            let field = pod.securityContext["runAsUser"]
            if let id = try field.int(), id > 0, id < 10_000 { report.fail(field, "the Pod runs as user \(id), an id of the node's own accounts") }
            for container in pod.containers {
                report.enter(container)
                let field = container.securityContext["runAsUser"]
                if let id = try field.int(), id > 0, id < 10_000 {
                    report.fail(field, "container '\(container.name)' runs as user \(id), an id of the node's own accounts")
                }
            }
        })
}

extension PodSpec {
    /// Whether user and group ids mean the same inside the Pod and on its node.
    var sharesIDsWithNode: Bool { !isWindows && !hasUserNamespace }
}
