import Controls
import Documents
import Kubernetes

extension Control {
    /// Keys written into a volume or its class are read by everyone who may look at it; PersistentVolumes and classes are readable
    /// across the cluster.
    ///
    /// Fields: `csi.volumeAttributes` and `flexVolume.options` of PersistentVolumes, `parameters` of StorageClasses, and inline
    /// `csi` and `flexVolume` volumes of Pods: names of access keys, secrets, passwords and tokens.
    static let volumeCredentials = Control(
        id: "volume-credentials",
        title: "Keep credentials out of volumes",
        severity: .high,
        duty: "C2",
        summary: "The key of a storage service stands in the volume, where everyone who may list volumes reads it.",
        remedy:
            "Put the key into a Secret and name it in `nodePublishSecretRef`, or use the identity of the service account (RRSA, IRSA, Workload Identity).",
        references: [Reference("cwe", "CWE-522"), Reference("mitre-attack", "T1552")],
        passing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: bucket}
            spec:
              csi:
                driver: ossplugin.csi.alibabacloud.com
                nodePublishSecretRef: {name: oss, namespace: shop}
                volumeAttributes: {bucket: shop}
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
                  bucket: shop
                  akId: example # ✗
                  akSecret: example # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers: [{name: app, image: registry.example.com/app:1.0}]
              volumes:
              - name: bucket
                csi:
                  driver: smb.csi.k8s.io
                  volumeAttributes:
                    password: example # ✗
            """,
        ],
        check: .objects(["PersistentVolume", "StorageClass"] + PodSpec.kinds) { object, report throws(WrongType) in
            if let pod = object.pod {
                for volume in try pod.node["volumes"].items() {
                    try judge(volume["csi"]["volumeAttributes"], object, &report)
                    try judge(volume["flexVolume"]["options"], object, &report)
                }
            } else if object.kind == "StorageClass" {
                try judge(object.root["parameters"], object, &report)
            } else {
                try judge(object.spec["csi"]["volumeAttributes"], object, &report)
                try judge(object.spec["flexVolume"]["options"], object, &report)
            }
        })
}

private func judge(_ attributes: Value, _ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard attributes.exists else { return }
    for key in credentialKeys {
        let attribute = attributes[key]
        guard attribute.withText({ !$0.isEmpty }) else { continue }
        report.fail(attribute, "\(object.displayName) holds a credential in '\(attribute.key)'", value: attribute.key)
    }
}

private let credentialKeys: [StaticString] = [
    "akId", "akSecret", "accessKeyId", "accessKeySecret", "accessKey", "secretKey", "secretAccessKey", "aws_secret_access_key", "password",
    "token", "azurestorageaccountkey", "restuserkey",
]
