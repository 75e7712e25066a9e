#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension Gathering {
    /// Asks each listening TCP port for its certificates, with the beginning of a handshake of TLS that is not gone through with.
    ///
    /// What listens there notices a client that hangs up, and nothing else. Ports that speak another protocol are asked too: which do cannot be known.
    mutating func probeListeners() {
        guard isLive else {
            return note(
                Refusal(path: "listeners", operation: .connect, error: "ports can only be asked on the machine itself, with its own processes"))
        }
        let deadline = Instant.monotonic + limits.probes
        var asked: Set<String> = []
        var unasked = 0
        for socket in evidence.sockets ?? [] where socket.networkProtocol == "tcp" {
            guard let address = SocketAddress(socket.address, port: UInt16(truncatingIfNeeded: socket.port)) else { continue }
            let listener = address.text
            guard asked.insert(listener).inserted else { continue }
            // Anybody may listen on a thousand ports and answer on none.
            let rest = deadline - Instant.monotonic
            guard rest > 0 else {
                unasked += 1
                continue
            }
            do {
                let certificates = try TLSProbe.certificates(at: address, milliseconds: min(limits.probe, rest))
                let pem = certificates.compactMap { CertificateText.block(der: $0) }.joined()
                guard !pem.isEmpty else { continue }
                evidence.certificates.append(CollectedCertificate(listener: listener, process: socket.process, pid: socket.pid, pem: pem))
            } catch {
                // One without TLS is no gap: it shows no certificate to anybody.
                if let reason = error.reason { note(Refusal(path: listener, operation: .connect, error: reason)) }
            }
        }
        if unasked > 0 {
            note(
                Refusal(
                    path: "listeners", operation: .limit,
                    error: "\(limits.probes / 1000) seconds were over; \(unasked) ports were not asked for their certificates"))
        }
    }
}

/// Where to connect for a listening socket: one that listens everywhere is asked at the loopback address.
struct SocketAddress {
    /// With the address that listens, so that it reads as `sockets` has it.
    let text: String
    private let four: sockaddr_in?
    private let six: sockaddr_in6?

    init?(_ address: String, port: UInt16) {
        text = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        if address.contains(":") {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            guard inet_pton(AF_INET6, address == "::" ? "::1" : address, &six.sin6_addr) == 1 else { return nil }
            (self.six, four) = (six, nil)
        } else {
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            guard inet_pton(AF_INET, address == "0.0.0.0" ? "127.0.0.1" : address, &four.sin_addr) == 1 else { return nil }
            (self.four, six) = (four, nil)
        }
    }

    /// A socket that is connected or about to be.
    func connecting() -> OwnedDescriptor? {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = socket(four == nil ? AF_INET6 : AF_INET, kind, 0)
        guard number >= 0 else { return nil }
        let descriptor = OwnedDescriptor(number)
        let result: Int32 =
            if let four {
                withUnsafePointer(to: four) {
                    connect(number, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self), socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            } else if let six {
                withUnsafePointer(to: six) {
                    connect(number, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self), socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            } else { -1 }
        return result == 0 || errno == EINPROGRESS ? descriptor : nil
    }
}
