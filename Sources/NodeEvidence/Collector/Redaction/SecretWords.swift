internal import FoundationEssentials

/// What is told by its name or by its looks to be a secret. In doubt a text is one: a line less in the document costs a remark, a password more costs
/// the cluster.
enum SecretWords {
    /// What a name says about its value.
    enum Verdict { case secret, pathOrSecret, plain }

    /// Names of fields, flags and variables, in lower case without `-`, `_`, `.` and blanks.
    static func verdict(onName name: String) -> Verdict {
        let plain = normalised(name)
        if settings.contains(plain) { return .plain }
        if exact.contains(plain) || suffixes.contains(where: plain.hasSuffix) { return .secret }
        return keyEndings.contains(where: plain.hasSuffix) ? .pathOrSecret : .plain
    }

    private static func normalised(_ name: String) -> String {
        String(
            decoding: name.utf8.compactMap { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
                default: nil
                }
            }, as: UTF8.self)
    }

    private static let exact: Set<String> = [
        "auth", "authorization", "bearer", "pass", "psk", "pwd", "cookie", "htpasswd", "basicauth", "certificatekey", "connectionstring",
        "credential", "sas", "dsn",
        // Of etcd: `user:password`, and an address whose last name is the cluster's token (etcd's clustering guide, "etcd discovery").
        "discoveryuser", "etcddiscoveryuser", "discovery", "etcddiscovery",
    ]

    private static let suffixes = [
        "token", "tokens", "password", "passwords", "passwd", "passphrase", "secret", "secretkey", "secretaccesskey", "accesskey", "accesskeyid",
        "privatekey", "apikey", "keydata", "sharedkey", "encryptionkey", "signingkey", "credentials", "credential", "clientsecret", "tokendata",
        "authheader", "sessionkey", "masterkey", "accountkey", "userpass", "dockercfg", "dockerconfigjson",
    ]

    /// Most fields of these names hold the path of a key; some hold the key.
    private static let keyEndings = ["key", "keyfile", "keyring", "tokenfile", "passwordfile", "secretfile", "authfile", "credentialsfile"]

    /// Settings of Kubernetes that are called like secrets and hold none: switches, times and names of files.
    private static let settings: Set<String> = [
        "authenticationtokenwebhook", "enablebootstraptokenauth", "automountserviceaccounttoken", "serviceaccounttoken", "requesttoken", "apikeys",
        "publickey", "hostkey", "topologykey", "labelkey", "antiaffinitykey",
    ]

    /// Whether a value says nothing worth hiding, whatever it is called: a switch, a number of few digits, a time, an address, nothing.
    static func isHarmless(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.isEmpty || text == EvidenceFormat.redacted { return true }
        if ["true", "false", "yes", "no", "on", "off", "none", "null"].contains(text.lowercased()) { return true }
        let digits = bytes.prefix { isDigit($0) }
        if digits.count <= 6, !digits.isEmpty,
            ["", "s", "m", "h", "ms", "m0s", "h0m0s", "Mi", "Gi", "Ki", "M", "G"].contains(text.dropFirst(digits.count))
        {
            return true
        }
        return isAddress(bytes)
    }

    /// An IPv4 address or block of them, perhaps with a port, or one of IPv6.
    private static func isAddress(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= 50 else { return false }
        if bytes.count(where: { $0 == UInt8(ascii: ".") }) == 3, bytes.allSatisfy({ isDigit($0) || ".:/".utf8.contains($0) }) { return true }
        return bytes.count(where: { $0 == UInt8(ascii: ":") }) >= 2 && bytes.count <= 45
            && bytes.allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) || ":/[]".utf8.contains($0) }
    }

    /// Whether a text is a path of the usual make, absolute or that of a key beside the file that names it. No secret in base64 looks so: each part is of words.
    static func isPath(_ text: String) -> Bool {
        guard text.hasPrefix("/") || text.hasSuffix(".key") || text.hasSuffix(".pem"), text.utf8.count <= 4096 else { return false }
        let names = text.utf8.split(separator: UInt8(ascii: "/"))
        return !names.isEmpty
            && names.allSatisfy { name in
                name.count <= 64 && name.allSatisfy { isDigit($0) || isLetter($0) || "._-@:%{}$*".utf8.contains($0) } && !isRandom(name)
            }
    }

    /// Whether one of the names in a path is as no person would name a file.
    static func holdsRandom(_ text: String) -> Bool { text.utf8.split(separator: UInt8(ascii: "/")).contains { isRandom($0) } }

    /// A long word in which capital letters, small ones and digits take turns, as in base64. Parts of a UUID are shorter.
    private static func isRandom(_ name: some Collection<UInt8>) -> Bool {
        name.split { "-_.".utf8.contains($0) }.contains { word in
            let capitals = word.count { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
            return word.count >= 16 && capitals >= 3 && word.contains { isDigit($0) }
                && word.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        }
    }

    /// Whether a text is or holds a secret by its looks, whatever it is called.
    static func looksSecret(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.count < 8 { return false }
        if text.contains("PRIVATE KEY") || text.contains("BEGIN OPENSSH") || text.contains("BEGIN PGP") { return true }
        if hasMarkedToken(text) || hasWebToken(bytes) || hasBootstrapToken(bytes) || hasUserInfo(bytes) { return true }
        return decodesToKey(text, bytes)
    }

    /// Tokens that begin with what their issuer marks them by, and words that a secret follows. Sources: the issuers' own documentation of their
    /// formats (GitHub, GitLab, Slack, AWS, Google, Stripe, HashiCorp Vault, npm, Azure SAS).
    private static func hasMarkedToken(_ text: String) -> Bool {
        let marks = [
            "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "AKIA", "ASIA", "AIza", "ya29.", "sk_live_",
            "rk_live_",
            "discovery.etcd.io/", "hvs.", "npm_", "dckr_pat_", "AccountKey=", "SharedAccessKey=", "&sig=", "?sig=", "K10",
        ]
        for mark in marks {
            guard let found = text.firstRange(of: mark) else { continue }
            let token = text[found.upperBound...].utf8.prefix { isDigit($0) || isLetter($0) || "_-.%+/:=".utf8.contains($0) }
            if token.count >= 12 { return true }
        }
        return namesSecret(Array(text.lowercased().utf8))
    }

    /// Words that a secret follows, behind a colon or an equals sign: in a header, a script, a configuration inside of another one.
    private static func namesSecret(_ text: [UInt8]) -> Bool {
        for word in introductions {
            var rest = text[...]
            while let found = rest.firstRange(of: word) {
                rest = rest[found.upperBound...]
                var value = rest.drop { isPadding($0) }
                // `bearer` and `basic` need none.
                if value.first == UInt8(ascii: ":") || value.first == UInt8(ascii: "=") {
                    value = value.dropFirst().drop { isPadding($0) || $0 == UInt8(ascii: "\n") }
                } else if word.last != UInt8(ascii: " ") {
                    continue
                }
                // Asked before the end is looked for: a text may hold the word a hundred thousand times and no end.
                if value.first == UInt8(ascii: "/") || value.starts(with: EvidenceFormat.redacted.utf8) { continue }
                let token = value.prefix(longestToken + 1).prefix { $0 > 0x20 && !"\"',;".utf8.contains($0) }
                if token.count > longestToken || token.count >= 4 && !isHarmless(token.text) { return true }
            }
        }
        return false
    }

    /// Bytes of a word that are looked at; a longer one is no setting that says nothing.
    private static let longestToken = 4_096

    private static let introductions: [[UInt8]] = [
        "bearer ", "basic ", "authorization", "password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "api_key", "api-key",
        "credential",
        "private_key",
    ].map { Array($0.utf8) }

    private static func isPadding(_ byte: UInt8) -> Bool { " \t\"'\\".utf8.contains(byte) }

    /// A JSON web token: three parts in base64url, of which the first two begin with `{"`.
    private static func hasWebToken(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 20 else { return false }
        return bytes.split { !(isDigit($0) || isLetter($0) || "_-.".utf8.contains($0)) }.contains { word in
            let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            return parts.contains { $0.starts(with: "eyJ".utf8) && $0.count >= 10 } && parts.count >= 2
        }
    }

    /// A bootstrap token: six characters, a dot, sixteen (kubernetes.io, "Authenticating with Bootstrap Tokens"). Names of hosts have that form as well, but
    /// hardly ever with a digit in both parts.
    private static func hasBootstrapToken(_ bytes: [UInt8]) -> Bool {
        bytes.split { !(isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: ".")) }.contains { word in
            word.count == 23 && word[word.startIndex + 6] == UInt8(ascii: ".") && word.count { $0 == UInt8(ascii: ".") } == 1
                && word.dropFirst(7).contains(where: isDigit)
        }
    }

    /// `scheme://user:password@host`, and `user@` too where there is no colon but a long word: some take a token for a name.
    private static func hasUserInfo(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while let found = rest.firstRange(of: Array("://".utf8)) {
            // Up to the end of the word, not of the authority: a password may hold a slash all the same, so that the at sign comes later.
            let word = rest[found.upperBound...].prefix { $0 > 0x20 && !"\"'<>,".utf8.contains($0) }
            if let at = word.lastIndex(of: UInt8(ascii: "@")), word[..<at].contains(UInt8(ascii: ":")) || at - word.startIndex >= 12 { return true }
            // Another scheme in this word has no at sign behind it, or its colon would have been in front of it.
            rest = rest[word.endIndex...]
        }
        return false
    }

    /// Base64 of a private key or of a web token, as kubeconfigs and Secrets wrap them.
    private static func decodesToKey(_ text: String, _ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 40, !text.hasPrefix("/"), let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else { return false }
        let decoded = [UInt8](data)
        guard let inner = String(validating: decoded, as: UTF8.self) else { return false }
        return inner.contains("PRIVATE KEY") || hasWebToken(decoded) || hasMarkedToken(inner)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}
