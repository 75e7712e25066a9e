/// Units of systemd and files of variables without the secrets in them. What is decided is decided on a line as the program reads it, and what is
/// replaced stays on its lines.
enum SettingRedaction {
    /// - Returns: nil when it cannot be redacted for sure.
    static func redact(_ text: String, form: LineRedaction.Form) -> RedactedText? {
        var lines: [String] = []
        var count = 0
        for line in LogicalLine.lines(of: text, form: form) {
            guard let redacted = redacted(line) else { return nil }
            lines += redacted.lines
            count += redacted.count
        }
        return RedactedText(text: lines.joined(separator: "\n"), count: count)
    }

    private struct Result {
        var lines: [String]
        var count = 0
    }

    private static func redacted(_ line: LogicalLine) -> Result? {
        let joined = line.joined
        if joined.allSatisfy(\.isWhitespace) || joined == "#" || joined == ";" { return Result(lines: line.written) }
        guard let equals = joined.firstIndex(of: "=") else { return words(of: line, behind: nil) }
        let (name, value) = (String(joined[..<equals]), joined[joined.index(after: equals)...])
        let bareName = String(name.filter { !" \t\"'".contains($0) })
        if value.allSatisfy(\.isWhitespace) { return Result(lines: line.written) }
        if line.form == .variables {
            return variable(line, name, value, named: bareName.hasPrefix("export") ? String(bareName.dropFirst(6)) : bareName)
        }
        switch bareName {
        case "Environment", "DefaultEnvironment": return assignments(line, name, value)
        case "ExecStart": return program(line, name, value)
        // Scripts around the program: a login, say, with a password in the middle of it.
        case _ where bareName.hasPrefix("Exec") || bareName.hasPrefix("SetCredential"): return whole(line, name)
        default: return ArgumentRedaction.isSecret(String(value), named: bareName) ? whole(line, name) : words(of: line, behind: name)
        }
    }

    /// The name alone stays; lines that were joined to it are empty.
    private static func whole(_ line: LogicalLine, _ name: String, value: String = EvidenceFormat.redacted, count: Int = 1) -> Result {
        Result(lines: ["\(name)=\(value)"] + line.written.dropFirst().map { _ in "" }, count: count)
    }

    /// `ExecStart=/usr/bin/kubelet --flag …`. What any other program takes for an argument nobody knows.
    private static func program(_ line: LogicalLine, _ name: String, _ value: Substring) -> Result {
        // Marks before the path say how systemd starts it (systemd.service(5)).
        let arguments = value.drop { " \t@-:+!|".contains($0) }.split { $0 == " " || $0 == "\t" }.map(String.init)
        if arguments.count <= 1 || ProgramName.of(arguments: arguments, executable: nil) != nil { return words(of: line, behind: name) }
        return whole(line, name)
    }

    // MARK: - Arguments

    /// Arguments over several lines: each is redacted where it stands. With quotes in them they are more than words can tell, and go as a whole
    /// where they look secret.
    ///
    /// - Parameter name: what stands before the first equals sign; nil when all of the line is words.
    private static func words(of line: LogicalLine, behind name: String?) -> Result {
        let prefix = name.map { $0 + "=" } ?? ""
        guard let first = line.pieces.first, first.hasPrefix(prefix) else { return whole(line, name ?? "") }
        let pieces = [String(first.dropFirst(prefix.count))] + line.pieces.dropFirst()
        let text = pieces.joined(separator: " ")
        let hasQuotes = text.contains("\"") || text.contains("'")
        let words = pieces.map { $0.split { " \t".contains($0) || hasQuotes && "\"'".contains($0) }.map(String.init) }
        let redacted = redact(words, isGlued: line.isGlued)
        if redacted == words, !SecretWords.looksSecret(text) { return Result(lines: line.written) }
        guard !hasQuotes, redacted != words else { return name.map { whole(line, $0) } ?? Result(lines: line.written.map { _ in "" }, count: 1) }
        var lines: [String] = []
        var index = 0
        for written in line.written {
            guard index < pieces.count, written != "#" && written != ";" else {
                lines.append(written)
                continue
            }
            let text = replaced(pieces[index], by: redacted[index])
            lines.append((index == 0 ? prefix : "") + text + (written.hasSuffix("\\") ? "\\" : ""))
            index += 1
        }
        return Result(lines: lines, count: zip(words.joined(), redacted.joined()).count { $0 != $1 })
    }

    private static func redact(_ words: [[String]], isGlued: (Int) -> Bool) -> [[String]] {
        var rest = ArgumentRedaction.redact(Array(words.joined())).arguments[...]
        var redacted: [[String]] = []
        for piece in words {
            redacted.append(Array(rest.prefix(piece.count)))
            rest = rest.dropFirst(piece.count)
        }
        // A word that goes on behind the end of a line is two to systemd, and one to whoever wrote it.
        for index in words.indices.dropFirst() where isGlued(index) {
            guard let last = words[index - 1].last, let first = words[index].first else { continue }
            let isSecret = redacted[index - 1].last != last || ArgumentRedaction.redact([last + first]).count > 0
            guard isSecret else { continue }
            redacted[index - 1][redacted[index - 1].count - 1] = EvidenceFormat.redacted
            redacted[index][0] = EvidenceFormat.redacted
        }
        return redacted
    }

    /// A text with other words between its blanks.
    private static func replaced(_ text: String, by words: [String]) -> String {
        var out = ""
        var next = words.makeIterator()
        var isInWord = false
        for character in text {
            let isBlank = character == " " || character == "\t"
            if isBlank { out.append(character) } else if !isInWord { out += next.next() ?? "" }
            isInWord = !isBlank
        }
        return out
    }

