import Controls
import Documents
import Kubernetes

extension Control {
    /// A volume made by hand without a `claimRef` goes to the first claim that fits, from any namespace, with whatever data is on it.
    ///
    /// Fields: `spec.claimRef` of PersistentVolumes. Allowed: a namespace and name.
    static let unboundPersistentVolumes = Control(
        id: "unreserved-persistent-volumes",
        title: "Reserve PersistentVolumes for their claim",
        severity: .low,
        duty: "C6",
        summary: "A claim of any namespace may bind the volume and read what is on it.",
        remedy: "Set `spec.claimRef` with the namespace and name of the claim it is for.",
        passing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: data}
            spec:
              claimRef: {namespace: shop, name: data}
              csi: {driver: nasplugin.csi.alibabacloud.com, volumeHandle: data}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: data}
            spec: # ✗
              csi: {driver: nasplugin.csi.alibabacloud.com, volumeHandle: data}
            """
        ],
        check: .objects(["PersistentVolume"]) { volume, report throws(WrongType) in
            let claim = volume.spec["claimRef"]
            if try claim["name"].string() != nil, try claim["namespace"].string() != nil { return }
            report.fail(
                volume.spec, missing: "claimRef.namespace", "PersistentVolume '\(volume.name)' goes to any claim that fits", value: volume.name)
        })
}
