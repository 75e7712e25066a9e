internal import Documents

/// Whether a file is what its place says it is. Only then may its text leave the machine: whoever may put a link where a configuration should be
/// would otherwise have any file of root's taken along, and a text of another form holds secrets that no redaction here knows.
enum ContentAdmission {
    static func admits(_ bytes: [UInt8], as purpose: FilePurpose) -> Bool {
        switch purpose {
        case .manifest: DocumentRedaction.documents(bytes)?.allSatisfy(isPods) ?? false
        case .network: DocumentRedaction.documents(bytes)?.allSatisfy { isNetwork($0, of: bytes) } ?? false
        case .document: DocumentRedaction.documents(bytes)?.allSatisfy(isConfiguration) ?? false
        case .toml: isRuntime(bytes)
        case .unit: isUnit(bytes)
        case .variables: isVariables(bytes)
        case .mode, .certificates, .each, .keyDirectory, .either: false
        }
    }

    // MARK: - YAML and JSON

    /// A Pod, or a list of nothing but Pods: what the kubelet starts from a file.
    private static func isPods(_ root: Value) -> Bool {
        if root.kind == .null { return true }
        guard root.kind == .mapping, text(root, "apiVersion") == "v1", let kind = text(root, "kind") else { return false }
        switch kind {
        case "Pod": return true
        case "List", "PodList":
            guard let items = try? root["items"].items() else { return false }
            return items.allSatisfy { item in
                // A list of one kind need not repeat it.
                let own = text(item, "kind") ?? (kind == "PodList" ? "Pod" : nil)
                return item.kind == .mapping && own == "Pod" && (text(item, "apiVersion") ?? "v1") == "v1"
            }
        default: return false
        }
    }

    /// Source: the CNI specification, section 1, "Network configuration format"; a plugin's own file has a type, a list of them plugins. Plugins keep
    /// their kubeconfigs beside it.
    private static func isNetwork(_ root: Value, of bytes: [UInt8]) -> Bool {
        if root.kind == .null || root.kind == .mapping && text(root, "kind") == "Config" && text(root, "apiVersion") == "v1" { return true }
        return root.kind == .mapping && bytes.first { $0 > 0x20 } == UInt8(ascii: "{") && text(root, "name") != nil
            && (text(root, "type") != nil || root["plugins"].kind == .sequence)
    }

    private static func isConfiguration(_ root: Value) -> Bool {
        if root.kind == .null { return true }
        guard root.kind == .mapping else { return false }
        if let kind = text(root, "kind") { return text(root, "apiVersion") != nil && kinds.contains(kind) }
        // clientcmd reads kubeconfigs without a kind as well.
        if root["clusters"].kind == .sequence || root["users"].kind == .sequence { return true }
        guard let entries = try? root.entries() else { return false }
        return entries.isEmpty || entries.contains { keys.contains($0.key) }
    }

    private static func text(_ value: Value, _ key: StaticString) -> String? {
        guard let text = try? value[key].string(), !text.isEmpty else { return nil }
        return text
    }

    /// Kinds of the files that components and admission plugins are started with. Source: kubernetes.io/docs/reference/config-api.
    private static let kinds: Set<String> = [
        "Config", "KubeletConfiguration", "KubeProxyConfiguration", "KubeSchedulerConfiguration", "KubeControllerManagerConfiguration",
        "CloudControllerManagerConfiguration", "CredentialProviderConfig", "Policy", "EncryptionConfiguration", "EncryptionConfig",
        "AdmissionConfiguration", "AuthenticationConfiguration", "AuthorizationConfiguration", "EgressSelectorConfiguration",
        "TracingConfiguration", "LeaderMigrationConfiguration", "PodSecurityConfiguration", "WebhookAdmission", "WebhookAdmissionConfiguration",
        "Configuration",
    ]

