/// Arguments of programs without the secrets in them.
enum ArgumentRedaction {
    struct Result {
        var arguments: [String]
        var count = 0
    }

    /// Redacts `--flag=secret`, `--flag secret`, and anything that is a secret by its looks. The number of arguments stays.
    static func redact(_ arguments: [String]) -> Result {
        var result = Result(arguments: [])
        var flag: String?
        for argument in arguments {
            let kept = redacted(argument, behind: flag)
            if kept != argument { result.count += 1 }
            result.arguments.append(kept)
            // Behind an equals sign at the end stands a value that a blank or the end of a line was put before.
            let name = argument.hasSuffix("=") ? String(argument.dropLast()) : argument
            flag = name.hasPrefix("-") && !name.contains("=") ? name : nil
        }
        return result
    }

    /// Bytes of an argument that is looked at. Whoever runs a program chooses its arguments, and no component takes one as long as that.
    private static let longestArgument = 64 << 10

    private static func redacted(_ argument: String, behind flag: String?) -> String {
        // As a whole: the part that is kept of a secret could be told no more.
        if argument.utf8.count > longestArgument { return EvidenceFormat.redacted }
        if let flag, !argument.hasPrefix("--"), isSecret(argument, named: flag) { return EvidenceFormat.redacted }
        guard let equals = argument.firstIndex(of: "="), argument.hasPrefix("-") || !argument[..<equals].contains(" ") else {
            return SecretWords.looksSecret(argument) ? EvidenceFormat.redacted : argument
        }
        let (name, value) = (argument[..<equals], String(argument[argument.index(after: equals)...]))
        // An address with a question behind it has an equals sign too.
        if SecretWords.looksSecret(String(name)) { return EvidenceFormat.redacted }
        return isSecret(value, named: String(name)) ? name + "=" + EvidenceFormat.redacted : argument
    }

    /// Whether a value is secret by the name it stands under or by itself.
    static func isSecret(_ value: String, named name: String) -> Bool {
        if SecretWords.looksSecret(value) { return true }
        if SecretWords.isHarmless(value) { return false }
        // As curl takes it: -u NAME:PASSWORD.
        if ["-u", "--user", "--proxy-user"].contains(name), value.contains(":") { return true }
        return switch SecretWords.verdict(onName: name) {
        case .secret: true
        case .pathOrSecret: !SecretWords.isPath(value) && !isList(ofPaths: value)
        case .plain: false
        }
    }

    /// `certificate,key:name`, as `--tls-sni-cert-key` has it, or several paths.
    private static func isList(ofPaths text: String) -> Bool {
        let parts = text.split(separator: ",")
        return parts.count > 1 && parts.allSatisfy { SecretWords.isPath(String($0.prefix { $0 != ":" })) }
    }

    /// A variable of an environment: kept only where its name is no secret's and its value says nothing, is a path, or it configures etcd.
    static func isSecretVariable(_ value: String, named name: String) -> Bool {
        if isSecret(value, named: name) { return true }
        if SecretWords.isHarmless(value) || SecretWords.isPath(value) || name.hasPrefix("ETCD_") { return false }
        return true
    }

    /// Words of a line of arguments, as in a unit of systemd: each argument is redacted, the blanks between them stay. One with a quote in it is
    /// more than words can tell, and goes as a whole where it looks secret.
    static func redact(line: String) -> (text: String, count: Int) {
        if line.contains("\"") || line.contains("'") {
            let words = line.split { " \"'".contains($0) }.map(String.init)
            return redact(words).count == 0 && !SecretWords.looksSecret(line) ? (line, 0) : (EvidenceFormat.redacted, 1)
        }
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        // A value stands behind its flag whatever number of blanks lies between them.
        let filled = redact(words.filter { !$0.isEmpty })
        guard filled.count > 0 else { return SecretWords.looksSecret(line) ? (EvidenceFormat.redacted, 1) : (line, 0) }
        var next = filled.arguments.makeIterator()
        return (words.map { $0.isEmpty ? "" : next.next() ?? "" }.joined(separator: " "), filled.count)
    }
}
