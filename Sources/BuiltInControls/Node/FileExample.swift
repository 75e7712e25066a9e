import Controls

/// A machine with one file, from which the examples of controls over files are made.
struct FileExample: Sendable {
    let path: String
    let program: [String]
    let type: String

    /// - Parameters:
    ///   - program: the command line of what runs there.
    ///   - type: of the entry.
    init(_ path: String, program: String, type: String = "file") {
        self.path = path
        self.program = program.split(separator: " ").map(String.init)
        self.type = type
    }

    func manifest(mode: UInt16, owner: FileOwner = .root) -> Example {
        Example(head() + "- {path: \(path), type: \(type), mode: \"\(mode.octal)\", owner: \(owner.rawValue), group: \(owner.rawValue)}")
    }

    /// One bit too many, for the newest edition and for an old one that has another limit.
    func tooWide(_ limit: ModeLimit) -> [Example] {
        let isReadable = limit.bits & 0o004 != 0
        let newest = Example(head() + entry(mode: limit.bits | (isReadable ? 0o020 : 0o044), marked: "mode"))
        guard limit.bits(for: .cis1x23) != limit.bits else { return [newest] }
        return [newest, Example(head("1.23.17") + entry(mode: limit.bits(for: .cis1x23) | 0o020, marked: "mode"))]
    }

    /// A user with a name, and a group without one.
    func foreign(to owner: FileOwner) -> [Example] {
        [
            Example(head() + entry(mode: 0o600, owner: "app", group: owner.rawValue, marked: "owner")),
            Example(head() + entry(mode: 0o600, owner: owner.rawValue, group: "\"1001\"", marked: "group")),
        ]
    }

    private func head(_ version: String? = nil) -> String {
        """
        apiVersion: demarc.dev/v1alpha1
        kind: NodeEvidence
        nodeName: node-1
        \(version.map { "kubernetesVersion: \($0)\n" } ?? "")processes:
        - {name: \(program.first ?? ""), argv: [\(program.joined(separator: ", "))]}
        files:

        """
    }

    private func entry(mode: UInt16, owner: String = "root", group: String = "root", marked: String) -> String {
        let fields = [("- path", path), ("  type", type), ("  mode", "\"\(mode.octal)\""), ("  owner", owner), ("  group", group)]
        return fields.map { name, value in "\(name): \(value)" + (name.hasSuffix(" " + marked) ? " # ✗" : "") }.joined(separator: "\n")
    }
}
