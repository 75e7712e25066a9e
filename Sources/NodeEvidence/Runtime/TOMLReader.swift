/// Reads TOML 1.0 (https://toml.io/en/v1.0.0), strictly: what the format forbids is a problem and no guess, since whoever reads a
/// configuration otherwise than its program judges another one. `docs/decisions/0013-own-toml-reader.md` says why it is our own.
struct TOMLReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var root = TOMLTable()

    /// Tables within tables, and arrays within arrays.
    private static let mostDepth = 64

    static func read(_ text: String) throws(TOMLProblem) -> TOMLTable {
        var reader = TOMLReader(bytes: Array(text.utf8))
        try reader.readDocument()
        return reader.root
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func readDocument() throws(TOMLProblem) {
        root.origin = .header
        // Where key-value pairs go: the table of the last header.
        var path: [String] = []
        while true {
            skipBlank()
            guard position < bytes.count else { return }
            if current == UInt8(ascii: "[") {
                path = try readHeader()
            } else {
                let start = line
                let (key, value) = try readPair(depth: 0)
                try insert(value, at: key, below: path, line: start)
            }
            try endLine()
        }
    }

    // MARK: - Tables

    /// `[a.b]` or `[[a.b]]`.
    private mutating func readHeader() throws(TOMLProblem) -> [String] {
        let start = line
        position += 1
        let isArray = current == UInt8(ascii: "[")
        if isArray { position += 1 }
        let key = try readKey()
        try expect("]")
        if isArray { try expect("]") }
        guard key.count <= Self.mostDepth else { throw problem("tables are nested deeper than the limit of \(Self.mostDepth)") }
        try change(root: key, line: start) { (entry: inout TOMLValue?) throws(TOMLProblem) in
            if isArray {
                // Only an array of headers grows by headers: one in brackets is complete.
                guard entry == nil || entry?.array?.last?.table?.origin == .header else {
                    throw TOMLProblem(line: start, message: "'\(key.joined(separator: "."))' is there already and is no array of tables")
                }
                var items = entry?.takeItems() ?? []
                items.append(TOMLValue(content: .table(Self.table(.header)), line: start))
                entry = TOMLValue(content: .array(items), line: entry?.line ?? start)
            } else if let known = entry {
                guard var table = known.table, table.origin == .implied else {
                    throw TOMLProblem(line: start, message: "'\(key.joined(separator: "."))' is there twice")
                }
                table.origin = .header
                entry = TOMLValue(content: .table(table), line: start)
            } else {
                entry = TOMLValue(content: .table(Self.table(.header)), line: start)
            }
        }
        return key
    }

    private static func table(_ origin: TOMLTable.Origin) -> TOMLTable {
        var table = TOMLTable()
        table.origin = origin
        return table
    }

    /// Changes the entry at a path of headers; tables on the way are made, and of an array of tables the last one is meant.
    private mutating func change(
        root path: [String], line: Int, _ body: (inout TOMLValue?) throws(TOMLProblem) -> Void
    ) throws(TOMLProblem) {
        try Self.change(&root, path[...], line: line, body)
    }

    private static func change(
        _ table: inout TOMLTable, _ path: ArraySlice<String>, line: Int, _ body: (inout TOMLValue?) throws(TOMLProblem) -> Void
    ) throws(TOMLProblem) {
        guard let key = path.first else { return }
        try table.change(key) { (entry: inout TOMLValue?) throws(TOMLProblem) in
            guard path.count > 1 else { return try body(&entry) }
            let noun = entry?.noun ?? ""
            if entry == nil {
                var next = TOMLTable()
                try change(&next, path.dropFirst(), line: line, body)
                entry = TOMLValue(content: .table(next), line: line)
            } else if entry?.array?.last?.table?.origin == .header, var items = entry?.takeItems(), var next = items[items.count - 1].takeTable() {
                try change(&next, path.dropFirst(), line: line, body)
                items[items.count - 1].content = .table(next)
                entry?.content = .array(items)
            } else if entry?.table?.origin != .inline, var next = entry?.takeTable() {
                try change(&next, path.dropFirst(), line: line, body)
                entry?.content = .table(next)
            } else {
                throw TOMLProblem(line: line, message: "'\(key)' is \(noun) already; nothing can be added to it")
            }
        }
    }

    /// Puts the value of a pair into the table of the last header.
    private mutating func insert(_ value: TOMLValue, at key: [String], below path: [String], line: Int) throws(TOMLProblem) {
        guard !path.isEmpty else { return try Self.insert(value, at: key[...], into: &root, line: line) }
        try change(root: path, line: line) { (entry: inout TOMLValue?) throws(TOMLProblem) in
            if var items = entry?.takeItems() {
                if var last = items.popLast(), var table = last.takeTable() {
                    try Self.insert(value, at: key[...], into: &table, line: line)
                    last.content = .table(table)
                    items.append(last)
                }
                entry?.content = .array(items)
            } else if var table = entry?.takeTable() {
                try Self.insert(value, at: key[...], into: &table, line: line)
                entry?.content = .table(table)
            }
        }
    }

    /// Dotted keys make the tables between; those may only be made and added to by dotted keys.
    private static func insert(_ value: TOMLValue, at key: ArraySlice<String>, into table: inout TOMLTable, line: Int) throws(TOMLProblem) {
        guard let first = key.first else { return }
        guard key.count > 1 else {
            guard table[first] == nil else { throw TOMLProblem(line: line, message: "'\(first)' is there twice") }
            return table[first] = value
        }
        try table.change(first) { (entry: inout TOMLValue?) throws(TOMLProblem) in
            guard entry == nil || entry?.table?.origin == .dotted else {
                throw TOMLProblem(line: line, message: "'\(first)' is there already; a dotted key cannot add to it")
            }
            var next = entry?.takeTable() ?? Self.table(.dotted)
            try insert(value, at: key.dropFirst(), into: &next, line: line)
            entry = TOMLValue(content: .table(next), line: entry?.line ?? line)
        }
    }

    // MARK: - Keys and values

    private mutating func readPair(depth: Int) throws(TOMLProblem) -> ([String], TOMLValue) {
        let key = try readKey()
        guard key.count <= Self.mostDepth else { throw problem("the key has more parts than the limit of \(Self.mostDepth)") }
        try expect("=")
        skipSpace()
        return (key, try readValue(depth: depth))
    }

    private mutating func readKey() throws(TOMLProblem) -> [String] {
        var key: [String] = []
        repeat {
            if !key.isEmpty { position += 1 }
            skipSpace()
            switch current {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard !starts(with: "\"\"\""), !starts(with: "'''") else { throw problem("a key cannot span lines") }
                key.append(try readString())
            default:
                let start = position
                while isBareKey(current) { position += 1 }
                guard position > start else { throw problem("expected a key") }
                key.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            skipSpace()
        } while current == UInt8(ascii: ".")
        return key
    }

    private mutating func readValue(depth: Int) throws(TOMLProblem) -> TOMLValue {
        guard depth < Self.mostDepth else { throw problem("values are nested deeper than the limit of \(Self.mostDepth)") }
        let start = line
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return TOMLValue(content: .string(try readString()), line: start)
        case UInt8(ascii: "["): return TOMLValue(content: .array(try readArray(depth: depth)), line: start)
        case UInt8(ascii: "{"): return TOMLValue(content: .table(try readInlineTable(depth: depth)), line: start)
        default: return TOMLValue(content: try readScalar(), line: start)
        }
    }

    private mutating func readArray(depth: Int) throws(TOMLProblem) -> [TOMLValue] {
        position += 1
        var items: [TOMLValue] = []
        while true {
            skipBlank()
            if current == UInt8(ascii: "]") {
                position += 1
                return items
            }
            items.append(try readValue(depth: depth + 1))
            skipBlank()
            guard current == UInt8(ascii: ",") else {
                guard current == UInt8(ascii: "]") else { throw problem("expected ',' or the end of the array") }
                continue
            }
            position += 1
        }
    }

    private mutating func readInlineTable(depth: Int) throws(TOMLProblem) -> TOMLTable {
        position += 1
        var table = TOMLTable()
        skipSpace()
        while current != UInt8(ascii: "}") {
            let start = line
            let (key, value) = try readPair(depth: depth + 1)
            try Self.insert(value, at: key[...], into: &table, line: start)
            skipSpace()
            if current == UInt8(ascii: "}") { break }
            guard current == UInt8(ascii: ",") else { throw problem("expected ',' or the end of the inline table") }
            position += 1
            skipSpace()
            guard current != UInt8(ascii: "}") else { throw problem("an inline table must not end with ','") }
        }
        position += 1
        table.origin = .inline
        return table
    }

    /// Booleans, numbers, dates and times: everything without quotes or brackets.
    private mutating func readScalar() throws(TOMLProblem) -> TOMLValue.Content {
        let start = position
        while isScalar(current) { position += 1 }
        // A date and a time may be parted by one space.
        if position - start == 10, bytes[start + 4] == UInt8(ascii: "-"), current == 0x20, position + 1 < bytes.count, isDigit(bytes[position + 1]) {
            position += 1
            while isScalar(current) { position += 1 }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let content = TOMLScalar.read(text) else {
            throw problem(text.isEmpty ? "expected a value" : "'\(text.prefix(40))' is no value; text needs quotes")
        }
        return content
    }

    // MARK: - Strings

    private mutating func readString() throws(TOMLProblem) -> String {
        let quote = current
        let isLong = starts(with: quote == UInt8(ascii: "\"") ? "\"\"\"" : "'''")
        position += isLong ? 3 : 1
        if isLong {
            if current == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A { position += 1 }
            if current == 0x0A { newline() }
        }
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = current
            if byte == quote {
                let run = isLong ? quotes(quote) : 1
                // Of a long string's quotes the last three close it; up to two may stand before them.
                guard run <= 5 else { throw problem("a string has at most two quotes before those that close it") }
                let isEnd = !isLong || run >= 3
                text.append(contentsOf: repeatElement(quote, count: isLong ? (isEnd ? run - 3 : run) : 0))
                position += run
                if isEnd { return try validated(text) }
                continue
            }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                try readEscape(into: &text, isLong: isLong)
            } else if byte == 0x0A, isLong {
                text.append(byte)
                newline()
            } else if byte < 0x20 && byte != 0x09 && !(isLong && byte == 0x0D) || byte == 0x7F {
                throw problem(byte == 0x0A ? "the string is not closed in its line" : "a control character in a string must be escaped")
            } else {
                text.append(byte)
                position += 1
            }
        }
        throw problem("the text ends inside a string")
    }

    /// How many of these stand here in a row.
    private func quotes(_ quote: UInt8) -> Int { bytes[position...].prefix { $0 == quote }.count }

    private func validated(_ text: [UInt8]) throws(TOMLProblem) -> String {
        guard let string = String(validating: text, as: UTF8.self) else { throw problem("the string is not valid UTF-8") }
        return string
    }

    private mutating func readEscape(into text: inout [UInt8], isLong: Bool) throws(TOMLProblem) {
        position += 1
        let byte = current
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
            UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C,
        ]
        if let value = simple[byte] {
            text.append(value)
            position += 1
        } else if byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") {
            let count = byte == UInt8(ascii: "u") ? 4 : 8
            let digits = bytes[min(position + 1, bytes.count)..<min(position + 1 + count, bytes.count)]
            guard digits.count == count, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16), let scalar = Unicode.Scalar(number)
            else { throw problem("expected \(count) hexadecimal digits of a character after the escape") }
            UTF8.encode(scalar).map { text.append(contentsOf: $0) }
            position += 1 + count
        } else if isLong, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            // A backslash at the end of a line takes the line's end and what blank follows.
            skipSpace()
            if current == 0x0D { position += 1 }
            guard current == 0x0A else { throw problem("this escape does not exist in TOML") }
            while current == 0x20 || current == 0x09 || current == 0x0A || current == 0x0D {
                if current == 0x0A { newline() } else { position += 1 }
            }
        } else {
            throw problem("this escape does not exist in TOML")
        }
    }

    // MARK: - Bytes

    /// 0 behind the end.
    private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes.dropFirst(position).starts(with: $0) }
    }

    private mutating func newline() {
        position += 1
        line += 1
    }

    private mutating func skipSpace() {
        while current == 0x20 || current == 0x09 { position += 1 }
    }

    /// Space, comments and line ends.
    private mutating func skipBlank() {
        while position < bytes.count {
            switch current {
            case 0x20, 0x09, 0x0D: position += 1
            case 0x0A: newline()
            case UInt8(ascii: "#"): while position < bytes.count, current != 0x0A { position += 1 }
            default: return
            }
        }
    }

    private mutating func endLine() throws(TOMLProblem) {
        skipSpace()
        if current == UInt8(ascii: "#") { while position < bytes.count, current != 0x0A { position += 1 } }
        if current == 0x0D { position += 1 }
        guard position >= bytes.count || current == 0x0A else { throw problem("expected the end of the line") }
    }

    private mutating func expect(_ character: StaticString) throws(TOMLProblem) {
        skipSpace()
        guard starts(with: character) else { throw problem("expected '\(character)'") }
        position += 1
    }

    private func problem(_ message: String) -> TOMLProblem { TOMLProblem(line: line, message: message) }

    private func isBareKey(_ byte: UInt8) -> Bool { isWord(byte) || byte == UInt8(ascii: "-") }
    private func isScalar(_ byte: UInt8) -> Bool {
        isWord(byte) || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: ":")].contains(byte)
    }
    private func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80 || byte == UInt8(ascii: "_")
    }
    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
