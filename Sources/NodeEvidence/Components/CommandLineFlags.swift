public import Documents

/// The flags of one program, read as the program reads them.
///
/// Kubernetes uses pflag: `--flag=value`, `--flag value`, a boolean flag alone is true and never takes the next argument,
/// `_` in a name is as good as `-`, `--` ends the flags. etcd uses Go's own package, to which one dash is enough.
/// Given twice, the last scalar counts; lists grow and maps merge.
///
/// A flag that is known neither as boolean nor to take a value is taken for boolean where another flag follows: were it not, that other
/// one would be lost from view, and nothing that a program starts with may be. The price is small, since a value that looks like a flag
/// makes sense to hardly any.
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
        let arguments = Array(arguments)
        var next = 0
        while next < arguments.count {
            let argument = arguments[next]
            next += 1
            let text = argument.text
            if text == "--" { break }
            let isLong = text.hasPrefix("--")
            guard isLong || (kind == .etcd && text.hasPrefix("-") && text.utf8.count > 1) else { continue }
            let body = text.dropFirst(isLong ? 2 : 1)
            let written = body.prefix { $0 != "=" }
            let name = kind == .etcd ? String(written) : String(written).replacing("_", with: "-")
            if written.endIndex < body.endIndex {
                flags[name, default: []].append(Flag(value: String(body[written.endIndex...].dropFirst()), place: argument))
            } else if booleans.contains(name) {
                flags[name, default: []].append(Flag(value: "true", place: argument))
            } else if next >= arguments.count {
                flags[name, default: []].append(Flag(value: "", place: argument))
            } else if !ComponentKind.flagsWithValue.contains(name), Self.isFlag(arguments[next].text, of: kind) {
                flags[name, default: []].append(Flag(value: "true", place: argument))
            } else {
                flags[name, default: []].append(Flag(value: arguments[next].text, place: arguments[next]))
                next += 1
            }
        }
        self.flags = flags
    }

    /// Whether an argument looks like a flag. To etcd one dash is enough, but `-1` is a number.
    private static func isFlag(_ text: String, of kind: ComponentKind) -> Bool {
        if text.hasPrefix("--") { return true }
        return kind == .etcd && text.hasPrefix("-") && text.dropFirst().first?.isLetter == true
    }

    /// Every occurrence in order, empty for none.
    public func all(_ name: String) -> [Flag] { flags[name] ?? [] }

    /// The occurrence that counts for a flag with one value.
    public func last(_ name: String) -> Flag? { flags[name]?.last }
}

extension CommandLineFlags {
    /// The same flags, all of them at one place.
    func placed(at place: Value) -> CommandLineFlags {
        CommandLineFlags(flags: flags.mapValues { $0.map { Flag(value: $0.value, place: place) } })
    }

    private init(flags: [String: [Flag]]) { self.flags = flags }
}
