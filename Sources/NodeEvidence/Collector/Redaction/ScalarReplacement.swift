internal import Documents

/// Replaces scalars of a YAML or JSON text where they stand, in whatever form they are written, and changes no line.
enum ScalarReplacement {
    /// - Returns: nil when one of them cannot be found again: behind an alias, or in a form that is not known here.
    static func replace(_ secrets: [SecretScalar], in bytes: [UInt8]) -> [UInt8]? {
        var edits: [Edit] = []
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
        // A whole document may stand on one line: from one secret to the next, columns are counted on.
        var last = (line: 0, column: 0, position: 0)
        for secret in secrets.sorted(by: { ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column) }) {
            let (line, column) = (secret.position.line, secret.position.column)
            guard line >= 1, line <= starts.count else { return nil }
            // Two secrets in one place: an alias, or a mistake.
            guard (line, column) != (last.line, last.column) else { return nil }
            if line != last.line { last = (line, 1, starts[line - 1]) }
            var cursor = YAMLCursor(bytes: bytes, position: last.position)
            cursor.skipCharacters(column - last.column)
            last = (line, column, cursor.position)
            if secret.hasKey, !cursor.skipKey() { return nil }
            cursor.skipToValue()
            guard let found = cursor.edits(for: secret) else { return nil }
            edits += found
        }
        edits.sort { $0.range.lowerBound < $1.range.lowerBound }
        var out: [UInt8] = []
        var copied = 0
        for edit in edits {
            // One inside of the other is a mistake too.
            guard edit.range.lowerBound >= copied else { return nil }
            out += bytes[copied..<edit.range.lowerBound]
            out += edit.replacement.utf8
            copied = edit.range.upperBound
        }
        return out + bytes[copied...]
    }

    struct Edit {
        var range: Range<Int>
        var replacement: String
    }
}

/// A place in a YAML or JSON text from which tokens are told apart.
private struct YAMLCursor {
    let bytes: [UInt8]
    var position: Int

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Columns count characters; continuation bytes of UTF-8 are none.
    mutating func skipCharacters(_ count: Int) {
        // A byte order mark stands before column one.
        if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        for _ in 0..<max(0, count) {
            guard position < bytes.count else { return }
            position += 1
            while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
        }
    }

    /// Goes behind the colon of the key that begins here.
    mutating func skipKey() -> Bool {
        skipProperties()
        if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") {
            guard let end = quotedEnd() else { return false }
            position = end
            skipBlanks()
            guard current == UInt8(ascii: ":") else { return false }
            position += 1
            return true
        }
        // In a plain key a colon is one that a blank or an end follows.
        while let byte = current, byte != UInt8(ascii: "\n") {
            position += 1
            if byte == UInt8(ascii: ":"), current.map({ $0 <= 0x20 || "\"'[{,".utf8.contains($0) }) ?? true { return true }
        }
        return false
    }

    /// Goes over blanks, line ends, emptied comments, tags and anchors.
    mutating func skipToValue() {
        while true {
            let before = position
            while let byte = current, byte <= 0x20 { position += 1 }
            if current == UInt8(ascii: "#") { position += 1 }
            skipProperties()
            if position == before { return }
        }
    }

    private mutating func skipProperties() {
        while let byte = current, byte == UInt8(ascii: "!") || byte == UInt8(ascii: "&") {
            while let byte = current, byte > 0x20 { position += 1 }
            skipBlanks()
        }
    }

    private mutating func skipBlanks() {
        while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { position += 1 }
    }

    /// Behind the closing quote of the quoted text that begins here.
    private func quotedEnd() -> Int? {
        guard let quote = current else { return nil }
        var index = position + 1
        while index < bytes.count {
            if bytes[index] == quote {
                // In single quotes a doubled one is a letter.
                if quote == UInt8(ascii: "'"), index + 1 < bytes.count, bytes[index + 1] == quote { index += 1 } else { return index + 1 }
            } else if bytes[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                index += 1
            }
            index += 1
        }
        return nil
    }

    /// What to change for the value that begins here.
    func edits(for secret: SecretScalar) -> [ScalarReplacement.Edit]? {
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quotedEnd().map { lineEdits((position + 1)..<($0 - 1), secret.replacement) }
        case UInt8(ascii: "|"), UInt8(ascii: ">"): blockEdits(secret.replacement)
        case UInt8(ascii: "*"), nil: nil
        default: plainEnd(of: secret.text).map { lineEdits(position..<$0, mark(for: secret)) }
        }
    }

    /// Between brackets and in JSON a mark without quotes would be no value where a number was one.
    private func mark(for secret: SecretScalar) -> String {
        bytes.first { $0 > 0x20 } == UInt8(ascii: "{") ? "\"\(secret.replacement)\"" : secret.replacement
    }

    /// The end of a plain scalar: its text stands there as it is, but for line ends that were folded into blanks.
    private func plainEnd(of text: String) -> Int? {
        var index = position
        for byte in text.utf8 {
            guard index < bytes.count else { return nil }
            if byte == bytes[index], byte != UInt8(ascii: " ") {
                index += 1
            } else if byte <= 0x20, bytes[index] <= 0x20 {
                while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
            } else if byte > 0x20 || index == position || bytes[index - 1] > 0x20 {
                return nil
            }
        }
        return index
    }

    /// Puts the mark on the first line of a range, and on each further one that is not empty, so that lines and indentation stay.
    private func lineEdits(_ range: Range<Int>, _ replacement: String) -> [ScalarReplacement.Edit] {
        var edits: [ScalarReplacement.Edit] = []
        var start = range.lowerBound
        while start < range.upperBound || edits.isEmpty {
            let end = bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? range.upperBound
            // What is indented more than the first line may be, but a mark is no part of the indentation.
            let text = start == range.lowerBound ? start : bytes[start..<end].firstIndex { $0 > 0x20 } ?? end
            if text < end || edits.isEmpty {
                edits.append(.init(range: text..<end, replacement: edits.isEmpty ? replacement : EvidenceFormat.redacted))
            }
            start = end + 1
        }
        return edits
    }

    /// The lines of a block scalar: those behind its header that are empty or indented as the first one is.
    private func blockEdits(_ replacement: String) -> [ScalarReplacement.Edit]? {
        let header = bytes[position...].prefix { $0 != UInt8(ascii: "\n") }
        // With an indentation of its own it may begin further in than it goes on.
        guard !header.contains(where: { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        var start = header.endIndex + 1
        var end = start
        var indentation: Int?
        while start < bytes.count {
            let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
            let blanks = line.prefix { $0 == UInt8(ascii: " ") }.count
            if blanks < line.count {
                guard blanks >= indentation ?? 0, blanks > 0 else { break }
                indentation = indentation ?? blanks
                end = line.endIndex
            }
            start = line.endIndex + 1
        }
        guard indentation != nil, header.endIndex < end else { return nil }
        let first = bytes[(header.endIndex + 1)...].firstIndex { $0 > 0x20 } ?? end
        return lineEdits(first..<end, replacement)
    }
}
