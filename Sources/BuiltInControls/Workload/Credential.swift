import Documents

/// Tells values that are credentials from those that are not, on the bytes of the document: most manifests
/// have none, and looking must cost next to nothing.
enum Credential {
    /// What is wrong with a value under a name, in words for a message; nil when it looks harmless.
    static func found(named name: Value, in value: Value) -> String? {
        value.withText { text in
            if let form = form(of: text) { return form }
            let isSecret = name.withText { isSecretName($0[...]) } && isLiteral(text[...])
            return isSecret ? "what its name calls a secret" : nil
        }
    }

    /// As above for an entry of a ConfigMap, which may be a whole file.
    static func found(inConfiguration entry: Value) -> String? {
        entry.withText { text in
            if let form = form(of: text) { return form }
            guard let newline = text.firstIndex(of: UInt8(ascii: "\n")), newline < text.count - 1 else {
                let value = text[..<(text.last == UInt8(ascii: "\n") ? text.count - 1 : text.count)]
                return entry.withKeyBytes { isSecretName($0[...]) } && isLiteral(value) ? "what its name calls a secret" : nil
            }
            return hasSecretLine(text) ? "a line whose name calls it a secret" : nil
        }
    }

    /// - Parameter afterSecretOption: the argument before was an option such as `--password`.
    static func found(inArgument argument: Value, afterSecretOption: Bool) -> String? {
        argument.withText { text in
            if let form = form(of: text) { return form }
            if afterSecretOption { return text.first != UInt8(ascii: "-") && isLiteral(text[...]) ? "the value of a secret option" : nil }
            guard text.first == UInt8(ascii: "-"), let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return isSecretName(text[..<equals]) && isLiteral(text[(equals + 1)...]) ? "the value of a secret option" : nil
        }
    }

    /// Whether an argument is an option that takes a secret as the next argument.
    static func isSecretOption(_ argument: Value) -> Bool {
        argument.withText { text in
            text.count > 2 && text[0] == UInt8(ascii: "-") && text[1] == UInt8(ascii: "-") && !text.contains(UInt8(ascii: "="))
                && isSecretName(text[...])
        }
    }

    // MARK: - Names

    /// What a secret's name ends in, without separators: so `PASSWORD_FILE`, `TOKEN_URL` and
    /// `PASSWORD_MIN_LENGTH` are none.
    private static let endings: [StaticString] = [
        "password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "accesskey", "accesskeyid", "secretkey", "privatekey",
        "storagekey", "accountkey", "batchkey", "encryptionkey", "signingkey", "masterkey", "credential", "credentials", "jwt", "bearer",
    ]

    private static func isSecretName(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        endings.contains { ending in
            ending.withUTF8Buffer { ends(name, with: $0) }
        }
    }

