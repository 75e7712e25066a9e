internal import Documents

/// CRI-O's `crio.conf` and the files beside it, of which later ones win.
///
/// Source: crio.conf(5), releases 1.20 to 1.31.
extension RuntimeConfiguration {
    private static let crioPath = "/etc/crio/crio.conf"

    /// - Returns: nil when nothing in the evidence is CRI-O's.
    static func crio(in evidence: EvidenceDocument) throws(WrongType) -> RuntimeConfiguration? {
        let running = try path(of: ["--config", "-c"], process: "crio", standard: crioPath, in: evidence)
        let folder = try path(of: ["--config-dir", "-d"], process: "crio", standard: crioPath + ".d", in: evidence) ?? crioPath + ".d"
        let extra = try evidence.files(below: folder).filter { !$0.isMissing && $0.path.hasSuffix(".conf") }.map(\.path).sorted()
        let isThere = try evidence.file(crioPath).map { !$0.isMissing } ?? false
        guard running != nil || isThere || !extra.isEmpty else { return nil }
        var configuration = RuntimeConfiguration(runtime: .crio, defaultHandler: "")
        let path = running ?? crioPath
        for path in [path] + extra {
            guard let table = try configuration.read(path, in: evidence, isNeeded: false) else { continue }
            configuration.readCRIO(table, file: path)
        }
        if configuration.handler("runc") == nil {
            configuration.handlers.append(RuntimeHandler(name: "runc", type: "oci", binary: "runc", file: path, line: 0))
        }
        if configuration.defaultHandler.isEmpty { configuration.defaultHandler = configuration.handler("crun") == nil ? "runc" : "crun" }
        return configuration
    }

    private mutating func readCRIO(_ table: TOMLTable, file: String) {
        guard let section = self.table(table, ["crio", "runtime"], in: file) else { return }
        if let name = text(section, "default_runtime", in: file), !name.isEmpty { defaultHandler = name }
        guard let runtimes = self.table(section, ["runtimes"], in: file) else { return }
        for name in runtimes.keys {
            guard let entry = runtimes[name] else { continue }
            guard let runtime = entry.table else {
                wrongType(entry, name, expected: "a table", in: file)
                continue
            }
            let type = text(runtime, "runtime_type", in: file).flatMap { $0.isEmpty ? nil : $0 } ?? "oci"
            let path = text(runtime, "runtime_path", in: file).flatMap { $0.isEmpty ? nil : $0 }
            handlers.removeAll { $0.name == name }
            handlers.append(
                RuntimeHandler(
                    // Without a path the program of the handler's name is looked for.
                    name: name, type: type, binary: path ?? name,
                    configurationPath: text(runtime, "runtime_config_path", in: file).flatMap { $0.isEmpty ? nil : $0 },
                    keepsHostDevicesAway: flag(runtime, "privileged_without_host_devices", in: file), file: file, line: entry.line))
        }
    }
}
