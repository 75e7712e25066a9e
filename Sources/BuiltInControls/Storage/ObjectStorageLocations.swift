import Controls
import Documents
import Kubernetes

extension Control {
    /// Data that must stay in a country leaves it when a volume names a bucket in another region.
    ///
    /// Fields: `csi.volumeAttributes.url` of PersistentVolumes with the OSS plugin, against `allowedObjectStorageLocations` of the settings
    /// (none set: not applicable).
    static let objectStorageLocations = Control(
        id: "object-storage-locations",
        title: "Keep object storage in the allowed regions",
        severity: .medium,
        duty: "C6",
        summary: "The volume's bucket lies in a region that the organisation does not allow.",
        remedy: "Use a bucket in an allowed region, or add the region to `allowedObjectStorageLocations`.",
        references: [.ackPolicy("ACKOSSStorageLocationConstraint")],
        passing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: bucket}
            spec: {csi: {driver: ossplugin.csi.alibabacloud.com, volumeAttributes: {url: oss-eu-central-1.aliyuncs.com}}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: bucket}
            spec:
              csi:
                driver: ossplugin.csi.alibabacloud.com
                volumeAttributes:
                  url: oss-us-west-1.aliyuncs.com # ✗
            """
        ],
        check: .objects(["PersistentVolume"]) { volume, report throws(WrongType) in
            let allowed = report.settings.allowedObjectStorageLocations
            guard !allowed.isEmpty, try volume.spec["csi"]["driver"].equals("ossplugin.csi.alibabacloud.com") else { return report.notApplicable() }
            let url = volume.spec["csi"]["volumeAttributes"]["url"]
            guard let text = try url.string() else { return report.notObservable(volume.spec, "PersistentVolume '\(volume.name)' names no endpoint") }
            let host = text.split(separator: "/").last { $0.contains(".") } ?? text[...]
            let isAllowed = allowed.contains { host.hasPrefix($0 + ".") || host.hasPrefix($0 + "-internal.") }
            if !isAllowed { report.fail(url, "PersistentVolume '\(volume.name)' lies at \(text)") }
        })
}
