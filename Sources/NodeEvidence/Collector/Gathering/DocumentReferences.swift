internal import Documents

/// What a configuration file names: other files, and certificates inside of itself.
struct DocumentReferences {
    var files: [FileReference] = []
    var certificates: [Certificate] = []
    /// The containers of static Pods.
    var commands: [Command] = []

    struct Certificate {
        /// A user of a kubeconfig, otherwise a cluster.
        var user: String?
        var cluster: String?
        var pem: String
    }

    struct Command {
        var arguments: [String]
        /// Paths of the container by where they lie on the machine.
        var mounts: [(inside: String, outside: String)]
    }

    /// - Parameter bytes: the file as it is. None of its text is kept but paths, names and certificates.
    init(_ bytes: [UInt8]) {
        let parsed = DocumentTree.parse(
            bytes, source: "configuration", limits: Limits(bytes: 4 << 20, depth: 100, nodes: 200_000, expandedNodes: 10_000))
        for root in parsed.tree.roots {
            collect(root, depth: 0)
            collectCertificates(root)
            collectCommands(root)
        }
    }

    private mutating func collect(_ value: Value, depth: Int) {
        guard depth < 100 else { return }
        switch value.kind {
        case .mapping?:
            guard let entries = try? value.entries() else { return }
            for entry in entries {
                if entry.kind == .string, let purpose = FileReferences.fields[entry.key] {
                    add(entry.text, purpose)
                } else {
                    collect(entry, depth: depth + 1)
                }
            }
            // AdmissionConfiguration: plugins[].path; KMS: endpoint of an encryption provider.
            if value["name"].exists, let path = try? value["path"].string(), value["configuration"].isWritten || isConfigurationPath(path) {
                add(path, .document)
            }
            if let endpoint = try? value["endpoint"].string(), endpoint.hasPrefix("unix://") { add(endpoint, .mode) }
        case .sequence?:
            guard let items = try? value.items() else { return }
            for item in items { collect(item, depth: depth + 1) }
        default: return
        }
    }

    private mutating func add(_ path: String, _ purpose: FilePurpose) {
        let path = FileReferences.withoutScheme(path)
        guard isPath(path) else { return }
        files.append(FileReference(path: path, purpose: purpose))
    }

    /// A field that should hold a path may hold the key itself; as a path that would go into the document.
    private func isPath(_ text: String) -> Bool {
        let looksLikeOne = text.contains("/") || [".crt", ".pem", ".key", ".conf", ".yaml", ".json"].contains { text.hasSuffix($0) }
        return looksLikeOne && text.utf8.count < 1024 && !text.contains("://") && !text.contains("\n") && !SecretWords.looksSecret(text)
            && !SecretWords.holdsRandom(text)
    }

    private func isConfigurationPath(_ path: String) -> Bool {
        [".yaml", ".yml", ".json", ".conf"].contains { path.hasSuffix($0) }
    }

    /// The public parts in a kubeconfig.
    private mutating func collectCertificates(_ root: Value) {
        for user in (try? root["users"].items()).map(Array.init) ?? [] {
            guard let data = try? user["user"]["client-certificate-data"].string(), let pem = CertificateText.certificates(inBase64: data) else {
                continue
            }
            certificates.append(Certificate(user: name(of: user), cluster: nil, pem: pem))
        }
        for cluster in (try? root["clusters"].items()).map(Array.init) ?? [] {
            guard let data = try? cluster["cluster"]["certificate-authority-data"].string(), let pem = CertificateText.certificates(inBase64: data)
            else {
                continue
            }
            certificates.append(Certificate(user: nil, cluster: name(of: cluster), pem: pem))
        }
    }

    private func name(of entry: Value) -> String {
        let name = (try? entry["name"].string()) ?? ""
        return SecretWords.looksSecret(name) ? EvidenceFormat.redacted : name
    }

    /// The commands of a static Pod, with where its paths lie on the machine: a mounted file system shows no processes.
    private mutating func collectCommands(_ root: Value) {
        guard (try? root["kind"].string()) == "Pod" else { return }
        var volumes: [String: String] = [:]
        for volume in (try? root["spec"]["volumes"].items()).map(Array.init) ?? [] {
            if let name = try? volume["name"].string(), let path = try? volume["hostPath"]["path"].string() { volumes[name] = path }
        }
        for container in (try? root["spec"]["containers"].items()).map(Array.init) ?? [] {
            let arguments = ((try? container["command"].strings()) ?? []) + ((try? container["args"].strings()) ?? [])
            guard !arguments.isEmpty else { continue }
            let mounts = ((try? container["volumeMounts"].items()).map(Array.init) ?? []).compactMap { mount -> (String, String)? in
                guard let name = try? mount["name"].string(), let inside = try? mount["mountPath"].string(), let outside = volumes[name] else {
                    return nil
                }
                return (inside, outside)
            }
            commands.append(Command(arguments: arguments, mounts: mounts))
        }
    }
}

extension DocumentReferences.Command {
    /// Where a path of the container lies on the machine; nil for one inside its image.
    func machinePath(_ path: String) -> String? {
        let mount = mounts.filter { path == $0.inside || path.hasPrefix($0.inside.hasSuffix("/") ? $0.inside : $0.inside + "/") }
            .max { $0.inside.utf8.count < $1.inside.utf8.count }
        return mount.map { $0.outside + path.dropFirst($0.inside.count) }
    }
}
