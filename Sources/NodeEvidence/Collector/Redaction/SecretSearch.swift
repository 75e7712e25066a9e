internal import Documents

/// A scalar of a document that must not leave the machine.
struct SecretScalar {
    var text: String
    var position: Position
    /// Whether the position is that of a key, so that the value stands behind it.
    var hasKey: Bool
    /// What stands there afterwards.
    var replacement = EvidenceFormat.redacted
    /// Whether it may stand nowhere else either. A value of which nothing is known may: an argument is often a cluster's name.
    var isCertain = true

    /// Whether nothing of a text is left but the mark.
    static func isRedacted(_ text: String) -> Bool {
        text.replacing(EvidenceFormat.redacted, with: "").utf8.allSatisfy { $0 <= 0x20 }
    }
}

/// Finds the secrets of a document by where they stand, what they are called and what they look like.
enum SecretSearch {
    /// What the place of a value says about it.
    private enum Surroundings {
        case plain
        /// Everything below is secret but what describes it.
        case secret
        /// Everything below is secret.
        case allSecret
        /// A list of `{name, value}`.
        case variables
        /// A program that brings credentials: nobody knows what its arguments and variables mean.
        case plugin
        /// Arguments and settings of such a program, and a list of its variables.
        case unknown, unknownVariables
    }

    static func search(_ root: Value, into secrets: inout [SecretScalar]) {
        let kind = try? root["kind"].string()
        visit(root, kind == "CredentialProviderConfig" ? .plugin : .plain, isSecretObject: kind == "Secret", depth: 0, into: &secrets)
    }

    private static func visit(
        _ value: Value, _ surroundings: Surroundings, isSecretObject: Bool, depth: Int, into secrets: inout [SecretScalar]
    ) {
        // The reader of documents refuses deeper ones.
        guard depth < 200 else { return }
        switch value.kind {
        case .mapping?:
            guard let entries = try? value.entries() else { return }
            if surroundings == .variables, let name = try? value["name"].string() {
                visitVariable(value["value"], named: name, into: &secrets)
                return
            }
            let object = isSecretObject || depth > 0 && depth < 4 && (try? value["kind"].string()) == "Secret"
            for entry in entries {
                let below = place(of: entry, under: surroundings, isSecretObject: object)
                if entry.kind == .mapping || entry.kind == .sequence {
                    visit(entry, below, isSecretObject: object, depth: depth + 1, into: &secrets)
                } else if isSecret(entry, below) {
                    add(entry, hasKey: true, isCertain: below != .unknown || isSecret(entry, .plain), to: &secrets)
                }
            }
        case .sequence?: visitItems(of: value, surroundings, isSecretObject: isSecretObject, depth: depth, into: &secrets)
        default: if isSecret(value, surroundings) { add(value, hasKey: false, isCertain: true, to: &secrets) }
        }
    }

    /// A list may be arguments, of which one says what the next is.
    private static func visitItems(
        of value: Value, _ surroundings: Surroundings, isSecretObject: Bool, depth: Int, into secrets: inout [SecretScalar]
    ) {
        guard let items = try? value.items() else { return }
        var flag: String?
        for item in items {
            if item.kind == .mapping || item.kind == .sequence {
                visit(item, surroundings, isSecretObject: isSecretObject, depth: depth + 1, into: &secrets)
                flag = nil
                continue
            }
            let text = item.text
            let kept = ArgumentRedaction.redact((flag.map { [$0] } ?? []) + [text]).arguments.last
            if isSecret(item, surroundings, isArgument: true) {
                add(item, hasKey: false, isCertain: surroundings != .unknown || kept != text, to: &secrets)
            } else if let kept, kept != text {
                secrets.append(SecretScalar(text: text, position: item.position, hasKey: false, replacement: kept))
            }
            flag = text.hasPrefix("-") ? text : nil
        }
    }

    private static func visitVariable(_ value: Value, named name: String, into secrets: inout [SecretScalar]) {
        guard value.isWritten, value.kind != .mapping, value.kind != .sequence, value.kind != .null else { return }
        guard !SecretScalar.isRedacted(value.text), ArgumentRedaction.isSecretVariable(value.text, named: name) else { return }
        add(value, hasKey: true, isCertain: true, to: &secrets)
    }

    private static func place(of entry: Value, under surroundings: Surroundings, isSecretObject: Bool) -> Surroundings {
        let key = entry.key
        switch surroundings {
        case .allSecret: return .allSecret
        case .unknown: return .unknown
        case .unknownVariables: return key == "name" ? .plain : .unknown
        case .plugin where key == "args": return .unknown
        case .plugin where key == "env": return .unknownVariables
        case .plugin where entry.kind == .sequence || entry.kind == .mapping: return .plugin
        default: break
        }
        if isSecretObject, key == "data" || key == "stringData" { return .allSecret }
        switch key {
        case "auths", "auth-provider", "authProvider", "headers", "httpHeaders", "extraHeaders", "basicAuth", "credHelpersAuth": return .allSecret
        case "env": return .variables
        // Of a kubeconfig: what other programs keep in it, and one that is run to log in.
        case "extensions": return .unknown
        case "exec": return .plugin
        // The whole object once more, as one text that shows no names to go by.
        case "kubectl.kubernetes.io/last-applied-configuration": return .unknown
        // Volumes: they name a Secret and hold none.
        case "secret", "serviceAccountToken", "tokens": return .secret
        default: break
        }
        if case .secret = surroundings {
            return describing.contains(key) ? .plain : .secret
        }
        if entry.kind == .sequence, SecretWords.verdict(onName: key) == .secret { return .secret }
        return .plain
    }

    /// Fields of Kubernetes below something that is called like a secret.
    private static let describing: Set<String> = [
        "secretName", "defaultMode", "items", "optional", "audience", "expirationSeconds", "path", "key", "mode", "name", "namespace", "sources",
        "apiGroup",
    ]

    /// - Parameter isArgument: an item of a list, of which `ArgumentRedaction` knows more.
    private static func isSecret(_ value: Value, _ surroundings: Surroundings, isArgument: Bool = false) -> Bool {
        if value.kind == .null || value.kind == .boolean { return false }
        let text = value.text
        guard !SecretScalar.isRedacted(text) else { return false }
        switch surroundings {
        case .allSecret, .secret, .unknown: return true
        case .variables: return ArgumentRedaction.isSecretVariable(text, named: value.key)
        case .plain, .plugin, .unknownVariables: break
        }
        if isArgument { return false }
        if SecretWords.looksSecret(text) { return true }
        return switch SecretWords.verdict(onName: value.key) {
        case .secret: true
        case .pathOrSecret: !SecretWords.isPath(text) && !SecretWords.isHarmless(text) && !(value.key == "key" && isName(text))
        case .plain: false
        }
    }

    /// A field called just `key` names a label or an entry.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 63 && !text.utf8.contains { $0 <= 0x20 || "+=".utf8.contains($0) }
            && (text.contains("/") || text.contains(".") || !text.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    }

    private static func add(_ value: Value, hasKey: Bool, isCertain: Bool, to secrets: inout [SecretScalar]) {
        secrets.append(SecretScalar(text: value.text, position: value.position, hasKey: hasKey, isCertain: isCertain))
    }
}
