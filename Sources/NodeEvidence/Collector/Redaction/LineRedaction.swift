/// Files of lines `name = value` without the secrets in them: TOML, units of systemd, files of variables.
///
/// These have no reader here that would prove the result, so what a line does not show as a whole is dropped with the file: a secret that goes on over
/// several lines, or text that is no UTF-8.
enum LineRedaction {
    enum Form { case toml, unit, variables }

    /// - Returns: nil when it cannot be redacted for sure.
    static func redact(_ bytes: [UInt8], form: Form) -> RedactedText? {
        guard let text = String(validating: bytes, as: UTF8.self), !text.contains("PRIVATE KEY") else { return nil }
        return form == .toml ? redactSettings(text) : SettingRedaction.redact(text, form: form)
    }

    private static func redactSettings(_ text: String) -> RedactedText? {
        var count = 0
        var lines: [String] = []
        var isBelowSecret = false
        var isContinued = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = withoutComment(String(line))
            let trimmed = line.trimmingPrefix { $0 == " " || $0 == "\t" }
            if trimmed.hasPrefix("["), !isContinued, isTable(trimmed) {
                isBelowSecret = isSecretTable(trimmed)
                lines.append(line)
                continue
            }
            guard let redacted = redacted(line, isBelowSecret: isBelowSecret, isContinued: isContinued) else { return nil }
            count += redacted.count
            lines.append(redacted.text)
            isContinued = opensList(trimmed, isOpen: isContinued)
        }
        return RedactedText(text: lines.joined(separator: "\n"), count: count)
    }

    /// `[plugins."io.containerd.grpc.v1.cri".registry.configs."r.example".auth]`
    private static func isTable(_ line: some StringProtocol) -> Bool { line.hasSuffix("]") && !line.contains("=") && !line.hasSuffix(",]") }

    private static func isSecretTable(_ line: some StringProtocol) -> Bool {
        let names = line.split { "[].\"' ".contains($0) }
        return names.contains { ["auth", "auths", "header", "headers", "credentials", "secret", "secrets"].contains($0.lowercased()) }
    }

    /// Whether a list that began with `[` still goes on behind this line.
    private static func opensList(_ line: some StringProtocol, isOpen: Bool) -> Bool {
        let opened = line.count { $0 == "[" }, closed = line.count { $0 == "]" }
        return isOpen ? opened >= closed : opened > closed
    }

    /// The line with nothing behind the mark of a comment.
    private static func withoutComment(_ line: String) -> String {
        let trimmed = line.trimmingPrefix { $0 == " " || $0 == "\t" }
        return trimmed.hasPrefix("#") ? "#" : String(decoding: YAMLComments.emptied(Array(line.utf8)), as: UTF8.self)
    }

    private static func redacted(_ line: String, isBelowSecret: Bool, isContinued: Bool) -> RedactedText? {
        guard !isContinued, let equals = line.firstIndex(of: "=") else {
            // A line of a list or of a text.
            if isBelowSecret, line.contains(where: { !" \t[]".contains($0) }) { return nil }
            return bare(line)
        }
        let (name, value) = (line[..<equals], line[line.index(after: equals)...])
        let bareName = String(name.filter { !" \t\"'".contains($0) })
        return setting(name, value, named: bareName, isBelowSecret: isBelowSecret)
    }

    /// A line that stands for itself.
    private static func bare(_ line: String) -> RedactedText {
        let redacted = ArgumentRedaction.redact(line: line)
        return RedactedText(text: redacted.text, count: redacted.count)
    }

    private static func setting(_ name: Substring, _ value: Substring, named bareName: String, isBelowSecret: Bool) -> RedactedText? {
        // A text over several lines begins here; what it holds would pass line by line.
        for quote in ["\"\"\"", "'''"] where value.ranges(of: quote).count == 1 { return nil }
        let bare = value.hasSuffix("#") ? value.dropLast() : value
        let plain = bare.filter { !" \t\"'".contains($0) }
        let last = bareName.split(separator: ".").last.map(String.init) ?? bareName
        let isSecret =
            isBelowSecret && !SecretWords.isHarmless(plain) || bareName.split(separator: ".").contains("auth")
            || ArgumentRedaction.isSecret(plain, named: last) || SecretWords.looksSecret(String(value)) || hasSecretEntry(value)
        guard isSecret else { return RedactedText(text: "\(name)=\(value)", count: 0) }
        // What does not end on this line goes on below.
        let text = value.trimmingPrefix(" ")
        let isOpen = text.hasPrefix("\"\"\"") || text.hasPrefix("'''") || text.count { "[{".contains($0) } != text.count { "]}".contains($0) }
        return isOpen ? nil : RedactedText(text: "\(name)= \"\(EvidenceFormat.redacted)\"", count: 1)
    }

    /// An inline table: `{ username = "u", password = "p" }`.
    private static func hasSecretEntry(_ value: Substring) -> Bool {
        guard value.contains("{") else { return false }
        return value.split { "{},".contains($0) }.contains { entry in
            let parts = entry.split(separator: "=", maxSplits: 1).map { $0.filter { !" \t\"'".contains($0) } }
            return parts.count == 2 && ArgumentRedaction.isSecret(parts[1], named: parts[0])
        }
    }
}
