import Controls
import Documents
import Kubernetes

extension Control {
    /// A volume without encryption is readable on a lost disk, a stolen snapshot or a wrongly shared backup.
    ///
    /// Fields: `provisioner` and `parameters` of StorageClasses. Disks of Alibaba Cloud and AWS, Longhorn, Ceph and Portworx are encrypted on
    /// request; those of Google, Azure, Oracle and DigitalOcean always. File and object stores, local disks and unknown provisioners
    /// are encrypted, or not, outside the manifest.
    static let storageClassEncryption = Control(
        id: "storage-class-encryption",
        title: "Encrypt volumes of a StorageClass",
        severity: .medium,
        duty: "C2",
        summary: "Volumes of this class are written to disk unencrypted, so a lost disk or a shared snapshot gives the data away.",
        remedy: "Set the provisioner's parameter, such as `encrypted: \"true\"`, in a new class and move the volumes over.",
        references: [Reference("cwe", "CWE-311")],
        passing: [
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: encrypted}
            provisioner: diskplugin.csi.alibabacloud.com
            parameters: {type: cloud_essd, encrypted: "true"}
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: google}
            provisioner: pd.csi.storage.gke.io
            """
        ],
        failing: [
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: plain}
            provisioner: ebs.csi.aws.com
            parameters: # ✗
              type: gp3
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: plainer}
            provisioner: diskplugin.csi.alibabacloud.com
            parameters:
              encrypted: "false" # ✗
            """,
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: files}
            provisioner: efs.csi.aws.com # ✗
            """,
        ],
        check: .objects(["StorageClass"], judgeEncryption))
}

private func judgeEncryption(_ storageClass: KubernetesObject, _ report: inout Report) throws(WrongType) {
    let provisioner = storageClass.root["provisioner"]
    let parameters = storageClass.root["parameters"]
    for name in alwaysEncrypted where try provisioner.equals(name) { return }
    for (name, key) in encryptedOnRequest where try provisioner.equals(name) {
        let parameter = parameters[key]
        if try parameter.equals("true", or: "True") { return }
        return report.fail(
            parameter.isWritten ? parameter : parameters.isWritten ? parameters : provisioner,
            "volumes of StorageClass '\(storageClass.name)' are not encrypted", value: storageClass.name)
    }
    // File systems that the NAS plugin makes itself are encrypted on request, others were made elsewhere.
    if try provisioner.equals("nasplugin.csi.alibabacloud.com"), try parameters["volumeAs"].equals("filesystem") {
        let encryption = parameters["encryptType"]
        if try encryption.equals("1", or: "2") { return }
        return report.fail(
            encryption.isWritten ? encryption : parameters, "file systems of StorageClass '\(storageClass.name)' are not encrypted",
            value: storageClass.name)
    }
    guard provisioner.exists else { return report.notApplicable() }
    report.notObservable(provisioner, "whether volumes of \(provisioner.text) are encrypted is decided outside the StorageClass")
}

/// Sources: the documentation of each driver.
private let alwaysEncrypted: [StaticString] = [
    "pd.csi.storage.gke.io", "kubernetes.io/gce-pd", "filestore.csi.storage.gke.io", "disk.csi.azure.com", "kubernetes.io/azure-disk",
    "file.csi.azure.com", "kubernetes.io/azure-file", "blob.csi.azure.com", "blockvolume.csi.oraclecloud.com", "dobs.csi.digitalocean.com",
]

private let encryptedOnRequest: [(StaticString, StaticString)] = [
    ("diskplugin.csi.alibabacloud.com", "encrypted"), ("alicloud/disk", "encrypted"), ("ebs.csi.aws.com", "encrypted"),
    ("ebs.csi.eks.amazonaws.com", "encrypted"), ("kubernetes.io/aws-ebs", "encrypted"), ("driver.longhorn.io", "encrypted"),
    ("rbd.csi.ceph.com", "encrypted"), ("rook-ceph.rbd.csi.ceph.com", "encrypted"), ("cephfs.csi.ceph.com", "encrypted"),
    ("pxd.portworx.com", "secure"),
]
