/// Files and directories that the configuration of a container runtime names. Sources: containerd-config.toml(5), crio.conf(5).
enum TOMLReferences {
    private static let settings: [String: FilePurpose] = [
        "imports": .toml, "conf_dir": .each(.network), "bin_dir": .each(.mode), "network_dir": .each(.network), "plugin_dirs": .each(.mode),
        "plugin_dir": .each(.mode), "root": .mode, "state": .mode, "address": .mode, "listen": .mode, "runtime_path": .mode,
    ]

    /// Settings whose values are strings or lists of strings; a list may go on over several lines.
    static func named(in bytes: [UInt8]) -> [FileReference] {
        var references: [FileReference] = []
        var open: FilePurpose?
        for line in YAMLComments.emptied(bytes).byteLines {
            let line = line.trimmed.text
            var rest = Substring(line)
            if open == nil {
                guard let equals = line.firstIndex(of: "=") else { continue }
                let name = line[..<equals].filter { !" \t\"'".contains($0) }
                guard let purpose = settings[name] else { continue }
                open = purpose
                rest = line[line.index(after: equals)...].drop { $0 == " " }
                if !rest.hasPrefix("[") {
                    references += strings(in: rest).prefix(1).map { FileReference(path: $0, purpose: purpose) }
                    open = nil
                    continue
                }
            }
            guard let purpose = open else { continue }
            references += strings(in: rest).map { FileReference(path: $0, purpose: purpose) }
            if rest.contains("]") { open = nil }
        }
        return references.filter { $0.path.hasPrefix("/") || $0.path.hasSuffix(".toml") }
    }

    private static func strings(in text: Substring) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\"" || $0 == "'" }.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}

/// Files that a unit of systemd names: `EnvironmentFile=`, where a dash says that it may be missing (systemd.exec(5)).
enum UnitReferences {
    static func named(in bytes: [UInt8]) -> [FileReference] {
        bytes.byteLines.compactMap { line in
            guard let path = line.trimmed.behind("EnvironmentFile=") else { return nil }
            let text = path.drop { $0 == UInt8(ascii: "-") }.trimmed.text
            return text.hasPrefix("/") ? FileReference(path: text, purpose: .variables) : nil
        }
    }
}
