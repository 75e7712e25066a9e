/// The blocks of a PEM text (RFC 7468), each on its own: one that is broken loses no other.
struct PEMBlocks {
    struct Block {
        let label: String
        /// With its first and last line.
        let text: String
    }

    private(set) var blocks: [Block] = []
    /// What stands between the lines of blocks that do not close, by the label of their beginning.
    private(set) var unclosed: [String] = []
    /// Whether there were more than the limit.
    private(set) var isCutShort = false

    /// More certificates than any real bundle has; a bundle of all public authorities holds about 150.
    static let limit = 300

    init(_ text: String) {
        var label: String?
        var lines: [Substring] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingSpaces()
            if let begun = Self.label(of: line, after: "-----BEGIN ") {
                if let open = label { unclosed.append(open) }
                guard blocks.count < Self.limit else {
                    isCutShort = true
                    return
                }
                (label, lines) = (begun, [line])
            } else if let open = label {
                lines.append(line)
                guard let ended = Self.label(of: line, after: "-----END ") else { continue }
                if ended == open { blocks.append(Block(label: open, text: lines.joined(separator: "\n"))) } else { unclosed.append(open) }
                label = nil
            }
        }
        if let label { unclosed.append(label) }
    }

    private static func label(of line: Substring, after start: String) -> String? {
        guard line.hasPrefix(start), line.hasSuffix("-----"), line.utf8.count >= start.utf8.count + 5 else { return nil }
        return String(line.dropFirst(start.count).dropLast(5))
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
