import ClusterSupport
import Foundation
import NIOCore
import NIOSSL
import SwiftASN1
import Synchronization
import X509

@testable import KubernetesClient

/// A server that speaks TLS, and what it needs to be believed.
struct TLSPeer: Sendable {
    /// Signs what servers show.
    let authority: MadeIdentity
    /// Signs what clients show.
    let clients: MadeIdentity
    let names = Names()

    /// The names that clients asked for in their handshakes; an empty one where they asked for none.
    final class Names: Sendable {
        private let seen = Mutex<[String]>([])
        var all: [String] { seen.withLock { $0 } }
        func see(_ name: String?) { seen.withLock { $0.append(name ?? "") } }
    }

    static let address: [UInt8] = [127, 0, 0, 1]

    init() throws {
        authority = try MadeIdentity(name: "servers")
        clients = try MadeIdentity(name: "clients")
    }

    /// Runs `body` beside a server that answers everything.
    /// - Parameters:
    ///   - hosts: names in its certificate.
    ///   - asks: whether clients must show a certificate.
    func running<R>(
        host: String = "127.0.0.1", hosts: [String] = [], addresses: [[UInt8]] = [TLSPeer.address], asks: Bool = false,
        _ body: (FakeServer) async throws -> R
    ) async throws -> R {
        let identity = try MadeIdentity(name: "server", by: authority, hosts: hosts, addresses: addresses)
        var tls = try identity.serving(clients: asks ? clients : nil)
        tls.sslContextCallback = { [names] values, promise in
            names.see(values.serverHostname)
            promise.succeed(.noChanges)
        }
        return try await FakeServer.running(host: host, tls: tls, { _, _ in .init(200, "{\"gitVersion\":\"v1.36.2\"}") }, body)
    }

    /// As a kubeconfig says it.
    /// - Parameters:
    ///   - server: an address, or a name, with its port.
    ///   - cluster: further fields.
    ///   - user: fields of the user.
    func connection(_ server: String, cluster: String = "", user: String = "") throws -> Connection {
        let text = """
            clusters: [{name: c, cluster: {server: "https://\(server)", certificate-authority-data: \(Self.data(authority.certificate))\(cluster)}}]
            users: [{name: u, user: {\(user)}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """
        return try Kubeconfig.read(Array(text.utf8), path: "config").connection(context: nil)
    }

    static func data(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    /// Asks once.
    /// - Parameter attempts: for what may pass by itself.
    static func ask(_ connection: Connection, attempts: Int = 1) async throws {
        var settings = ClientSettings()
        settings.retries = RetryPolicy(attempts: attempts, first: .milliseconds(1), longest: .milliseconds(2))
        _ = try await ClusterClient.connected(to: connection, settings: settings) { try await $0.version() }
    }

    static func failure(_ body: () async throws -> Void) async -> ClusterError? {
        do {
            try await body()
            return nil
        } catch { return error as? ClusterError }
    }

    /// The subject of what a client showed, as `CN=jane,O=dev`.
    static func subject(_ request: FakeServer.Request) -> String? {
        request.certificate.isEmpty ? nil : (try? Certificate(derEncoded: request.certificate)).map { "\($0.subject)" }
    }
}