    // MARK: - Variables

    /// `Environment="A=1" "B=2"`: only variables that are known to hold nothing secret keep their values.
    private static func assignments(_ line: LogicalLine, _ name: String, _ value: Substring) -> Result {
        guard let items = unquoted(value) else { return whole(line, name) }
        var texts: [String] = []
        var count = 0
        for item in items {
            guard let equals = item.firstIndex(of: "="), equals > item.startIndex else { return whole(line, name) }
            let (variable, value) = (String(item[..<equals]), String(item[item.index(after: equals)...]))
            let kept = value.contains { "\"\\".contains($0) } ? nil : HarmlessVariables.redacted(value, of: variable)
            if kept != value { count += 1 }
            texts.append("\"\(variable)=\(kept ?? EvidenceFormat.redacted)\"")
        }
        return count == 0 ? Result(lines: line.written) : whole(line, name, value: texts.joined(separator: " "), count: count)
    }

    /// The items of a list in quotes, nil when a quote is not closed.
    private static func unquoted(_ text: Substring) -> [String]? {
        var items: [String] = []
        var item: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                item = (item ?? "") + "\\" + String(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { item = (item ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                item = item ?? ""
            } else if character == " " || character == "\t" {
                if let item { items.append(item) }
                item = nil
            } else {
                item = (item ?? "") + String(character)
            }
        }
        if let item { items.append(item) }
        return quote == nil && !isEscaped ? items : nil
    }

    /// `KUBELET_EXTRA_ARGS="--node-ip=10.0.0.1"`: arguments stay, other values only where they say nothing.
    private static func variable(_ line: LogicalLine, _ name: String, _ value: Substring, named bareName: String) -> Result? {
        // A value that goes on over several lines in quotes would pass line by line.
        guard unquoted(value) != nil else { return nil }
        let inside = value.filter { $0 != "\"" && $0 != "'" }
        let words = inside.split { $0 == " " || $0 == "\t" }.map(String.init)
        if words.first?.hasPrefix("-") == true, SecretWords.verdict(onName: bareName) == .plain {
            let redacted = ArgumentRedaction.redact(words)
            if redacted.count == 0 { return Result(lines: line.written) }
            return whole(line, name, value: "\"\(redacted.arguments.joined(separator: " "))\"", count: redacted.count)
        }
        return ArgumentRedaction.isSecretVariable(inside, named: bareName) ? whole(line, name) : Result(lines: line.written)
    }
}

/// Variables of units whose values may be seen.
enum HarmlessVariables {
    /// The value without the secrets in it; nil where all of it may be one.
    static func redacted(_ value: String, of name: String) -> String? {
        if value.isEmpty { return value }
        if holdsArguments(name) {
            let words = value.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard words.first?.hasPrefix("-") == true, !value.contains("'") else { return nil }
            let redacted = ArgumentRedaction.redact(words)
            if redacted.count > 0 { return redacted.arguments.joined(separator: " ") }
            return SecretWords.looksSecret(value) ? nil : value
        }
        return names.contains(name) && !ArgumentRedaction.isSecret(value, named: name) ? value : nil
    }

    /// As kubeadm's drop-in and those of distributions have it: `KUBELET_CONFIG_ARGS`.
    private static func holdsArguments(_ name: String) -> Bool {
        ["KUBELET_", "KUBE_", "ETCD_", "CONTAINERD_", "CRIO_", "DOCKER_"].contains { name.hasPrefix($0) }
            && ["ARGS", "OPTS", "OPTIONS", "FLAGS"].contains { name.hasSuffix($0) }
    }

    /// Of Go's runtime, of systemd's own making, and those of etcd that are addresses, paths, times and switches.
    private static let names: Set<String> = [
        "GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG", "GOTRACEBACK", "HOME", "PATH", "USER", "LANG", "LC_ALL", "TZ", "KUBECONFIG", "NO_PROXY",
        "no_proxy", "CONTAINER_RUNTIME_ENDPOINT", "ETCD_NAME", "ETCD_DATA_DIR", "ETCD_WAL_DIR", "ETCD_LISTEN_CLIENT_URLS", "ETCD_LISTEN_PEER_URLS",
        "ETCD_LISTEN_METRICS_URLS", "ETCD_ADVERTISE_CLIENT_URLS", "ETCD_INITIAL_ADVERTISE_PEER_URLS", "ETCD_INITIAL_CLUSTER",
        "ETCD_INITIAL_CLUSTER_STATE", "ETCD_CERT_FILE", "ETCD_KEY_FILE", "ETCD_TRUSTED_CA_FILE", "ETCD_CLIENT_CERT_AUTH", "ETCD_AUTO_TLS",
        "ETCD_PEER_CERT_FILE", "ETCD_PEER_KEY_FILE", "ETCD_PEER_TRUSTED_CA_FILE", "ETCD_PEER_CLIENT_CERT_AUTH", "ETCD_PEER_AUTO_TLS",
        "ETCD_CIPHER_SUITES", "ETCD_TLS_MIN_VERSION", "ETCD_HEARTBEAT_INTERVAL", "ETCD_ELECTION_TIMEOUT", "ETCD_SNAPSHOT_COUNT",
        "ETCD_QUOTA_BACKEND_BYTES", "ETCD_AUTO_COMPACTION_RETENTION", "ETCD_LOG_LEVEL", "ETCD_UNSUPPORTED_ARCH",
    ]
}
