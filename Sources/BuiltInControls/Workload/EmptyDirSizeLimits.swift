import Controls
import Documents
import Kubernetes

extension Control {
    /// An emptyDir without a limit grows until the node's disk is full, or, with `medium: Memory`, until the memory of
    /// the Pod is.
    ///
    /// Fields: `volumes[*].emptyDir.sizeLimit`. Allowed: a size.
    static let emptyDirSizeLimits = Control(
        id: "empty-dir-size-limits",
        title: "Limit the size of emptyDir volumes",
        severity: .low,
        duty: "C8b",
        summary: "A volume without a size limit grows until its node has no disk or memory left for anyone.",
        remedy: "Set `sizeLimit` to what the program needs at most.",
        references: [.ackPolicy("ACKEmptyDirHasSizeLimit")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              volumes:
              - name: tmp
                emptyDir: {sizeLimit: 64Mi}
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
              volumes:
              - name: tmp
                emptyDir: {} # ✗
              - name: cache
                emptyDir: {medium: Memory} # ✗
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for volume in try pod.node["volumes"].items() {
                let directory = volume["emptyDir"]
                guard directory.isWritten, !directory["sizeLimit"].exists else { continue }
                report.fail(directory, "the emptyDir '\(volume["name"].text)' has no size limit", value: volume["name"].text)
            }
        })
}
