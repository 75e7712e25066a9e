public import Documents

/// The flags of one program, read as the program reads them.
///
/// Kubernetes uses pflag: `--flag=value`, `--flag value`, a boolean flag alone is true and never takes the next argument,
/// `_` in a name is as good as `-`, `--` ends the flags. etcd uses Go's own package, to which one dash is enough.
/// Given twice, the last scalar counts; lists grow and maps merge.
public struct CommandLineFlags: Sendable {
    /// One occurrence of a flag.
    public struct Flag: Sendable {
        public let value: String
        /// The argument that holds the value.
        public let place: Value
    }

    private let flags: [String: [Flag]]

    /// - Parameter arguments: without the program itself; the values must be strings.
    public init(_ arguments: some Sequence<Value>, of kind: ComponentKind) {
        let booleans = kind.booleanFlags
        var flags: [String: [Flag]] = [:]
        var iterator = arguments.makeIterator()
        while let argument = iterator.next() {
            let text = argument.text
            if text == "--" { break }
            let isLong = text.hasPrefix("--")
            guard isLong || (kind == .etcd && text.hasPrefix("-") && text.count > 1) else { continue }
            let body = text.dropFirst(isLong ? 2 : 1)
            let written = body.prefix { $0 != "=" }
            let name = kind == .etcd ? String(written) : String(written).replacing("_", with: "-")
            if written.endIndex < body.endIndex {
                flags[name, default: []].append(Flag(value: String(body[written.endIndex...].dropFirst()), place: argument))
            } else if booleans.contains(name) {
                flags[name, default: []].append(Flag(value: "true", place: argument))
            } else if let value = iterator.next() {
                flags[name, default: []].append(Flag(value: value.text, place: value))
            } else {
                flags[name, default: []].append(Flag(value: "", place: argument))
            }
        }
        self.flags = flags
    }

    /// Every occurrence in order, empty for none.
    public func all(_ name: String) -> [Flag] { flags[name] ?? [] }

    /// The occurrence that counts for a flag with one value.
    public func last(_ name: String) -> Flag? { flags[name]?.last }

    /// Names that are given, sorted.
    public var names: [String] { flags.keys.sorted() }
}

extension CommandLineFlags {
    /// The same flags, all of them at one place.
    func placed(at place: Value) -> CommandLineFlags {
        CommandLineFlags(flags: flags.mapValues { $0.map { Flag(value: $0.value, place: place) } })
    }

    private init(flags: [String: [Flag]]) { self.flags = flags }
}
