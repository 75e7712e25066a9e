import Documents
import Kubernetes

/// A path on the node as the kernel sees it, without `.`, `..`, doubled slashes and the link from `/var/run`,
/// so that no spelling hides where a volume leads.
struct HostPath {
    let text: String

    init(_ written: String) {
        var steps: [Substring] = []
        for step in written.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        if steps.starts(with: ["var", "run"]) { steps.removeFirst() }
        text = "/" + steps.joined(separator: "/")
    }

    /// Whether this is the directory or lies in it.
    func isIn(_ directory: String) -> Bool {
        text == directory || directory == "/" || text.hasPrefix(directory + "/")
    }

    /// Whether a mount of this also shows the other.
    func holds(_ other: String) -> Bool { HostPath(other).isIn(text) }
}

extension PodSpec {
    /// Calls with each volume that shows a part of the node. Almost no Pod has one, so the path is read only then.
    func forEachHostPath(_ body: (_ volume: Value, _ path: HostPath) throws(WrongType) -> Void) throws(WrongType) {
        for volume in try node["volumes"].items() {
            guard volume["hostPath"].exists, let path = try volume["hostPath"]["path"].string() else { continue }
            try body(volume, HostPath(path))
        }
    }

    /// Whether every container that mounts the volume mounts it read-only (also when nobody does).
    func mountsReadOnly(_ volume: Value) throws(WrongType) -> Bool {
        let name = volume["name"].text
        for container in containers {
            for mount in try container.mounts(of: name) {
                if try mount["readOnly"].bool() != true { return false }
            }
        }
        return true
    }
}
