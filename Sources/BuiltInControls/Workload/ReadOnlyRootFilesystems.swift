import Controls
import Documents
import Kubernetes

extension Control {
    /// Whoever breaks in wants to leave a tool behind; on a read-only file system there is no place for it.
    ///
    /// Fields: `securityContext.readOnlyRootFilesystem` of init, sidecar and regular containers on Linux. Allowed: true.
    /// A debugging container added by hand needs to write.
    static let readOnlyRootFilesystems = Control(
        id: "read-only-root-filesystems",
        title: "Make the root file system read-only",
        severity: .medium,
        duty: "C5",
        summary: "On a writable root file system an intruder can replace the program or leave tools behind.",
        remedy: "Set `readOnlyRootFilesystem: true` and mount an emptyDir with a `sizeLimit` where the program must write.",
        references: [
            .nsa("immutable container file systems"), .ackPolicy("ACKPSPReadOnlyRootFilesystem"), .ackInspection("notReadOnlyRootFileSystem"),
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
                  readOnlyRootFilesystem: true
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
                  readOnlyRootFilesystem: false # ✗
              - name: proxy # ✗
                image: registry.example.com/proxy:1.0
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            guard container.role != .ephemeral, !pod.isWindows else { return report.notApplicable() }
            let readOnly = container.securityContext["readOnlyRootFilesystem"]
            if try readOnly.bool() == true { return }
            report.fail(
                container.node, missing: "securityContext.readOnlyRootFilesystem",
                "container '\(container.name)' can write to its root file system", value: "writable")
        })
}
