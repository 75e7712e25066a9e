internal import Crypto
internal import FoundationEssentials
internal import KubernetesClient

/// A token file that cannot serve: which, why, and what to do.
public struct TokenFileFault: Error, Equatable, CustomStringConvertible {
    public let description: String
}

/// For a server without a cluster: whoever has the token of one file may do everything.
///
/// The file is read anew for each request, so that a new token counts at once. Requests with a token are few.
public struct StaticTokenAuthorizer: RequestAuthorizer {
    /// Shorter ones can be guessed.
    static let shortest = 16

    private let path: String

    /// - Throws: when the file has no usable token now.
    public init(path: String) throws(TokenFileFault) {
        self.path = path
        _ = try digest()
    }

    public func authorize(token: String, verb: String, path: String) async -> AuthorizationAnswer {
        guard let expected = try? digest() else { return .unavailable }
        // Digests are as long as each other, and swift-crypto compares them in constant time: how long it takes tells nothing of the token.
        guard SHA256.hash(data: Array(token.utf8)) == expected else { return .unauthenticated }
        return .allowed(TokenIdentity(user: "token-file"))
    }

    private func digest() throws(TokenFileFault) -> SHA256Digest {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw TokenFileFault(description: "the token file \(path) cannot be read; give a file that this user may read")
        }
        let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let text = data.drop { space.contains($0) }
        let token = Array(text.prefix { !space.contains($0) })
        guard token.count >= StaticTokenAuthorizer.shortest, text.dropFirst(token.count).allSatisfy({ space.contains($0) }) else {
            throw TokenFileFault(
                description:
                    "the token file \(path) must hold one token of at least \(StaticTokenAuthorizer.shortest) characters; `openssl rand -hex 32` makes one"
            )
        }
        return SHA256.hash(data: token)
    }
}
