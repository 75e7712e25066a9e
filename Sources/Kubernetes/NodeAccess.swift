public import Documents

/// Capabilities of Linux that take the node over.
public enum TakeoverCapability {
    /// Without the prefix `CAP_`, in capitals, as the kernel's headers have it.
    public static func normalised(_ written: String) -> String {
        let name = written.uppercased()
        return name.hasPrefix("CAP_") ? String(name.dropFirst(4)) : name
    }

    public static let all: Set<String> = [
        "ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "SYS_PTRACE", "SYS_BOOT", "DAC_READ_SEARCH", "BPF", "PERFMON", "MAC_ADMIN", "MAC_OVERRIDE",
        "CHECKPOINT_RESTORE",
    ]

    /// Those that reach the node's files or its kernel from inside a container, whatever else the Pod is allowed.
    static let breakingOut: Set<String> = ["ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF"]
}

extension PodSpec {
    /// The first thing by which whoever runs code in this Pod runs code on its node, nil when there is none: a privileged
    /// container, a capability that breaks out, a part of the node that holds its programs or credentials.
    ///
    /// Holes of kernel and runtime are not meant: what is written in the Pod suffices.
    /// - Throws: `WrongType` for a field that the API server refuses.
    public func nodeAccess() throws(WrongType) -> Value? {
        // Root of such a Pod is nobody on the node.
        if !hasUserNamespace, let place = try privilege() { return place }
        var found: Value?
        try forEachHostPath { volume, path throws(WrongType) in
            guard found == nil else { return }
            let isReadOnly = try mountsReadOnly(volume)
            let isWritable = !isReadOnly && path.isSensitive(readOnly: false) && !path.isPluginDirectory
            if path.isRuntimeSocket || isWritable || path.showsCredentials { found = volume["hostPath"]["path"] }
        }
        return found
    }

    private func privilege() throws(WrongType) -> Value? {
        let seesProcesses = try node["hostPID"].bool() == true
        for container in containers {
            let context = container.securityContext
            if try context["privileged"].bool() == true { return context["privileged"] }
            guard let capabilities = context.written("capabilities") else { continue }
            for item in try capabilities["add"].items() {
                guard let written = try item.string() else { continue }
                let name = TakeoverCapability.normalised(written)
                if TakeoverCapability.breakingOut.contains(name) || seesProcesses && name == "SYS_PTRACE" { return item }
            }
        }
        return nil
    }
}
