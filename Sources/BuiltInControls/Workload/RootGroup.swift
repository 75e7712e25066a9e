import Controls
import Documents
import Kubernetes

extension Control {
    /// Many images and nodes leave files writable for group root, believing that only root is in it.
    ///
    /// Fields: `runAsGroup` of the Pod and of every container, `fsGroup` and `supplementalGroups` of the Pod, on Linux.
    /// Allowed: unset, or any but 0, or any in a user namespace.
    static let rootGroup = Control(
        id: "root-group",
        title: "Keep processes and volumes out of group root",
        severity: .medium,
        duty: "C5",
        summary: "Files that group root may write are many; a process in that group is half way to being root.",
        remedy: "Use another group, 10000 or above, and give it the files the program needs.",
        references: [.ackPolicy("ACKPSPAllowedUsers"), .ackPolicy("ACKPSPFSGroup")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext: {runAsGroup: 10001}
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                fsGroup: 0 # ✗
                supplementalGroups:
                - 0 # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  runAsGroup: 0 # ✗
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard pod.sharesIDsWithNode else { return report.notApplicable() }
            try pod.forEachGroup { place, container, what throws(WrongType) in
                guard try place.int() == 0 else { return }
                if let container { report.enter(container) }
                report.fail(place, "\(what) is root's (0)")
            }
        })
}
