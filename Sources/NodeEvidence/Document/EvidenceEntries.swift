public import Documents

/// One program that ran when the evidence was taken.
public struct EvidenceProcess: Sendable {
    public let place: Value
    public let name: String
    /// nil when the document does not say.
    let pid: Int64?
    /// nil when its arguments were not to be seen.
    public let arguments: [Value]?
    /// Empty when the document does not say.
    public let user: String
    /// Variables that configure the program, for programs that read any.
    public let environment: Value
    /// The container it runs in, empty for none.
    public let container: String

    init(_ place: Value) throws(WrongType) {
        self.place = place
        name = try place["name"].string() ?? ""
        pid = try place["pid"].int()
        let argv = place["argv"]
        if argv.exists {
            var arguments: [Value] = []
            for argument in try argv.items() {
                guard argument.kind == .string else { throw WrongType(value: argument, expected: "a string") }
                arguments.append(argument)
            }
            self.arguments = arguments
        } else {
            arguments = nil
        }
        user = try place["user"].string() ?? ""
        environment = place["environment"]
        _ = try environment.stringMap()
        container = try place["container"].string() ?? ""
    }
}

/// One file, directory or other entry of a file system, or the fact that it is missing.
public struct EvidenceFile: Sendable {
    public let place: Value
    public let path: String
    public let isMissing: Bool
    public let type: FileType
    /// Permission bits without the type; nil when they were not read.
    public let mode: UInt16?
    /// Names; numbers as text where a number has no name; nil when not read.
    public let owner: String?
    public let group: String?
    /// The text of the file, nil when none was taken.
    public let content: Value?
    /// Not all of its text is there.
    public let isTruncated: Bool
    /// The process in a container that sees the file at this path, empty for the machine itself.
    public let process: String
    /// Its number, which tells it from others that call themselves so; nil when the document does not say.
    let pid: Int64?

    /// Paths by which programs name the file, where links lead to it.
    public let aliases: [String]

    public enum FileType: String, Sendable { case file, directory, symlink, socket, other }

    init(_ place: Value) throws(WrongType) {
        self.place = place
        guard let path = try place["path"].string(), path.utf8.first == UInt8(ascii: "/") else {
            throw WrongType(value: place["path"], expected: "an absolute path")
        }
        self.path = path
        isMissing = try place["missing"].bool() ?? false
        if let type = try place["type"].string() {
            guard let known = FileType(rawValue: type) else {
                throw WrongType(value: place["type"], expected: "file, directory, symlink, socket or other")
            }
            self.type = known
        } else {
            type = .file
        }
        mode = try EvidenceFile.mode(place["mode"])
        owner = try place["owner"].string()
        group = try place["group"].string()
        content = try place["content"].string() == nil ? nil : place["content"]
        isTruncated = try place["truncated"].bool() ?? false
        process = try place["process"].string() ?? ""
        pid = try place["pid"].int()
        var aliases: [String] = []
        for alias in try place["aliases"].items() {
            guard let text = try alias.string() else { throw WrongType(value: alias, expected: "a path") }
            aliases.append(text)
        }
        self.aliases = aliases
    }

    /// Octal text: `0600`, `600`, `1777`.
    private static func mode(_ place: Value) throws(WrongType) -> UInt16? {
        guard let text = try place.string() else { return nil }
        guard text.utf8.first != UInt8(ascii: "+"), let bits = UInt16(text, radix: 8), bits <= 0o7777 else {
            throw WrongType(value: place, expected: "a file mode in octal digits")
        }
        return bits
    }
}

/// One socket that waits for others.
public struct EvidenceSocket: Sendable {
    public let place: Value
    /// `0.0.0.0`, `::`, `127.0.0.1`.
    public let address: String
    public let port: Int
    /// `tcp` or `udp`.
    public let transport: String
    /// The name of the process, nil when it was not to be seen.
    public let process: String?

    init(_ place: Value) throws(WrongType) {
        self.place = place
        address = try place["address"].string() ?? ""
        guard let port = try place["port"].int(), (0...65_535).contains(port) else {
            throw WrongType(value: place["port"], expected: "a port from 0 to 65535")
        }
        self.port = Int(port)
        transport = try place["protocol"].string() ?? "tcp"
        process = try place["process"].string()
    }
}