    /// What tells a configuration without a kind: that of etcd (its configuration page), k3s and RKE2 (`k3s server --help`), dockerd
    /// (dockerd's reference, "daemon configuration file"), ImagePolicyWebhook and PodNodeSelector (kubernetes.io, "Admission Control").
    private static let keys: Set<String> = [
        "data-dir", "listen-client-urls", "listen-peer-urls", "advertise-client-urls", "initial-advertise-peer-urls", "initial-cluster",
        "client-transport-security", "peer-transport-security",
        "write-kubeconfig-mode", "kubelet-arg", "kube-apiserver-arg", "kube-controller-manager-arg", "kube-scheduler-arg", "kube-proxy-arg",
        "tls-san", "cluster-init", "cluster-cidr", "service-cidr", "cluster-dns", "secrets-encryption", "protect-kernel-defaults", "node-ip",
        "node-label", "node-taint", "node-name", "flannel-backend",
        "data-root", "exec-opts", "log-driver", "log-opts", "storage-driver", "default-runtime", "runtimes", "live-restore", "registry-mirrors",
        "insecure-registries", "cgroup-parent", "userns-remap", "no-new-privileges", "icc", "tlsverify",
        "imagePolicy", "podNodeSelectorPluginConfig",
    ]

    // MARK: - Lines

    /// The configuration of containerd or CRI-O, or a part of it. Sources: containerd-config.toml(5), crio.conf(5).
    private static func isRuntime(_ bytes: [UInt8]) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self), let table = try? TOMLReader.read(text) else { return false }
        return table.keys.isEmpty || table.keys.contains { runtimeKeys.contains($0) }
    }

    private static let runtimeKeys: Set<String> = [
        "version", "root", "state", "temp", "plugin_dir", "grpc", "ttrpc", "debug", "metrics", "plugins", "disabled_plugins", "required_plugins",
        "oom_score", "cgroup", "proxy_plugins", "timeouts", "imports", "stream_processors", "crio",
    ]

    /// Settings in sections, as systemd.syntax(7) has it; nothing stands before the first section.
    private static func isUnit(_ bytes: [UInt8]) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        var hasSection = false
        for line in LogicalLine.lines(of: text, form: .unit) {
            let joined = line.joined.trimmingPrefix { $0 == " " || $0 == "\t" }
            if joined.isEmpty || joined.hasPrefix("#") || joined.hasPrefix(";") { continue }
            if joined.hasPrefix("["), line.pieces.count == 1 {
                guard let end = joined.firstIndex(of: "]"), joined[end...].dropFirst().allSatisfy({ $0 == " " || $0 == "\t" }) else { return false }
                let name = joined[..<end].dropFirst()
                guard name.hasPrefix("X-") || sections.contains(String(name)) else { return false }
                hasSection = true
            } else {
                guard hasSection, let equals = joined.firstIndex(of: "="), isName(joined[..<equals]) else { return false }
            }
        }
        return hasSection || text.allSatisfy(\.isWhitespace)
    }

    private static let sections: Set<String> = ["Unit", "Service", "Install"]

    /// Nothing but assignments to variables (systemd.exec(5), `EnvironmentFile=`).
    private static func isVariables(_ bytes: [UInt8]) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        return LogicalLine.lines(of: text, form: .variables).allSatisfy { line in
            let joined = line.joined.trimmingPrefix { $0 == " " || $0 == "\t" }
            if joined.isEmpty || joined.hasPrefix("#") || joined.hasPrefix(";") { return true }
            guard let equals = joined.firstIndex(of: "=") else { return false }
            let name = joined[..<equals].trimmingPrefix("export ")
            guard isName(name) else { return false }
            // A word in base64 ends with this sign too.
            return name.contains("_") || joined[equals...].contains { $0 != "=" && $0 != " " }
        }
    }

    /// The name of a setting or variable.
    private static func isName(_ text: some StringProtocol) -> Bool {
        let name = text.utf8.reversed().drop { $0 == 0x20 || $0 == 0x09 }
        guard let first = name.last, !(0x30...0x39).contains(first), name.count <= 64 else { return false }
        return name.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
    }
}
