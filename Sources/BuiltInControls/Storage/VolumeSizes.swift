import Controls
import Documents
import Kubernetes

extension Control {
    /// A claim without a limit on its size is a bill and, on shared storage, other tenants' missing space.
    ///
    /// Fields: `spec.resources.requests.storage` of PersistentVolumeClaims and `spec.capacity.storage` of PersistentVolumes. Allowed: up to
    /// `maximumVolumeSize` of the settings (10 TiB unless set).
    static let volumeSizes = Control(
        id: "volume-sizes",
        title: "Limit the size of volumes",
        severity: .low,
        duty: "C6",
        summary: "The volume is larger than the organisation allows.",
        remedy: "Ask for less, or raise `maximumVolumeSize` in the settings.",
        references: [.ackPolicy("ACKPVSizeConstraint")],
        passing: [
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources:
                requests:
                  storage: 11Ti # ✗
            """
        ],
        check: .objects(["PersistentVolumeClaim", "PersistentVolume"]) { object, report throws(WrongType) in
            let maximum = report.settings.maximumVolumeSize
            guard let limit = Quantity(maximum) else { return report.notApplicable() }
            let size = object.kind == "PersistentVolume" ? object.spec["capacity"]["storage"] : object.spec["resources"]["requests"]["storage"]
            guard let asked = try size.quantity(), asked > limit else { return }
            report.fail(size, "\(object.displayName) asks for \(size.text), more than \(maximum)")
        })
}
