import Controls
import Documents
import Kubernetes

extension Control {
    /// Logs, the writable layer and emptyDir volumes share the node's disk. A container that fills it has its
    /// neighbours evicted.
    ///
    /// Fields: `resources.limits.ephemeral-storage` of every regular and sidecar container. Allowed: a limit, a
    /// default of a LimitRange, or a container that cannot write to the node's disk: a read-only root file system
    /// and no emptyDir without a size limit.
    static let ephemeralStorageLimits = Control(
        id: "ephemeral-storage-limits",
        title: "Limit the local storage of containers that write to it",
        severity: .low,
        duty: "C8b",
        summary: "Whatever a container writes to its own file system fills the node's disk, and the node then evicts its neighbours.",
        remedy: "Set `resources.limits.ephemeral-storage`, or make the root file system read-only and give each emptyDir a `sizeLimit`.",
        references: [.ackPolicy("ACKContainerLimits")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                resources:
                  limits: {ephemeral-storage: 1Gi}
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
                  readOnlyRootFilesystem: true
              volumes:
              - name: tmp
                emptyDir: {sizeLimit: 64Mi}
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
                securityContext: {readOnlyRootFilesystem: false}
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            guard container.role == .regular || container.role == .sidecar else { return report.notApplicable() }
            if try container.securityContext["readOnlyRootFilesystem"].bool() == true, try !pod.hasUnboundedEmptyDir() { return }
            try requireResource("ephemeral-storage", in: .limits, of: container, pod, &report)
        })
}

extension PodSpec {
    /// Whether some emptyDir on the node's disk may grow without an end.
    fileprivate func hasUnboundedEmptyDir() throws(WrongType) -> Bool {
        for volume in try node["volumes"].items() {
            let directory = volume["emptyDir"]
            if directory.isWritten, !directory["sizeLimit"].exists, try !directory["medium"].equals("Memory") { return true }
        }
        return false
    }
}
