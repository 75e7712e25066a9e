internal import Documents

/// containerd's `config.toml` in versions 1, 2 and 3.
///
/// Sources: containerd's docs/man/containerd-config.toml.5.md and docs/cri/config.md, releases 1.4 to 2.1; in 1.x the section of a plugin in an
/// imported file replaces the one before it whole, in 2.x the two are merged (cmd/containerd/server/config).
extension RuntimeConfiguration {
    /// Where distributions put it when no flag says so.
    static let containerdPaths = [
        "/etc/containerd/config.toml", "/var/lib/rancher/k3s/agent/etc/containerd/config.toml",
        "/var/lib/rancher/rke2/agent/etc/containerd/config.toml",
        "/var/snap/microk8s/current/args/containerd.toml", "/etc/k0s/containerd.toml",
    ]

    /// - Returns: nil when nothing in the evidence is containerd's.
    static func containerd(in evidence: EvidenceDocument) throws(WrongType) -> RuntimeConfiguration? {
        var path = try path(of: ["--config", "-c"], process: "containerd", standard: containerdPaths[0], in: evidence)
        let isRunning = path != nil
        if !isRunning {
            for candidate in containerdPaths where path == nil {
                if let file = try evidence.file(candidate), !file.isMissing { path = candidate }
            }
        }
        guard let path else { return nil }
        var configuration = RuntimeConfiguration(runtime: .containerd, defaultHandler: "runc")
        try configuration.readContainerd(path, in: evidence)
        return configuration
    }

    private mutating func readContainerd(_ path: String, in evidence: EvidenceDocument) throws(WrongType) {
        guard let main = try read(path, in: evidence, isNeeded: true) else {
            // Without a file containerd runs on what it was built with: runc alone.
            if problems.isEmpty { handlers = [RuntimeConfiguration.builtInRunc(path, line: 0)] }
            return
        }
        let version = version(main, in: path)
        // The plugins of each file, the last one's winning.
        var plugins = ContainerdPlugins()
        plugins.add(section(main, in: path), file: path, merges: version >= 3)
        var seen: Set<String> = [path]
        try addImports(of: main, at: path, version: version, to: &plugins, seen: &seen, in: evidence)
        for id in RuntimeConfiguration.pluginIDs(version) {
            guard let plugin = plugins.table(id) else { continue }
            readPlugin(plugin.table, file: plugin.file, files: plugins.files(of: id), version: version)
        }
        // What the configuration does not take away stays: containerd's own entry for runc.
        if handler("runc") == nil { handlers.append(RuntimeConfiguration.builtInRunc(path, line: 0)) }
        if handler(defaultHandler) == nil {
            problems.append(
                Problem(file: path, line: 0, message: "default_runtime_name is '\(defaultHandler)', which is no runtime of the configuration"))
        }
    }

    private static func builtInRunc(_ path: String, line: Int) -> RuntimeHandler {
        RuntimeHandler(name: "runc", type: "io.containerd.runc.v2", file: path, line: line)
    }

    private mutating func version(_ table: TOMLTable, in file: String) -> Int64 {
        guard let value = table["version"] else { return 1 }
        guard let number = value.integer else {
            wrongType(value, "version", expected: "an integer", in: file)
            return 3
        }
        if !(1...3).contains(number) {
            problems.append(Problem(file: file, line: value.line, message: "version \(number) of the format is not known; 1 to 3 are"))
        }
        return number
    }

    private static func pluginIDs(_ version: Int64) -> [String] {
        switch version {
        case ...1: ["cri", "io.containerd.grpc.v1.cri"]
        // Some write the new name in the old version, and containerd 2 reads both.
        case 2: ["io.containerd.grpc.v1.cri"]
        default: ["io.containerd.cri.v1.runtime", "io.containerd.grpc.v1.cri"]
        }
    }

    private mutating func section(_ table: TOMLTable, in file: String) -> TOMLTable {
        self.table(table, ["plugins"], in: file) ?? TOMLTable()
    }

    /// Files named by `imports`: paths, from the file's own directory where they are relative, with `*` in their last part.
    private mutating func addImports(
        of table: TOMLTable, at path: String, version: Int64, to plugins: inout ContainerdPlugins, seen: inout Set<String>,
        in evidence: EvidenceDocument
    ) throws(WrongType) {
        guard let imports = table["imports"] else { return }
        guard let patterns = imports.array else { return wrongType(imports, "imports", expected: "an array", in: path) }
        for pattern in patterns {
            guard let text = pattern.string else {
                wrongType(pattern, "an entry of imports", expected: "a string", in: path)
                continue
            }
            for imported in try files(for: text, from: path, in: evidence) where seen.insert(imported).inserted {
                guard let table = try read(imported, in: evidence, isNeeded: true) else { continue }
                plugins.add(section(table, in: imported), file: imported, merges: version >= 3)
                try addImports(of: table, at: imported, version: version, to: &plugins, seen: &seen, in: evidence)
            }
        }
    }

