public import Documents

/// One program of Kubernetes with the command line it was given: a process that was seen, or a container that runs it.
public struct Component: Sendable {
    public let kind: ComponentKind
    /// Where a finding stands that is about no flag in particular: the arguments, or what would hold them.
    public let place: Value
    /// nil when the command line was not to be seen.
    public let flags: CommandLineFlags?
    /// Variables the program reads its settings from; only etcd does. What is no string comes from elsewhere in the cluster.
    let environment: [String: Value]
    /// Its container takes variables from elsewhere in the cluster, so that more may be set.
    let hasForeignEnvironment: Bool
    /// The image of its container, missing for a process.
    public let image: Value
    /// Where every finding stands, for what lies inside a file of the evidence and has no lines of its own there.
    let pinned: Value?
    /// The container whose files the paths on its command line mean, empty for the machine's own.
    public let container: String
    /// The number of its process; nil for a container that only a manifest shows, or where the document does not say.
    let pid: Int64?
    /// Whom it runs as, empty when that is not known.
    public let user: String

    /// - Returns: nil for programs that are none of Kubernetes'.
    init?(_ process: EvidenceProcess) {
        guard let arguments = process.arguments, let first = arguments.first else {
            guard let kind = ComponentKind(program: process.name) else { return nil }
            self.init(kind, place: process.place, flags: nil, process)
            return
        }
        guard let (kind, rest) = Component.program(arguments, first) ?? Component.wrapped(process.name, arguments) else { return nil }
        self.init(kind, place: process.place["argv"], flags: CommandLineFlags(rest, of: kind), process)
    }

    private init(_ kind: ComponentKind, place: Value, flags: CommandLineFlags?, _ process: EvidenceProcess) {
        self.kind = kind
        self.place = place
        self.flags = flags
        environment = kind == .etcd ? Component.variables(process.environment) : [:]
        hasForeignEnvironment = false
        image = process.place["image"]
        pinned = nil
        container = process.container
        pid = process.pid
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
        place = arguments.count > command.count ? container["args"] : container["command"]
        flags = CommandLineFlags(rest, of: kind)
        environment = kind == .etcd ? try Component.variables(ofContainer: container) : [:]
        hasForeignEnvironment = kind == .etcd && container["envFrom"].exists
        image = container["image"]
        pinned = nil
        self.container = container["name"].text
        pid = nil
        user = ""
    }

    private static func variables(_ environment: Value) -> [String: Value] {
        var variables: [String: Value] = [:]
        for entry in (try? environment.entries()).map(Array.init) ?? [] { variables[entry.key] = entry }
        return variables
    }

    /// `value` of each variable, or `valueFrom` where that names something else.
    private static func variables(ofContainer container: Value) throws(WrongType) -> [String: Value] {
        var variables: [String: Value] = [:]
        for entry in try container["env"].items() {
            guard let name = try entry["name"].string() else { continue }
            variables[name] = entry["valueFrom"].exists ? entry["valueFrom"] : entry["value"]
        }
        return variables
    }

    /// A program that was started under another name, as wrappers do: whoever saw the process says what it is.
    private static func wrapped(_ name: String, _ arguments: [Value]) -> (ComponentKind, ArraySlice<Value>)? {
        ComponentKind(program: name).map { ($0, arguments.dropFirst()) }
    }

    /// Which program a command line starts, also through the one binary that holds them all, or the one that Kubernetes' images write
    /// logs with.
    private static func program(_ arguments: [Value], _ first: Value) -> (ComponentKind, ArraySlice<Value>)? {
        if let kind = ComponentKind(program: first.text) { return (kind, arguments.dropFirst()) }
        let wrapper = first.text.split(separator: "/").last
        if wrapper == "go-runner" {
            let rest = arguments.dropFirst().drop { $0.text.hasPrefix("-") }
            return rest.first.flatMap { ComponentKind(program: $0.text) }.map { ($0, rest.dropFirst()) }
        }
        guard wrapper == "hyperkube", arguments.count > 1 else { return nil }
        let name = arguments[1].text
        guard let kind = ComponentKind(rawValue: name) ?? ComponentKind(rawValue: "kube-" + name) else { return nil }
        return (kind, arguments.dropFirst(2))
    }
}

/// Manifests from which a kubelet runs Pods that no API server was asked about.
enum StaticPod {
    /// Where the kubelet of every common installer looks.
    static let directory = "/etc/kubernetes/manifests"

    /// Whether a file lies there, be its text part of the evidence or not. What a process in a container sees at the path starts nothing.
    static func isFile(_ file: EvidenceFile) -> Bool {
        file.process.isEmpty && file.type == .file && !file.isMissing && file.path.utf8.starts(with: (directory + "/").utf8)
    }

    /// Whether a file in a directory of manifests starts this program: by its name, as installers call it, or by what it says.
    static func runs(_ program: ComponentKind, _ file: EvidenceFile) -> Bool {
        let name = file.path.split(separator: "/").last ?? ""
        if name.prefix(while: { $0 != "." }) == program.rawValue { return true }
        guard file.content?.text.contains(program.rawValue) == true else { return false }
        return components(in: file).contains { $0.kind == program }
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
        Component(self, place: place, flags: flags?.placed(at: place))
    }

    private init(_ other: Component, place: Value, flags: CommandLineFlags?) {
        kind = other.kind
        self.place = place
        self.flags = flags
        environment = other.environment
        hasForeignEnvironment = other.hasForeignEnvironment
        image = other.image
        pinned = place
        container = other.container
        pid = other.pid
        user = other.user
    }
}
