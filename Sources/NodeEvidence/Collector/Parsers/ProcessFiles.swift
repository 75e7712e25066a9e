/// What the files of `/proc/PID` say. Formats: proc(5).
enum ProcessFiles {
    /// The arguments, each ended by NUL. A program that wrote a title over them leaves blanks at the end.
    static func arguments(_ bytes: [UInt8]) -> [String] {
        var words = bytes.split(separator: 0, omittingEmptySubsequences: false).map(\.text)
        while words.last?.isEmpty == true { words.removeLast() }
        return words
    }

    /// The variables whose name begins with `prefix`; values that come twice are the first one's, as getenv takes it.
    static func environment(_ bytes: [UInt8], prefix: String) -> [String: String] {
        var variables: [String: String] = [:]
        for entry in bytes.split(separator: 0) where entry.starts(with: prefix.utf8) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = entry[..<equals].text
            if variables[name] == nil { variables[name] = entry[(equals + 1)...].text }
        }
        return variables
    }

    struct Stat: Equatable {
        var command: String
        var parent: Int
        /// Clock ticks since the machine started.
        var started: Int
    }

    /// The name in parentheses may hold blanks and parentheses itself, so the last one closes it.
    static func stat(_ bytes: [UInt8]) -> Stat? {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "(")), let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close else { return nil }
        let fields = bytes[(close + 1)...].trimmed.byteWords
        guard fields.count > 19, let parent = fields[1].number(), let started = fields[19].number() else { return nil }
        return Stat(command: bytes[(open + 1)..<close].text, parent: parent, started: started)
    }

    /// The effective user of `status`.
    static func user(_ bytes: [UInt8]) -> Int? {
        for line in bytes.byteLines {
            guard let rest = line.behind("Uid:") else { continue }
            let words = rest.byteWords
            return words.count > 1 ? words[1].number() : nil
        }
        return nil
    }

    struct Mapping: Hashable {
        var path: String
        /// `08:01`
        var device: String
        var inode: UInt64
        var isDeleted: Bool
    }

    /// The files that a process runs code of, each once: executable mappings with a path. Others are data, which no fix replaces.
    static func executableMappings(_ bytes: [UInt8]) -> [Mapping] {
        var seen: Set<Mapping> = []
        var mappings: [Mapping] = []
        for line in bytes.byteLines {
            // address perms offset dev inode path; the path may hold blanks.
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count == 6, fields[1].contains(UInt8(ascii: "x")), let inode = fields[4].number(), inode > 0 else { continue }
            var path = fields[5].trimmed
            guard path.first == UInt8(ascii: "/") else { continue }
            let isDeleted = path.suffix(10).elementsEqual(" (deleted)".utf8)
            if isDeleted { path = path.dropLast(10) }
            let mapping = Mapping(path: path.text, device: fields[3].text, inode: UInt64(inode), isDeleted: isDeleted)
            if seen.insert(mapping).inserted { mappings.append(mapping) }
        }
        return mappings
    }

    /// The container that a control group belongs to: the last name in its path that holds 64 hexadecimal digits, as containerd, CRI-O and Docker
    /// name them: `cri-containerd-ID.scope`, `crio-ID.scope`, `docker-ID.scope`, or the id alone.
    static func container(_ bytes: [UInt8]) -> String? {
        for line in bytes.byteLines {
            // hierarchy:controllers:path
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for name in fields[2].split(separator: UInt8(ascii: "/")).reversed() {
                var id = name
                if id.suffix(6).elementsEqual(".scope".utf8) { id = id.dropLast(6) }
                // containerd with cgroupfs below systemd writes slice:cri-containerd:ID.
                if let colon = id.lastIndex(of: UInt8(ascii: ":")) { id = id[(colon + 1)...] }
                if let dash = id.lastIndex(of: UInt8(ascii: "-")) { id = id[(dash + 1)...] }
                if id.count == 64, id.allSatisfy(isHexadecimal) { return id.text }
            }
        }
        return nil
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
