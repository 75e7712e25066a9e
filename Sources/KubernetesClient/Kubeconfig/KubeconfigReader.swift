internal import Documents
internal import FoundationEssentials

extension Kubeconfig {
    /// Reads one file. Fields that kubectl does not know are passed over, as kubectl does.
    ///
    /// - Parameter path: as people call the file; relative paths in it are meant from its folder.
    public static func read(_ bytes: [UInt8], path: String) throws(ClusterError) -> Kubeconfig {
        let parsed = DocumentTree.parse(bytes, source: path)
        if let problem = parsed.problems.first(where: \.losesDocument) {
            throw .configuration("\(place(path, problem.position)): \(problem.message)")
        }
        guard parsed.tree.roots.count <= 1 else {
            throw .configuration("\(path): a kubeconfig is one document, this file has \(parsed.tree.roots.count)")
        }
        guard let root = parsed.tree.roots.first, root.exists else { return Kubeconfig() }
        do {
            return try KubeconfigReader(path: path).read(root)
        } catch let error as WrongType {
            let field = error.value.fieldPath
            throw .configuration(
                "\(place(path, error.value.position)): \(field.isEmpty ? "the kubeconfig" : field) must be \(error.expected)")
        } catch let error as ClusterError {
            throw error
        } catch {
            throw .configuration("\(path): \(error)")
        }
    }

    static func place(_ path: String, _ position: Position?) -> String {
        position.map { "\(path):\($0.line):\($0.column)" } ?? path
    }
}

private struct KubeconfigReader {
    let path: String

    func read(_ root: Value) throws -> Kubeconfig {
        let kind = try root["kind"].string() ?? ""
        guard kind.isEmpty || kind == "Config" else {
            throw ClusterError.configuration("\(place(root["kind"])): this is a \(kind), where a kubeconfig (kind: Config) was expected")
        }
        var config = Kubeconfig()
        try each(root["clusters"], "cluster") { name, content in config.clusters[name] = try cluster(content) }
        try each(root["users"], "user") { name, content in config.users[name] = try user(content, name: name) }
        try each(root["contexts"], "context") { name, content in config.contexts[name] = try context(content) }
        config.currentContext = try text(root["current-context"])
        return config
    }

    /// Calls `body` for each entry of a named list.
    private func each(_ list: Value, _ field: String, _ body: (String, Value) throws -> Void) throws {
        var seen: Set<String> = []
        for entry in try list.items() {
            guard let name = try text(entry["name"]) else { throw ClusterError.configuration("\(place(entry)): the \(field) needs a name") }
            guard seen.insert(name).inserted else {
                throw ClusterError.configuration("\(place(entry)): there are two entries named '\(name)' under \(field)s; kubectl refuses that")
            }
            try body(name, entry.entry(named: field))
        }
    }

    private func cluster(_ value: Value) throws -> Kubeconfig.Cluster {
        var cluster = Kubeconfig.Cluster(place: place(value))
        cluster.server = try text(value["server"])
        cluster.serverName = try text(value["tls-server-name"])
        cluster.isInsecure = try value["insecure-skip-tls-verify"].bool() ?? false
        cluster.authority = try material(value["certificate-authority-data"], value["certificate-authority"])
        cluster.proxy = try text(value["proxy-url"])
        for entry in try value["extensions"].items() where try entry["name"].equals("client.authentication.k8s.io/exec") {
            cluster.execSettings = ManifestText(entry["extension"])
        }
        return cluster
    }

    private func context(_ value: Value) throws -> Kubeconfig.Context {
        Kubeconfig.Context(
            place: place(value), cluster: try text(value["cluster"]) ?? "", user: try text(value["user"]) ?? "",
            namespace: try text(value["namespace"]))
    }

    private func user(_ value: Value, name: String) throws -> Kubeconfig.User {
        var user = Kubeconfig.User(place: place(value))
        user.certificate = try material(value["client-certificate-data"], value["client-certificate"])
        user.key = try material(value["client-key-data"], value["client-key"])
        user.token = try text(value["token"]).map(Secret.init)
        user.tokenFile = try text(value["tokenFile"]).map(beside)
        user.exec = try value["exec"].exists ? exec(value["exec"]) : nil
        user.impersonation = Impersonation(
            user: try text(value["as"]), groups: try value["as-groups"].strings(), uid: try text(value["as-uid"]),
            extra: try value["as-user-extra"].entries().reduce(into: [:]) { $0[$1.key] = try $1.strings() })
        if value["username"].exists || value["password"].exists {
            user.fault = "user name and password are no longer accepted by Kubernetes (since 1.19); use a token, a certificate or an exec plugin"
        } else if value["auth-provider"].exists {
            user.fault = "auth-provider was removed from Kubernetes' clients (in 1.26); use the exec plugin of the provider"
        } else if (user.certificate == nil) != (user.key == nil) {
            user.fault = user.key == nil ? "client-certificate has no client-key" : "client-key has no client-certificate"
        }
        return user
    }

    private func exec(_ value: Value) throws -> ExecPlugin {
        guard let command = try text(value["command"]) else { throw ClusterError.configuration("\(place(value)): exec needs a command") }
        let version = try text(value["apiVersion"]) ?? ""
        guard let api = ExecPlugin.Version(rawValue: version) else {
            let known = ExecPlugin.Version.allCases.map(\.rawValue).joined(separator: " or ")
            throw ClusterError.configuration("\(place(value["apiVersion"])): exec apiVersion '\(version)' is not known; write \(known)")
        }
        let word = try text(value["interactiveMode"])
        // v1 leaves nothing to be guessed; v1beta1 had this default (client-go).
        guard let mode = word.map(ExecPlugin.Interaction.init(rawValue:)) ?? (api == .v1beta1 ? .ifAvailable : nil) else {
            throw ClusterError.configuration(
                "\(place(value["interactiveMode"])): exec needs interactiveMode, one of Never, IfAvailable, Always\(word.map { ", not '\($0)'" } ?? "")"
            )
        }
        var environment: [ExecPlugin.Variable] = []
        for entry in try value["env"].items() {
            guard let name = try text(entry["name"]) else { throw ClusterError.configuration("\(place(entry)): a variable needs a name") }
            environment.append(ExecPlugin.Variable(name: name, value: Secret(try entry["value"].string() ?? "")))
        }
        return ExecPlugin(
            // A bare name is looked for in PATH; a path is meant from the file.
            command: command.contains("/") ? beside(command) : command, arguments: try value["args"].strings(), environment: environment,
            version: api, interaction: mode, providesClusterInfo: try value["provideClusterInfo"].bool() ?? false,
            installHint: try text(value["installHint"]), place: place(value))
    }

    // MARK: - Fields

    /// A string that says something; empty is as good as missing throughout a kubeconfig.
    private func text(_ value: Value) throws -> String? {
        guard let text = try value.string(), !text.isEmpty else { return nil }
        return text
    }

    private func material(_ data: Value, _ file: Value) throws -> Kubeconfig.Material? {
        if let encoded = try text(data) {
            guard let bytes = Data(base64Encoded: encoded, options: .ignoreUnknownCharacters), !bytes.isEmpty else {
                throw ClusterError.configuration("\(place(data)): \(data.key) is not Base64")
            }
            return .data(Array(bytes))
        }
        return try text(file).map { .file(beside($0)) }
    }

    private func place(_ value: Value) -> String { Kubeconfig.place(path, value.position) }

    /// A path as it is meant: from the folder of this file.
    private func beside(_ other: String) -> String {
        guard !other.hasPrefix("/") else { return other }
        return URL(filePath: path).deletingLastPathComponent().appending(path: other).path
    }
}
