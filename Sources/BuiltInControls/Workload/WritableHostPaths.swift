import Controls
import Documents
import Kubernetes

extension Control {
    /// What a container writes on its node outlives it and is read by programs of the node and of other tenants.
    ///
    /// Fields: `volumeMounts[*].readOnly` of every container, for volumes of type hostPath. Allowed: true.
    static let writableHostPaths = Control(
        id: "writable-host-paths",
        title: "Mount host paths read-only",
        severity: .high,
        duty: "C5",
        summary: "What a container writes to its node stays there and is read by others: the shortest way out of a container.",
        remedy: "Set `readOnly: true` on the mount, or use an emptyDir or a persistent volume instead.",
        references: [.nsa("hostPath volumes"), .ackPolicy("ACKPSPHostFilesystem")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                volumeMounts:
                - {name: host, mountPath: /data, readOnly: true}
              volumes:
              - name: host
                hostPath: {path: /srv/data}
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
                volumeMounts:
                - name: host # ✗
                  mountPath: /data
                - name: host
                  mountPath: /more
                  readOnly: false # ✗
              volumes:
              - name: host
                hostPath: {path: /srv/data}
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            try pod.forEachHostPath { volume, path throws(WrongType) in
                let name = volume["name"].text
                for mount in try container.mounts(of: name) {
                    if try mount["readOnly"].bool() == true { continue }
                    report.fail(mount, missing: "readOnly", "container '\(container.name)' can write to '\(path.text)' of its node", value: path.text)
                }
            }
        })
}
