import Controls
import Documents
import Kubernetes

extension Control {
    /// Volume types of storage systems that a Pod names directly bypass the PersistentVolumes that the platform
    /// vouches for, carry credentials in the Pod and mount through drivers of the node.
    ///
    /// Fields: `spec.volumes[*]`. Allowed: configMap, csi, downwardAPI, emptyDir, ephemeral, image,
    /// persistentVolumeClaim, projected, secret. A volume without a type is an emptyDir, as the API server sets it.
    /// Standard: Pod Security Standards, restricted, since 1.0; takes the place of the check for hostPath there.
    static let volumeTypes = Control(
        id: "volume-types",
        title: "Use only core volume types",
        severity: .medium,
        duty: "C5",
        summary: "A volume type outside the core set reaches the node's files or a storage system without a PersistentVolume in between.",
        remedy: "Mount the storage through a PersistentVolumeClaim or a CSI volume.",
        references: [
            .podSecurity(.restricted, "restrictedVolumes"), .ackPolicy("ACKPSPVolumeTypes"), .ackPolicy("ACKPSPFlexVolumes"),
            .ackPolicy("ACKBlockVolumeTypes"),
        ],
        overrides: ["host-path-volumes"],
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
              - {name: scratch}
              - {name: settings, configMap: {name: settings}}
              - {name: data, persistentVolumeClaim: {claimName: data}}
              - {name: model, image: {reference: registry.example.com/model:1.0}}
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
              - name: share
                nfs: {server: files.example.com, path: /} # ✗
              - name: logs
                hostPath: # ✗
                  path: /var/log
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard let volumes = pod.node.written("volumes") else { return }
            for volume in try volumes.items() {
                for source in try volume.entries() where !source.isKeyed("name") && source.exists {
                    _ = try source.entries()
                    if source.isKeyed(anyOf: coreVolumes) { continue }
                    let name = try volume["name"].string() ?? ""
                    let path = source.isKeyed("hostPath") ? try source["path"].string() ?? "" : nil
                    report.fail(
                        source, "volume '\(name)' has the type \(source.key)", value: path ?? source.key,
                        readOnly: try pod.mountsOnlyForReading(volume))
                }
            }
        })
}

private let coreVolumes: [StaticString] = [
    "emptyDir", "configMap", "secret", "projected", "persistentVolumeClaim", "csi", "downwardAPI", "ephemeral", "image",
]
