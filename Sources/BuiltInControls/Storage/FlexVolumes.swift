import Controls
import Documents
import Kubernetes

extension Control {
    /// A FlexVolume driver is a program on the node that runs as root with the options a volume gives it. The interface is
    /// deprecated since 1.23 and gets no more care.
    ///
    /// Fields: `flexVolume` of Pod volumes and PersistentVolumes. Allowed: none.
    static let flexVolumes = Control(
        id: "flex-volumes",
        title: "Forbid FlexVolumes",
        severity: .medium,
        duty: "C5",
        summary: "A FlexVolume runs a program on the node as root with options from the manifest, through an interface nobody maintains.",
        remedy: "Use the CSI driver of the storage.",
        references: [.ackPolicy("ACKPSPFlexVolumes")],
        passing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: data}
            spec: {csi: {driver: diskplugin.csi.alibabacloud.com, volumeHandle: d-example}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: data}
            spec:
              flexVolume:
                driver: alicloud/disk # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers: [{name: app, image: registry.example.com/app:1.0}]
              volumes:
              - name: data
                flexVolume:
                  driver: alicloud/nas # ✗
            """,
        ],
        check: .objects(["PersistentVolume"] + PodSpec.kinds) { object, report throws(WrongType) in
            if let pod = object.pod {
                for volume in try pod.node["volumes"].items() { judge(volume["flexVolume"], object, &report) }
            } else {
                judge(object.spec["flexVolume"], object, &report)
            }
        })
}

private func judge(_ flexVolume: Value, _ object: KubernetesObject, _ report: inout Report) {
    guard flexVolume.exists else { return }
    let driver = flexVolume["driver"]
    report.fail(driver.isWritten ? driver : flexVolume, "\(object.displayName) uses the FlexVolume driver \(driver.text)")
}
