import Kubernetes

/// An address, with or without port, that a program listens on: `127.0.0.1:10249`, `[::1]:2379`, `0.0.0.0`.
struct ListenAddress {
    let host: Substring

    init(_ text: String) {
        if text.first == "[" {
            host = text.dropFirst().prefix { $0 != "]" }
        } else if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            host = text.prefix { $0 != ":" }
        } else {
            host = text[...]
        }
    }

    private static let loopback = [AddressRange("127.0.0.0/8"), AddressRange("::1/128")].compactMap { $0 }

    /// Nobody but the machine itself reaches it.
    var isLoopback: Bool {
        if host == "localhost" { return true }
        guard let address = AddressRange(String(host) + (host.contains(":") ? "/128" : "/32")) else { return false }
        return ListenAddress.loopback.contains { $0.contains(address) }
    }
}

/// A URL that a program listens at or calls.
struct ListenURL {
    private let scheme: Substring
    private let address: ListenAddress

    init(_ text: String) {
        guard let mark = text.firstRange(of: "://") else {
            (scheme, address) = ("", ListenAddress(text))
            return
        }
        scheme = text[..<mark.lowerBound]
        address = ListenAddress(String(text[mark.upperBound...].prefix { $0 != "/" }))
    }

    /// Spoken without TLS where others than the machine itself can listen.
    var isPlainBeyondTheMachine: Bool { scheme.lowercased() == "http" && !address.isLoopback }
}