    private mutating func files(for pattern: String, from path: String, in evidence: EvidenceDocument) throws(WrongType) -> [String] {
        let whole = pattern.hasPrefix("/") ? pattern : directory(of: path) + "/" + pattern
        guard whole.contains("*") || whole.contains("?") || whole.contains("[") else { return [whole] }
        let folder = directory(of: whole)
        let name = whole.dropFirst(folder.count + 1)
        let parts = name.split(separator: "*", omittingEmptySubsequences: false)
        guard !folder.contains("*"), parts.count == 2, !name.contains("?"), !name.contains("[") else {
            problems.append(Problem(file: path, line: 0, message: "the import '\(pattern)' is a pattern that is not read here"))
            return []
        }
        let (start, end) = (folder + "/" + parts[0], parts[1])
        let below = try evidence.files(below: folder).map(\.path)
        let isKnown = try evidence.file(folder) != nil
        guard isKnown || !below.isEmpty else {
            problems.append(Problem(file: path, line: 0, message: "the import '\(pattern)' leads to '\(folder)', which the evidence does not hold"))
            return []
        }
        let shortest = start.utf8.count + end.utf8.count
        return below.filter { path in
            path.hasPrefix(start) && path.hasSuffix(end) && path.utf8.count >= shortest && !path.dropFirst(folder.count + 1).contains("/")
        }.sorted()
    }

    private func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private mutating func readPlugin(_ plugin: TOMLTable, file: String, files: [String: String], version: Int64) {
        // The old plugin of version 3 holds its runtimes as before.
        guard let section = table(plugin, ["containerd"], in: file) else { return }
        if let name = text(section, "default_runtime_name", in: file), !name.isEmpty { defaultHandler = name }
        // Until 1.3 these two were handlers without a name.
        for (key, name) in [("default_runtime", defaultHandler), ("untrusted_workload_runtime", "untrusted")] {
            if let entry = section[key] { addHandler(name, entry, file: file) }
        }
        guard let runtimes = table(section, ["runtimes"], in: file) else { return }
        for name in runtimes.keys {
            if let entry = runtimes[name] { addHandler(name, entry, file: files[name] ?? file) }
        }
    }

    private mutating func addHandler(_ name: String, _ entry: TOMLValue, file: String) {
        guard let table = entry.table else { return wrongType(entry, name, expected: "a table", in: file) }
        let options = self.table(table, ["options"], in: file) ?? TOMLTable()
        let engine = text(table, "runtime_engine", in: file).flatMap { $0.isEmpty ? nil : $0 }
        let binary = text(options, "BinaryName", in: file).flatMap { $0.isEmpty ? nil : $0 } ?? engine
        let type = text(table, "runtime_type", in: file).flatMap { $0.isEmpty ? nil : $0 }
        let path = text(table, "runtime_path", in: file).flatMap { $0.isEmpty ? nil : $0 }
        handlers.removeAll { $0.name == name }
        handlers.append(
            RuntimeHandler(
                name: name, type: path ?? type ?? "io.containerd.runc.v2", binary: binary,
                configurationPath: text(options, "ConfigPath", in: file).flatMap { $0.isEmpty ? nil : $0 },
                keepsHostDevicesAway: flag(table, "privileged_without_host_devices", in: file), file: file, line: entry.line))
    }
}

/// The sections of plugins from a file and those it imports.
private struct ContainerdPlugins {
    private var tables: [String: (table: TOMLTable, file: String)] = [:]
    /// By plugin, the file in which a runtime stands.
    private var origins: [String: [String: String]] = [:]

    mutating func add(_ section: TOMLTable, file: String, merges: Bool) {
        for id in section.keys {
            guard let plugin = section[id]?.table else { continue }
            let names = plugin[path: ["containerd", "runtimes"]]?.table?.keys ?? []
            if merges, var known = tables[id] {
                known.table.merge(plugin)
                tables[id] = known
            } else {
                tables[id] = (plugin, file)
                origins[id] = [:]
            }
            for name in names { origins[id, default: [:]][name] = file }
        }
    }

    func table(_ id: String) -> (table: TOMLTable, file: String)? { tables[id] }
    func files(of id: String) -> [String: String] { origins[id] ?? [:] }
}
