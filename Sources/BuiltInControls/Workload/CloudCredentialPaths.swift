import Controls
import Documents
import Kubernetes

extension Control {
    /// Files with cloud keys lie at well-known places of a node or of an administrator's home; a Pod that mounts one
    /// acts as the node or the administrator in the cloud account.
    ///
    /// Fields: `volumes[*].hostPath.path`. Allowed: anything but the well-known places of cloud and cluster credentials.
    static let cloudCredentialPaths = Control(
        id: "cloud-credential-paths",
        title: "Keep cloud credentials of the node out of Pods",
        severity: .high,
        duty: "C3",
        summary: "A Pod that mounts the node's cloud credentials acts as the node, or as an administrator, in the cloud account.",
        remedy: "Remove the volume and give the ServiceAccount an identity of its own (RRSA, IRSA, workload identity).",
        references: [Reference("mitre-attack", "T1552.001")],
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
              - name: host
                hostPath:
                  path: /var/lib/app
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
              - name: host
                hostPath:
                  path: /root/.aws/credentials # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              volumes:
              - name: host
                hostPath:
                  path: /etc/kubernetes/azure.json # ✗
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            try pod.forEachHostPath { volume, path throws(WrongType) in
                let isInHome = path.text.split(separator: "/").contains { step in credentialDirectories.contains { step == $0 } }
                guard isInHome || credentialFiles.contains(where: { path.isIn($0) }) else { return }
                let place = volume["hostPath"]["path"]
                report.fail(
                    place, "volume '\(volume["name"].text)' holds credentials of the cloud or cluster: '\(place.text)'",
                    readOnly: try pod.mountsReadOnly(volume))
            }
        })
}

/// In anyone's home.
private let credentialDirectories = [".aws", ".azure", ".aliyun", ".acs", ".gcloud", "gcloud", ".kube", ".docker", ".ssh"]

private let credentialFiles = [
    "/etc/kubernetes/azure.json", "/etc/kubernetes/cloud-config", "/etc/kubernetes/cloud.conf", "/etc/kubernetes/admin.conf",
    "/etc/kubernetes/super-admin.conf", "/etc/gce.conf", "/run/secrets/eks.amazonaws.com",
]
