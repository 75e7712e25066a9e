import Documents

/// Programs of Kubernetes itself, as far as telling apart the few objects that hold one needs.
enum ComponentPrograms {
    private static let controlPlane: [StaticString] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"]
    private static let node: [StaticString] = ["kubelet", "kube-proxy", "hyperkube"]

    /// What starts a program that its arguments name: Kubernetes' images have it to write logs into a file.
    private static let wrappers: [StaticString] = ["go-runner"]

    /// Whether a container starts one of them.
    static func isStarted(by container: Value) -> Bool {
        let command = container["command"]
        let words = command.exists ? command : container["args"]
        guard let first = (try? words.items())?.first(where: { _ in true }) else { return false }
        if isNamed(first, controlPlane) || isNamed(first, node) { return true }
        guard isNamed(first, wrappers) else { return false }
        return [command, container["args"]].contains { list in
            (try? list.items())?.contains { isNamed($0, controlPlane) || isNamed($0, node) } ?? false
        }
    }

    /// Whether evidence of a machine shows a program of the control plane: one that runs on the machine itself, or in a container that
    /// a static Pod of the machine starts. Anybody who may run a Pod can give a process such a name.
    static func showsControlPlane(_ evidence: Value) -> Bool {
        guard let processes = try? evidence["processes"].items() else { return false }
        return processes.contains { process in
            guard isNamed(process["name"], controlPlane) else { return false }
            guard process["container"].exists, !process["container"].text.isEmpty, evidence["files"].exists else { return true }
            return isInStaticPod(process["name"].text, evidence["files"])
        }
    }

    private static func isInStaticPod(_ program: String, _ files: Value) -> Bool {
        guard let files = try? files.items() else { return false }
        return files.contains { file in
            guard (try? file["path"].hasPrefix("/etc/kubernetes/manifests/")) == true else { return false }
            let name = file["path"].text.split(separator: "/").last ?? ""
            return name.prefix { $0 != "." } == program || file["content"].text.contains(program)
        }
    }

    /// The last part of a path, compared byte by byte: every container of an estate is asked.
    private static func isNamed(_ program: Value, _ names: [StaticString]) -> Bool {
        guard program.kind == .string else { return false }
        return program.withText { text in
            let start = text.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
            let name = text[start...]
            return names.contains { $0.withUTF8Buffer { name.elementsEqual($0) } }
        }
    }
}

extension KubernetesObject {
    /// The kind of the document that a node's collector writes.
    public static let nodeEvidenceKind = "NodeEvidence"

    public var isNodeEvidence: Bool { kind == KubernetesObject.nodeEvidenceKind && group == "demarc.dev" }

    /// Whether programs of Kubernetes itself can be judged by it: evidence of a machine, or a Pod that runs them.
    public var holdsComponents: Bool { pod?.startsComponents == true || isNodeEvidence }

    /// Evidence of a machine that runs a part of the control plane.
    public var isControlPlaneEvidence: Bool { isNodeEvidence && ComponentPrograms.showsControlPlane(root) }
}
