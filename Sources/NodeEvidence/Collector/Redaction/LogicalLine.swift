/// A line as the program reads it: a backslash at its end joins the next one to it.
struct LogicalLine {
    /// The lines of the file, without the backslashes and without comments between them.
    private(set) var pieces: [String]
    /// The lines of the file as they are, comments emptied.
    private(set) var written: [String]
    let form: LineRedaction.Form

    /// What the program reads. systemd puts a blank in the place of each backslash, in files of variables there is nothing between
    /// (systemd.syntax(7), systemd.exec(5)).
    var joined: String { pieces.joined(separator: form == .unit ? " " : "") }

    /// Whether what stands at the end of one piece may go on at the beginning of the next, as whoever wrote it may have meant.
    func isGlued(before index: Int) -> Bool {
        guard pieces.indices.contains(index), index > 0, let last = pieces[index - 1].last, let first = pieces[index].first else { return false }
        return !last.isWhitespace && !first.isWhitespace
    }

    static func lines(of text: String, form: LineRedaction.Form) -> [LogicalLine] {
        var lines: [LogicalLine] = []
        var isOpen = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.trimmingPrefix { $0 == " " || $0 == "\t" }
            let isComment = trimmed.hasPrefix("#") || trimmed.hasPrefix(";")
            if isComment {
                // Between the lines that are joined a comment stands for nothing, and a backslash in it joins nothing.
                let mark = String(trimmed.prefix(1))
                if isOpen, form == .unit {
                    lines[lines.count - 1].written.append(mark)
                    continue
                }
                if !isOpen {
                    lines.append(LogicalLine(pieces: [mark], written: [mark], form: form))
                    continue
                }
            }
            let goesOn = line.hasSuffix("\\")
            let piece = String(goesOn ? line.dropLast() : line)
            if isOpen {
                lines[lines.count - 1].pieces.append(piece)
                lines[lines.count - 1].written.append(String(line))
            } else {
                lines.append(LogicalLine(pieces: [piece], written: [String(line)], form: form))
            }
            isOpen = goesOn
        }
        return lines
    }
}
