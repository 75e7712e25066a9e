/// Text as a terminal shows it. Names of objects are written by strangers: nothing they contain may move the
/// cursor, change colours or turn the direction of reading.
public enum TerminalText {
    /// Columns that a text takes: two for wide East Asian characters and emoji, none for combining marks.
    static func width(_ text: some StringProtocol) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        return text.reduce(0) { $0 + width(of: $1) }
    }

    /// One character as a person sees it: the width of a cluster is that of its widest scalar.
    static func width(of character: Character) -> Int {
        character.unicodeScalars.reduce(0) { max($0, width(of: $1)) }
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20..<0x7F: return 1
        case 0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F004, 0x1F0CF,
            0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB, 0x1F90C...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }

    /// The text with control characters and direction marks written out as `\u{1B}`.
    public static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var clean = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                clean += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            } else {
                clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: true
        default: false
        }
    }

    /// The text cut to a width, with `…` where something was cut off.
    static func truncate(_ text: String, to limit: Int) -> String {
        guard width(text) > limit else { return text }
        var cut = ""
        var used = 0
        for character in text {
            let columns = width(of: character)
            if used + columns > limit - 1 { break }
            cut.append(character)
            used += columns
        }
        return limit > 0 ? cut + "…" : ""
    }

    /// Lines no wider than a limit, broken at spaces; a word that is wider than a line is broken inside.
    ///
    /// - Parameters:
    ///   - first: columns left on the first line, nil when all are.
    ///   - hanging: spaces before every line but the first; part of the limit.
    static func wrap(_ text: String, to limit: Int, first: Int? = nil, hanging: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: hanging)
        let full = max(limit - hanging, 8)
        var room = first ?? max(limit, 8)
        var lines: [String] = []
        var line = ""
        var used = 0
        func end() {
            lines.append(lines.isEmpty ? line : margin + line)
            (line, used, room) = ("", 0, full)
        }
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            let columns = width(word)
            if used > 0, used + 1 + columns <= room {
                line += " " + word
                used += 1 + columns
                continue
            }
            if used > 0 || (columns > room && room < full) { end() }
            if columns <= room {
                (line, used) = (String(word), columns)
                continue
            }
            for character in word {
                let columns = width(of: character)
                if used + columns > room { end() }
                line.append(character)
                used += columns
            }
        }
        if used > 0 || lines.isEmpty { end() }
        return lines
    }
}

extension TerminalText {
    /// Lines of a path, broken behind slashes where that is possible.
    static func wrapPath(_ path: String, to limit: Int) -> [String] {
        var pieces: [Substring] = []
        var rest = path[...]
        while let slash = rest.firstIndex(of: "/") {
            pieces.append(rest[...slash])
            rest = rest[rest.index(after: slash)...]
        }
        pieces.append(rest)
        var lines: [String] = []
        var line = ""
        for piece in pieces {
            if !line.isEmpty, width(line) + width(piece) > limit {
                lines.append(line)
                line = ""
            }
            line += piece
            guard width(line) > limit else { continue }
            var parts = wrap(line, to: limit)
            line = parts.popLast() ?? ""
            lines += parts
        }
        return lines + (line.isEmpty ? [] : [line])
    }
}

/// How a piece of text stands out. Plain where colours are off.
struct TerminalStyle {
    let colour: Bool

    enum Look: String {
        case bold = "1"
        case dim = "2"
        case critical = "1;97;41"
        case high = "1;31"
        case medium = "33"
        case low = "36"
        case good = "32"
    }

    func callAsFunction(_ text: String, _ look: Look) -> String {
        colour && !text.isEmpty ? "\u{1B}[\(look.rawValue)m\(text)\u{1B}[0m" : text
    }
}
