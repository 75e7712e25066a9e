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
        var flags: [String: [Flag]] = [:]
        CommandLineFlags.read(arguments, of: kind, text: \.text) { name, value, place in
            flags[name, default: []].append(Flag(value: value, place: place))
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
    /// Reads arguments of any make one by one.
    ///
    /// - Parameters:
    ///   - arguments: without the program itself.
    ///   - kind: nil for a program whose boolean flags are not known here: its flags take the next argument unless that begins with a dash, and one
    ///     dash is enough.
    ///   - take: is told each flag with its value and the argument that holds the value.
    static func read<Argument>(
        _ arguments: some Sequence<Argument>, of kind: ComponentKind?, text: (Argument) -> String, take: (String, String, Argument) -> Void
    ) {
        let booleans = kind?.booleanFlags ?? []
        var iterator = arguments.makeIterator()
        var next = iterator.next()
        while let argument = next {
            next = iterator.next()
            let written = text(argument)
            if written == "--" { break }
            let isLong = written.hasPrefix("--")
            guard isLong || ((kind == .etcd || kind == nil) && written.hasPrefix("-") && written.count > 1) else { continue }
            let body = written.dropFirst(isLong ? 2 : 1)
            let end = body.firstIndex(of: "=") ?? body.endIndex
            let name = kind == .etcd ? String(body[..<end]) : String(body[..<end]).replacing("_", with: "-")
            if end < body.endIndex {
                take(name, String(body[end...].dropFirst()), argument)
            } else if booleans.contains(name) || kind == nil && next.map({ text($0).hasPrefix("-") && text($0).count > 1 }) ?? true {
                take(name, "true", argument)
            } else if let kind, let following = next, !ComponentKind.flagsWithValue.contains(name), isFlag(text(following), of: kind) {
                take(name, "true", argument)
            } else if let value = next {
                take(name, text(value), value)
                next = iterator.next()
            } else {
                take(name, "", argument)
            }
        }
    }

    /// The same flags, all of them at one place.
    func placed(at place: Value) -> CommandLineFlags {
        CommandLineFlags(flags: flags.mapValues { $0.map { Flag(value: $0.value, place: place) } })
    }

    private init(flags: [String: [Flag]]) { self.flags = flags }
}
