import Controls
import Documents
import Kubernetes

extension Control {
    /// A hostPath volume mounts a directory of the node. Written to, most of them lead to the node itself; read, they
    /// show other tenants' Secrets, logs and credentials.
    ///
    /// Fields: `spec.volumes[*].hostPath`. Allowed: unset.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let hostPathVolumes = Control(
        id: "host-path-volumes",
        title: "Forbid hostPath volumes",
        severity: .high,
        duty: "C5",
        summary: "A hostPath volume gives a container files of the node, with which it can read other tenants' data or take over the node.",
        remedy: "Use an emptyDir, a PersistentVolumeClaim or a CSI volume; if a path of the node is what the program needs, apply for it read-only.",
        references: [
            .podSecurity(.baseline, "hostPathVolumes"), .cis("5.2.11"), .ackPolicy("ACKPSPHostFilesystem"),
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
              volumes:
              - name: cache
                emptyDir: {}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: agent}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                volumeMounts:
                - {name: logs, mountPath: /logs, readOnly: true}
              volumes:
              - name: logs
                hostPath: {path: /var/log} # ✗
              - name: root
                hostPath: # ✗
                  path: /
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard let volumes = pod.node.written("volumes") else { return }
            for volume in try volumes.items() {
                _ = try volume.entries()
                guard let source = volume.written("hostPath"), source.exists else { continue }
                _ = try source.entries()
                let path = try source["path"].string() ?? ""
                let name = try volume["name"].string() ?? ""
                report.fail(
                    source, "volume '\(name)' is the directory '\(path)' of the host", value: path,
                    readOnly: try pod.mountsOnlyForReading(volume))
            }
        })
}

extension PodSpec {
    /// Whether each mount of this volume is read-only. A volume that nothing mounts yet is not: whoever adds a
    /// mount later could write.
    func mountsOnlyForReading(_ volume: Value) throws(WrongType) -> Bool {
        let name = try volume["name"].string() ?? ""
        var isMounted = false
        for container in containers {
            for mount in try container.mounts(of: name) {
                guard try mount["readOnly"].bool() == true else { return false }
                isMounted = true
            }
        }
        return isMounted
    }
}
