public import Documents

/// One program of Kubernetes with the command line it was given: a process that was seen, or a container that runs it.
public struct Component: Sendable {
    public let kind: ComponentKind
    /// Where a finding stands that is about no flag in particular: the arguments, or what would hold them.
    public let place: Value
    /// nil when the command line was not to be seen.
    public let flags: CommandLineFlags?
    /// Variables the program reads its settings from, as a mapping; only etcd does.
    let environment: Value?
    /// The container whose files the paths on its command line mean, empty for the machine's own.
    public let container: String
    /// Whom it runs as, empty when that is not known.
    public let user: String

    /// - Returns: nil for programs that are none of Kubernetes'.
    init?(_ process: EvidenceProcess) {
        guard let arguments = process.arguments, let first = arguments.first else {
            guard let kind = ComponentKind(program: process.name) else { return nil }
            self.init(kind, place: process.place, flags: nil, process)
            return
        }
        guard let (kind, rest) = Component.program(arguments, first) else { return nil }
        self.init(kind, place: process.place["argv"], flags: CommandLineFlags(rest, of: kind), process)
    }

    private init(_ kind: ComponentKind, place: Value, flags: CommandLineFlags?, _ process: EvidenceProcess) {
        self.kind = kind
        self.place = place
        self.flags = flags
        environment = process.environment
        container = process.container
        user = process.user
    }

    /// A container of a Pod, by its command and arguments; what an image would start without either is not known.
    /// - Throws: `WrongType` when they are no lists of strings.
    public init?(container: Value) throws(WrongType) {
        let command = Array(try container["command"].items())
        let arguments = command + Array(try container["args"].items())
        for argument in arguments { _ = try argument.string() }
        guard let first = arguments.first, let (kind, rest) = Component.program(arguments, first) else { return nil }
        self.kind = kind
        place = command.isEmpty ? container["args"] : container["command"]
        flags = CommandLineFlags(rest, of: kind)
        environment = nil
        self.container = container["name"].text
        user = ""
    }

    /// Which program a command line starts, also through the one binary that holds them all.
    private static func program(_ arguments: [Value], _ first: Value) -> (ComponentKind, ArraySlice<Value>)? {
        if let kind = ComponentKind(program: first.text) { return (kind, arguments.dropFirst()) }
        guard first.text.split(separator: "/").last == "hyperkube", arguments.count > 1 else { return nil }
        let name = arguments[1].text
        guard let kind = ComponentKind(rawValue: name) ?? ComponentKind(rawValue: "kube-" + name) else { return nil }
        return (kind, arguments.dropFirst(2))
    }
}

/// Manifests from which a kubelet runs Pods that no API server was asked about.
enum StaticPod {
    /// Whether the file lies where the kubelet of every common installer looks.
    static func isManifest(_ file: EvidenceFile) -> Bool {
        file.type == .file && file.content != nil && file.path.utf8.starts(with: "/etc/kubernetes/manifests/".utf8)
    }

    static func components(in file: EvidenceFile) -> [Component] {
        guard let content = file.content else { return [] }
        let parsed = DocumentTree.parse(Array(content.text.utf8), source: file.path)
        return parsed.tree.roots.flatMap { root in
            ((try? root["spec"]["containers"].items()).map(Array.init) ?? []).compactMap { container in
                (try? Component(container: container)).flatMap { $0?.placed(at: content) }
            }
        }
    }
}

extension Component {
    /// The same with findings at `place`: a file inside the evidence has no lines of its own there.
    fileprivate func placed(at place: Value) -> Component {
        Component(kind: kind, place: place, flags: flags?.placed(at: place), environment: environment, container: container, user: user)
    }

    private init(kind: ComponentKind, place: Value, flags: CommandLineFlags?, environment: Value?, container: String, user: String) {
        self.kind = kind
        self.place = place
        self.flags = flags
        self.environment = environment
        self.container = container
        self.user = user
    }
}
