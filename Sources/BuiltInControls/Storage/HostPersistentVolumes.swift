import Controls
import Documents
import Kubernetes

extension Control {
    /// A PersistentVolume over a path of the host gives a Pod that path without any `hostPath` in the Pod, so Pod Security admission
    /// never sees it: an escape by way of the storage layer.
    ///
    /// Fields: `spec.hostPath` of PersistentVolumes, and `spec.local.path` on directories of the system. Allowed: `local` on a disk
    /// of its own.
    static let hostPersistentVolumes = Control(
        id: "host-persistent-volumes",
        title: "Forbid PersistentVolumes on the host's file system",
        severity: .high,
        duty: "C6",
        summary: "A Pod gets a directory of the node through a claim, where Pod Security admission does not look.",
        remedy: "Use a CSI driver; for local disks a `local` volume on a mount of its own.",
        references: [Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: disk}
            spec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteOnce], local: {path: /mnt/disks/one}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: host}
            spec:
              capacity: {storage: 10Gi}
              accessModes: [ReadWriteOnce]
              hostPath:
                path: /data # ✗
            ---
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: kubelet}
            spec:
              capacity: {storage: 10Gi}
              accessModes: [ReadWriteOnce]
              local:
                path: /var/lib/kubelet/pods # ✗
            """
        ],
        check: .objects(["PersistentVolume"]) { volume, report throws(WrongType) in
            let host = volume.spec["hostPath"]["path"]
            if let path = try host.string() {
                report.fail(host, "PersistentVolume '\(volume.name)' gives out \(path) of its node")
            }
            let local = volume.spec["local"]["path"]
            if let path = try local.string(), isSystemDirectory(path) {
                report.fail(local, "PersistentVolume '\(volume.name)' gives out the system directory \(path)")
            }
        })
}

/// Directories through which a node can be taken over, and everything below them.
private func isSystemDirectory(_ path: String) -> Bool {
    let steps = path.split(separator: "/")
    if steps.isEmpty || steps.contains("..") { return true }
    switch steps[0] {
    case "etc", "proc", "sys", "dev", "root", "boot", "bin", "sbin", "usr", "lib", "lib64", "run": return true
    case "var":
        guard steps.count > 1 else { return true }
        if steps[1] == "run" || steps[1] == "log" { return true }
        guard steps[1] == "lib" else { return false }
        return steps.count == 2 || ["kubelet", "docker", "containerd", "etcd", "cni"].contains(steps[2])
    default: return false
    }
}
