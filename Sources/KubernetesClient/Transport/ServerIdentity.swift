internal import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import X509

/// Whether a certificate is for the name that was asked for.
///
/// swift-nio-ssl takes a certificate for the name, and just as well one for the address at the other end. That end is a proxy's where there is one, and
/// who sets `tls-server-name` means this name and no other. So a name is looked for once more, before the first request goes out.
enum ServerIdentity {
    /// It has another name.
    struct WrongName: Error {}

    static func check(_ channel: any Channel, for name: String) -> EventLoopFuture<Void> {
        channel.nioSSL_peerCertificate().flatMapThrowing { shown in
            let isRight = try shown.map { try names(in: $0.toDERBytes()).contains { matches($0, name) } } ?? false
            guard !isRight else { return }
            // The pool hears of the error first, and then of the end.
            channel.eventLoop.execute { channel.close(promise: nil) }
            throw WrongName()
        }
    }

    /// The names that its extension gives; a common name has not counted since RFC 6125, and not for client-go.
    private static func names(in certificate: [UInt8]) throws -> [String] {
        guard let all = try Certificate(derEncoded: certificate).extensions.subjectAlternativeNames else { return [] }
        return all.compactMap { name in
            guard case .dnsName(let text) = name else { return nil }
            return text
        }
    }

    /// A star stands for the whole of the first label, and for one label alone (RFC 9525, 6.3); by itself it is no name.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let (pattern, name) = (labels(pattern), labels(name))
        guard pattern.count == name.count, !name.contains("") else { return false }
        guard pattern.first == "*" else { return pattern == name }
        return pattern.count > 1 && pattern.dropFirst() == name.dropFirst()
    }

    /// In small letters, without the dot at the end of a whole name.
    private static func labels(_ name: String) -> [Substring] {
        let whole = name.lowercased()
        return (whole.hasSuffix(".") ? whole.dropLast() : whole[...]).split(separator: ".", omittingEmptySubsequences: false)
    }
}

extension Connection {
    /// The name that the server's certificate must have; nil where an address is compared, or nothing.
    var nameToCheck: String? {
        guard server.isSecure, !trust.isInsecure else { return nil }
        return trust.serverName ?? (server.isAddress ? nil : server.host)
    }
}
