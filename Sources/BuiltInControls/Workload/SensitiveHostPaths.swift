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
                guard isSensitive(path, readOnly: readOnly) else { return }
                let place = volume["hostPath"]["path"]
                report.fail(
                    place, "volume '\(volume["name"].text)' shows '\(place.text)' of the node\(readOnly ? ", read-only" : "")", readOnly: readOnly)
            }
        })
}

private func isSensitive(_ path: HostPath, readOnly: Bool) -> Bool {
    if harmlessPaths.contains(where: { path.isIn($0) }) { return false }
    if readOnly, pathsSafeToRead.contains(where: { path.isIn($0) }) { return false }
    return sensitiveDirectories.contains { path.isIn($0) } || sensitiveThemselves.contains(path.text)
}

/// With everything in them.
private let sensitiveDirectories = [
    "/etc", "/proc", "/sys", "/dev", "/boot", "/root", "/home", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt/cni", "/var/lib/kubelet",
    "/var/lib/etcd", "/var/lib/docker", "/var/lib/containerd", "/var/lib/containers", "/var/lib/crio", "/var/lib/rancher", "/var/lib/cni",
    "/var/spool/cron",
]

/// Only as a whole, since they hold the ones above.
private let sensitiveThemselves = ["/", "/var", "/var/lib", "/run", "/opt"]

/// Facts about time zones, names and public certificates.
private let harmlessPaths = [
    "/etc/localtime", "/etc/timezone", "/etc/os-release", "/etc/ssl/certs", "/etc/pki/ca-trust", "/etc/pki/tls/certs",
    "/usr/share/zoneinfo", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates", "/usr/lib/os-release", "/dev/null", "/dev/urandom",
]

private let pathsSafeToRead = ["/sys", "/lib/modules", "/usr/src", "/etc/hosts", "/etc/resolv.conf", "/etc/machine-id", "/etc/passwd", "/etc/group"]
