internal import Server

/// `https://HOST[:PORT]`, by which an API server calls a server outside of its cluster.
///
/// The paths of the webhooks are put behind it, and its host is the only name that the server's authority may sign for: what an API server takes for
/// another address, or refuses, would be an installation that fails for ever.
struct ServingAddress {
    let text: String
    let names: CertificateNames

    /// - Throws: `Failure` with code `usage`.
    init(_ text: String) throws {
        self.text = text
        guard let host = ServingAddress.host(text) else {
            throw Failure.usage("--url '\(text)' is no address to call; write https://HOST or https://HOST:PORT, without a path")
        }
        do { names = try CertificateNames([host]) } catch { throw Failure.usage("--url '\(text)' cannot be called: \(error)") }
    }

    /// What stands for the host; whether it is a name is not looked at.
    private static func host(_ text: String) -> String? {
        guard text.hasPrefix("https://") else { return nil }
        let rest = text.dropFirst("https://".count)
        let isBracketed = rest.first == "["
        let host = isBracketed ? rest.dropFirst().prefix { $0 != "]" } : rest.prefix { $0 != ":" }
        guard !host.isEmpty, isBracketed == host.contains(":") else { return nil }
        let behind = rest[host.endIndex...]
        guard !isBracketed || behind.first == "]" else { return nil }
        let port = isBracketed ? behind.dropFirst() : behind
        guard !port.isEmpty else { return String(host) }
        let digits = port.dropFirst()
        guard port.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits), number > 0 else { return nil }
        return String(host)
    }
}
