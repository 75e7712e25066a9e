/// What one listening socket means.
public struct ListenerReview: Sendable {
    public enum Standing: Sendable {
        /// Nobody but the machine itself reaches it.
        case loopback
        case expected(KnownListener)
        /// Known, but meant for the machine alone.
        case tooWide(KnownListener)
        /// Known for needing no credentials.
        case plaintext(KnownListener)
        /// Known, and safe only if clients have to show a certificate.
        case mutual(KnownListener)
        /// The program is known, and it is not known to listen there.
        case unexpected(String)
        /// Who listens was not to be seen; with what it would be by its port, if a program that runs here has a TCP port of that number.
        case unknownProgram(KnownListener?)
        /// A socket of a program that asks others: UDP sockets of clients look like those of servers.
        case client
    }

    public let socket: EvidenceSocket
    public let standing: Standing

    /// - Parameters:
    ///   - ports: ports that a setting of a program names, and that it therefore means to listen on, as the known one.
    ///   - running: names of programs that are known to run here.
    public init(_ socket: EvidenceSocket, moved ports: [Int: KnownListener] = [:], running: [String] = []) {
        self.socket = socket
        standing = Self.standing(of: socket, ports, running)
    }

    private static func standing(of socket: EvidenceSocket, _ moved: [Int: KnownListener], _ running: [String]) -> Standing {
        if isLoopback(socket.address) { return .loopback }
        guard let program = socket.process, !program.isEmpty else { return ownerless(socket, moved, running) }
        var known = KnownListener.find(program: program, port: socket.port, transport: socket.transport)
        if known == nil, let named = moved[socket.port], named.program.prefix(15) == program.prefix(15), named.transport == socket.transport {
            known = named
        }
        guard let known else {
            return socket.transport == "udp" && ephemeral.contains(socket.port) ? .client : .unexpected(program)
        }
        switch known.standing {
        case .open: return .expected(known)
        case .local: return .tooWide(known)
        case .plaintext: return .plaintext(known)
        case .mutual: return .mutual(known)
        }
    }

    /// Sockets of the kernel itself belong to no process: those of overlays are known by their port.
    private static func ownerless(_ socket: EvidenceSocket, _ moved: [Int: KnownListener], _ running: [String]) -> Standing {
        if let overlay = KnownListener.find(program: KnownListener.kernel, port: socket.port, transport: socket.transport) {
            return .expected(overlay)
        }
        guard socket.transport == "tcp" else { return .unknownProgram(nil) }
        if let known = moved[socket.port] { return .unknownProgram(known) }
        let known = running.lazy.compactMap { KnownListener.find(program: $0, port: socket.port, transport: "tcp") }
        return .unknownProgram(known.first)
    }

    /// Linux hands out these (net.ipv4.ip_local_port_range).
    private static let ephemeral = 32_768...60_999

    /// Text that is no address is none of the machine's own.
    public static func isLoopback(_ address: String) -> Bool {
        let text = address.hasPrefix("[") && address.hasSuffix("]") ? address.dropFirst().dropLast() : address[...]
        let bare = text.prefix { $0 != "%" }
        if bare == "::1" || bare == "0:0:0:0:0:0:0:1" { return true }
        let mapped = bare.lowercased().hasPrefix("::ffff:") ? bare.dropFirst(7) : bare
        let parts = mapped.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
