internal import Documents

/// What small files of a system say.
enum SystemFiles {
    /// Names by number of `/etc/passwd` and `/etc/group`: the first entry of a number names it, as getpwuid takes it.
    static func names(_ bytes: [UInt8]) -> [UInt32: String] {
        var names: [UInt32: String] = [:]
        for line in bytes.byteLines {
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count > 2, !fields[0].isEmpty, let number = fields[2].number(), let id = UInt32(exactly: number) else { continue }
            if names[id] == nil { names[id] = fields[0].text }
        }
        return names
    }

    /// The assignments of `os-release` (os-release(5)): like those of a shell, quoted where needed.
    static func assignments(_ bytes: [UInt8]) -> [String: String] {
        var assignments: [String: String] = [:]
        for line in bytes.byteLines {
            let line = line.trimmed
            guard line.first != UInt8(ascii: "#"), let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            assignments[line[..<equals].text] = unquoted(line[(equals + 1)...].text)
        }
        return assignments
    }

    private static func unquoted(_ text: String) -> String {
        guard let quote = text.first, quote == "\"" || quote == "'", text.last == quote, text.count > 1 else { return text }
        let inside = text.dropFirst().dropLast()
        guard quote == "\"", inside.contains("\\") else { return String(inside) }
        var plain = ""
        var isEscaped = false
        for character in inside {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                plain.append(character)
                isEscaped = false
            }
        }
        return plain
    }

    /// The names in `/proc/modules`, sorted.
    static func modules(_ bytes: [UInt8]) -> [String] {
        bytes.byteLines.compactMap { $0.byteWords.first?.text }.sorted()
    }

    /// When the machine started, of `/proc/stat`.
    static func bootTime(_ bytes: [UInt8]) -> Timestamp? {
        for line in bytes.byteLines {
            guard let rest = line.behind("btime ") else { continue }
            return rest.trimmed.number().map { Timestamp(secondsSinceEpoch: Int64($0)) }
        }
        return nil
    }

    /// The word in brackets of a file that lists its choices: `none [integrity] confidentiality`.
    static func chosen(_ bytes: [UInt8]) -> String? {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "[")), let close = bytes[open...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
        return bytes[(open + 1)..<close].text
    }
}
