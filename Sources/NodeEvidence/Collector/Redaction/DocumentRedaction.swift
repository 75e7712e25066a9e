internal import Documents

/// Text of a configuration file without its secrets, line for line where it was.
struct RedactedText: Sendable, Equatable {
    var text: String
    var count: Int
}

/// YAML and JSON without the secrets in them.
///
/// What is secret is decided on the document as it is read, never on lines: a name and its value may stand in any of YAML's forms. The text of each secret
/// value is then replaced where it stands, and the result is read once more: it must be the same document but for those values, and none of them may
/// be left anywhere, be it in a comment. What cannot be proven so is dropped as a whole.
enum DocumentRedaction {
    /// - Returns: nil when the text cannot be read, or cannot be redacted for sure.
    static func redact(_ bytes: [UInt8]) -> RedactedText? {
        guard let original = String(validating: bytes, as: UTF8.self), !original.utf8.contains(UInt8(ascii: "\r")) else { return nil }
        let isJSON = bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
        let text = isJSON ? bytes : YAMLComments.emptied(bytes)
        guard let roots = documents(text) else { return nil }
        var secrets: [SecretScalar] = []
        for root in roots { SecretSearch.search(root, into: &secrets) }
        guard !secrets.isEmpty else { return RedactedText(text: String(decoding: text, as: UTF8.self), count: 0) }
        guard let redacted = ScalarReplacement.replace(secrets, in: text), let after = documents(redacted), roots.count == after.count else {
            return nil
        }
        let clean = String(decoding: redacted, as: UTF8.self)
        var left: [SecretScalar] = []
        for root in after { SecretSearch.search(root, into: &left) }
        guard left.isEmpty, zip(roots, after).allSatisfy({ hasSameShape($0, $1, depth: 0) }) else { return nil }
        guard !SecretRemains.areIn(redacted, of: secrets.filter(\.isCertain)) else { return nil }
        return RedactedText(text: clean, count: secrets.count)
    }

    /// The documents of a text, nil when one of them could not be read.
    static func documents(_ bytes: [UInt8]) -> [Value]? {
        let parsed = DocumentTree.parse(
            bytes, source: "configuration", limits: Limits(bytes: 4 << 20, depth: 100, nodes: 200_000, expandedNodes: 10_000))
        // Of two equal keys the first is shadowed, and a search would never see what it holds.
        return parsed.problems.isEmpty ? parsed.tree.roots : nil
    }

    private static func hasSameShape(_ one: Value, _ other: Value, depth: Int) -> Bool {
        guard depth < 100, one.key == other.key else { return false }
        if case .sequence? = one.kind, case .sequence? = other.kind { return haveSameChildren(try? one.items(), try? other.items(), depth) }
        if case .mapping? = one.kind, case .mapping? = other.kind { return haveSameChildren(try? one.entries(), try? other.entries(), depth) }
        return isScalar(one) && isScalar(other) && (one.text == other.text || other.text.contains(EvidenceFormat.redacted))
    }

    private static func haveSameChildren(_ one: Children?, _ other: Children?, _ depth: Int) -> Bool {
        guard let one, let other else { return false }
        let (first, second) = (Array(one), Array(other))
        return first.count == second.count && zip(first, second).allSatisfy { hasSameShape($0, $1, depth: depth + 1) }
    }

    private static func isScalar(_ value: Value) -> Bool {
        switch value.kind {
        case .sequence?, .mapping?: false
        default: true
        }
    }
}

/// Empties comments: they steer nothing, and people note passwords in them.
enum YAMLComments {
    /// The text with nothing behind each `#` that begins a comment. Inside a block scalar such a line is text, and is emptied all the same.
    static func emptied(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for (number, line) in bytes.byteLines.enumerated() {
            if number > 0 { out.append(UInt8(ascii: "\n")) }
            out += line[..<commentStart(in: line)]
        }
        return out
    }

    /// Behind the first `#` that stands at the beginning or behind a blank, and in no quotes.
    private static func commentStart(in line: ArraySlice<UInt8>) -> Int {
        var quote: UInt8?
        var before = UInt8(ascii: " ")
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            if let open = quote {
                if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") { index += 1 } else if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "#"), before <= 0x20 {
                return index + 1
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), before <= 0x20 || "[{,:".utf8.contains(before) {
                // Elsewhere a quote is a letter like others.
                quote = byte
            }
            before = byte
            index += 1
        }
        return line.endIndex
    }
}
