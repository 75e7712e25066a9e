public import Documents

/// A path on the node as the kernel sees it, without `.`, `..`, doubled slashes and the link from `/var/run`,
/// so that no spelling hides where a volume leads.
public struct HostPath: Sendable {
    public let text: String

    public init(_ written: String) {
        var steps: [Substring] = []
        for step in written.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        if steps.starts(with: ["var", "run"]) { steps.removeFirst() }
        text = "/" + steps.joined(separator: "/")
    }

    /// Whether this is the directory or lies in it.
    public func isIn(_ directory: String) -> Bool {
        text == directory || directory == "/" || text.hasPrefix(directory + "/")
    }

    /// Whether a mount of this also shows the other.
    public func holds(_ other: String) -> Bool { HostPath(other).isIn(text) }

    // MARK: - What lies there

    /// The node's own directories: its configuration, devices, programs, the kubelet with the Secrets of all Pods.
    public func isSensitive(readOnly: Bool) -> Bool {
        if harmlessPaths.contains(where: { isIn($0) }) { return false }
        if readOnly, pathsSafeToRead.contains(where: { isIn($0) }) { return false }
        return sensitiveDirectories.contains { isIn($0) } || sensitiveThemselves.contains(text)
    }

    /// A socket of the container runtime, or the directory it lives in.
    public var isRuntimeSocket: Bool { runtimePaths.contains { isIn($0) } }

    /// Whether credentials of the node or of its Pods lie there to be read.
    public var showsCredentials: Bool {
        credentialDirectories.contains { isIn($0) || holds($0) } && !harmlessPaths.contains { isIn($0) } && !pluginDirectories.contains { isIn($0) }
    }

    /// Where drivers and the kubelet talk by sockets: to write there is no way to the rest of the node.
    var isPluginDirectory: Bool { pluginDirectories.contains { isIn($0) } }
}

extension PodSpec {
    /// Calls with each volume that shows a part of the node. Almost no Pod has one, so the path is read only then.
    public func forEachHostPath(_ body: (_ volume: Value, _ path: HostPath) throws(WrongType) -> Void) throws(WrongType) {
        for volume in try node["volumes"].items() {
            guard volume["hostPath"].exists, let path = try volume["hostPath"]["path"].string() else { continue }
            try body(volume, HostPath(path))
        }
    }

    /// Whether every container that mounts the volume mounts it read-only (also when nobody does).
    public func mountsReadOnly(_ volume: Value) throws(WrongType) -> Bool {
        let name = volume["name"].text
        for container in containers {
            for mount in try container.mounts(of: name) {
                if try mount["readOnly"].bool() != true { return false }
            }
        }
        return true
    }
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

/// Sockets and their directories, after `/var/run` has become `/run`.
private let runtimePaths = [
    "/run/docker.sock", "/run/docker", "/run/containerd", "/run/crio", "/run/cri-dockerd.sock", "/run/dockershim.sock", "/run/podman",
    "/run/k3s/containerd", "/run/k0s",
]

/// Kubeconfigs and keys of the kubelet and the control plane, tokens of all Pods of the node.
private let credentialDirectories = ["/etc/kubernetes", "/var/lib/kubelet", "/var/lib/rancher", "/var/lib/etcd", "/root/.kube"]

private let pluginDirectories = [
    "/var/lib/kubelet/device-plugins", "/var/lib/kubelet/plugins", "/var/lib/kubelet/plugins_registry", "/var/lib/kubelet/pod-resources",
    "/var/lib/kubelet/seccomp",
]
