#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Talks to one port until it has shown its certificates.
enum TLSProbe {
    struct Silent: Error {
        /// nil where the port speaks no TLS.
        var reason: String?
    }

    /// - Parameter milliseconds: that the whole conversation may take.
    static func certificates(at address: SocketAddress, milliseconds: Int) throws(Silent) -> [[UInt8]] {
        let deadline = Instant.monotonic + milliseconds
        let random = randomBytes()
        let first = TLSHandshake.clientHello(.two, random: random)
        switch try converse(address, first, until: deadline, TLSHandshake.answer) {
        case .certificates(let certificates): return certificates
        case .noTLS: throw Silent(reason: nil)
        // protocol_version; some say handshake_failure instead.
        case .alert(70), .alert(40): break
        case .alert(let code): throw Silent(reason: "the server refused the handshake (alert \(code))")
        case .incomplete: throw Silent(reason: nil)
        }
        let conversation = TLSConversation(random: random)
        switch try converse(address, conversation.hello, until: deadline, conversation.answer) {
        case .certificates(let certificates): return certificates
        case .alert(let code): throw Silent(reason: "the server refused the handshake (alert \(code))")
        case .noTLS, .incomplete: throw Silent(reason: "the server did not show its certificates")
        }
    }

    /// Sends a ClientHello and listens until the answer is whole, the server is silent or the time is over.
    private static func converse(
        _ address: SocketAddress, _ hello: [UInt8], until deadline: Int, _ read: ([UInt8]) -> TLSHandshake.Answer
    ) throws(Silent) -> TLSHandshake.Answer {
        guard let descriptor = address.connecting(), wait(descriptor, POLLOUT, until: deadline) else {
            throw Silent(reason: "cannot be connected to")
        }
        let record = TLSHandshake.record(hello)
        // A port that hung up at once speaks something else; MSG_NOSIGNAL, since it must not end the program.
        guard send(descriptor.number, record, record.count, Int32(MSG_NOSIGNAL)) == record.count else { throw Silent(reason: nil) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        // Sixteen certificates of a long chain fit many times.
        while bytes.count < 1 << 20, wait(descriptor, POLLIN, until: deadline) {
            let count = recv(descriptor.number, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
            let answer = read(bytes)
            if answer != .incomplete { return answer }
        }
        return .incomplete
    }

    private static func wait(_ descriptor: OwnedDescriptor, _ event: Int32, until deadline: Int) -> Bool {
        var entry = pollfd(fd: descriptor.number, events: Int16(event), revents: 0)
        let rest = max(0, deadline - Instant.monotonic)
        return poll(&entry, 1, Int32(clamping: rest)) == 1 && entry.revents & Int16(event) != 0
    }

    private static func randomBytes() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
