import Controls
import Documents
import Kubernetes

extension Control {
    /// With the policy `Delete`, which is the default, removing a claim removes the disk with its data: a mistyped command or a
    /// stolen right to delete claims is enough to lose it.
    ///
    /// Fields: `reclaimPolicy` of StorageClasses. Allowed: `Retain`.
    static let storageClassReclaimPolicy = Control(
        id: "storage-class-reclaim-policy",
        title: "Keep volumes when their claims go",
        severity: .low,
        duty: "C6",
        summary: "Deleting a claim of this class deletes its data.",
        remedy: "Set `reclaimPolicy: Retain` for classes that hold what can't be made again.",
        references: [Reference("mitre-attack", "T1485")],
        passing: [
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: kept}
            provisioner: diskplugin.csi.alibabacloud.com
            reclaimPolicy: Retain
            """
        ],
        failing: [
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: gone}
            provisioner: diskplugin.csi.alibabacloud.com
            reclaimPolicy: Delete # ✗
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: default}
            provisioner: diskplugin.csi.alibabacloud.com # ✗
            """
        ],
        check: .objects(["StorageClass"]) { storageClass, report throws(WrongType) in
            let policy = storageClass.root["reclaimPolicy"]
            if try policy.equals("Retain") { return }
            report.fail(
                policy.isWritten ? policy : storageClass.root["provisioner"].isWritten ? storageClass.root["provisioner"] : storageClass.metadata,
                "volumes of StorageClass '\(storageClass.name)' are deleted with their claims", value: storageClass.name)
        })
}
