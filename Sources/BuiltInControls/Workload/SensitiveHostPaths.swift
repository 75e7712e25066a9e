import Controls
import Documents
import Kubernetes

extension Control {
    /// Some directories of a node are the node: its configuration, its devices, its kubelet with the Secrets of all
    /// Pods, its container runtime, its programs.
    ///
    /// Fields: `volumes[*].hostPath.path`. Allowed: other paths, and harmless files such as `/etc/localtime`. `/sys`
    /// and `/lib/modules` are harmless while read-only. The sockets have a control of their own.
    static let sensitiveHostPaths = Control(
        id: "sensitive-host-paths",
        title: "Keep the node's own directories out of Pods",
        severity: .critical,
        duty: "C5",
        summary: "These directories hold the node's credentials, devices and programs: reading them exposes every Pod, writing them takes the node.",
        remedy: "Remove the volume. Use an emptyDir, a ConfigMap or a CSI volume; an agent that must look at the node needs a grant.",
        references: [.nsa("hostPath volumes"), .ackPolicy("ACKPSPHostFilesystem"), Reference("mitre-attack", "T1611")],
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
                  path: /etc/localtime
            """,
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
                  path: / # ✗
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
                  path: /opt/../etc/kubernetes/ # ✗
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
                  path: /var/lib/kubelet/pods # ✗
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            try pod.forEachHostPath { volume, path throws(WrongType) in
                let readOnly = try pod.mountsReadOnly(volume)
                guard path.isSensitive(readOnly: readOnly) else { return }
                let place = volume["hostPath"]["path"]
                report.fail(
                    place, "volume '\(volume["name"].text)' shows '\(place.text)' of the node\(readOnly ? ", read-only" : "")", readOnly: readOnly)
            }
        })
}