    /// Compares from the end, skipping separators and case.
    private static func ends(_ name: Slice<UnsafeBufferPointer<UInt8>>, with ending: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = name.endIndex
        var remaining = ending.count
        while remaining > 0 {
            guard position > name.startIndex else { return false }
            position -= 1
            let byte = name[position]
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "), UInt8(ascii: "\""): continue
            default: break
            }
            guard byte | 0x20 == ending[remaining - 1] else { return false }
            remaining -= 1
        }
        return true
    }

    /// Looks through `name = value` and `name: value` lines.
    private static func hasSecretLine(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            defer { start = end + 1 }
            let line = text[start..<end]
            guard let separator = line.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else { continue }
            let isComment = line.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "#")
            let name = line[..<separator]
            let value = line[(separator + 1)...]
            if !isComment, isSecretName(name), isLiteral(value), isSetting(name, value) { return true }
        }
        return false
    }

    /// Tells a setting from a line of a script or of prose, which a file in a ConfigMap may be as well.
    private static func isSetting(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let space = UInt8(ascii: " ")
        let isName = name.allSatisfy { $0 != UInt8(ascii: "$") && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "[") }
        let text = value.drop { $0 == space }
        let isWord = text.prefix { $0 != space }.allSatisfy { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ";") }
        return isName && isWord && !text.drop { $0 != space }.contains { $0 != space && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "#") }
    }

    // MARK: - Values

    /// Whether a value is written out: neither empty nor a switch, a number, a path, a reference or a template.
    private static func isLiteral(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let quotes: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "\r")]
        var value = value
        while let first = value.first, quotes.contains(first) { value = value.dropFirst() }
        while let last = value.last, quotes.contains(last) { value = value.dropLast() }
        guard let first = value.first else { return false }
        switch first {
        case UInt8(ascii: "/"), UInt8(ascii: "$"), UInt8(ascii: "{"), UInt8(ascii: "<"), UInt8(ascii: "%"), UInt8(ascii: "*"), UInt8(ascii: "#"),
            UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "&"):
            return false
        default: break
        }
        if value.allSatisfy({ $0 == first }) && value.count > 2 { return false }
        // A list of levels in lower case is a path or the address of a secret elsewhere.
        let isPath =
            value.contains(UInt8(ascii: "/"))
            && value.allSatisfy { byte in
                byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: ":") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            }
        if isPath || value.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) { return false }
        return !harmless.contains { $0.withUTF8Buffer { starts(value, with: $0, wholly: true) } }
            && !references.contains { $0.withUTF8Buffer { starts(value, with: $0, wholly: false) } }
    }

    private static let harmless: [StaticString] = [
        "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "disabled", "enabled", "required",
    ]

    /// How values begin that only say where the secret lies.
    private static let references: [StaticString] = [
        "vault:", "arn:", "ref+", "op://", "http://", "https://", "file:", "env:", "secret:", "projects/",
    ]

    private static func starts(_ value: Slice<UnsafeBufferPointer<UInt8>>, with prefix: UnsafeBufferPointer<UInt8>, wholly: Bool) -> Bool {
        guard wholly ? value.count == prefix.count : value.count >= prefix.count else { return false }
        return zip(value, prefix).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
    }

    // MARK: - Forms

    /// What a credential looks like whatever its name.
    private static func form(of text: UnsafeBufferPointer<UInt8>) -> String? {
        var index = 0
        // Up to here no token begins. Each test below reads a stretch of text once: a value of megabytes that begins
        // something at every byte must not be read once for each.
        var noToken = 0
        while index < text.count {
            let rest = text[index...]
            switch text[index] {
            case UInt8(ascii: "-") where begins(rest, "-----BEGIN "):
                if isPrivateKey(rest) { return "a private key" }
            case UInt8(ascii: "A") where begins(rest, "AKIA") || begins(rest, "ASIA"):
                if isBoundary(text, index), run(rest.dropFirst(4), where: isUpperOrDigit) >= 16 { return "an access key of AWS" }
            case UInt8(ascii: "L") where begins(rest, "LTAI"):
                if isBoundary(text, index), run(rest.dropFirst(4), where: isAlphanumeric) >= 12 { return "an access key of Alibaba Cloud" }
            case UInt8(ascii: "g") where begins(rest, "ghp_") || begins(rest, "gho_") || begins(rest, "ghs_"):
                if run(rest.dropFirst(4), where: isAlphanumeric) >= 36 { return "a token of GitHub" }
            case UInt8(ascii: "g") where begins(rest, "glpat-"):
                if run(rest.dropFirst(6), where: isAlphanumeric) >= 12 { return "a token of GitLab" }
            case UInt8(ascii: "x") where begins(rest, "xoxb-") || begins(rest, "xoxp-"):
                if run(rest.dropFirst(5), where: isAlphanumeric) >= 8 { return "a token of Slack" }
            case UInt8(ascii: "e") where index >= noToken && begins(rest, "eyJ") && isBoundary(text, index):
                let header = run(rest) { isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
                // Two parts in base64url, each of which begins an object.
                if header >= 16, begins(rest.dropFirst(header), ".eyJ") { return "a JSON Web Token" }
                noToken = index + header
            case UInt8(ascii: ":") where begins(rest, "://"):
                if hasPassword(rest.dropFirst(3)) { return "a URL with a password" }
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func begins(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ prefix: StaticString) -> Bool {
        prefix.withUTF8Buffer { text.count >= $0.count && text.prefix($0.count).elementsEqual($0) }
    }

    /// Public keys and certificates have the same frame.
    private static func isPrivateKey(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var heading = text.dropFirst(11).prefix(40)
        while !heading.isEmpty {
            if begins(heading, "PRIVATE KEY") { return true }
            heading = heading.dropFirst()
        }
        return false
    }

    /// `user:password@`, where the password is no template.
    private static func hasPassword(_ authority: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let userInfo = authority.prefix {
            $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\"")
        }
        guard userInfo.endIndex < authority.endIndex, authority[userInfo.endIndex] == UInt8(ascii: "@"),
            let colon = userInfo.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return isLiteral(userInfo[(colon + 1)...])
    }

    private static func run(_ text: Slice<UnsafeBufferPointer<UInt8>>, where belongs: (UInt8) -> Bool) -> Int {
        text.prefix(while: belongs).count
    }

    /// Whether nothing of the same word stands before.
    private static func isBoundary(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        index == 0 || !isAlphanumeric(text[index - 1])
    }

    private static func isUpperOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isUpperOrDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}

extension Value {
    /// The key this value stands under, without copying it.
    fileprivate func withKeyBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        var key = key
        return key.withUTF8(body)
    }
}
