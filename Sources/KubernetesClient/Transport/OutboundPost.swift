internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// Sends small messages to an address outside of the cluster that somebody has configured.
public struct OutboundPost: Sendable {
    private let url: String
    private let token: Secret?
    private let timeout: Duration
    /// For people: without the path, which is a secret with some services.
    public let address: String

    /// - Parameters:
    ///   - url: over HTTPS; without TLS only to this machine.
    ///   - token: a bearer token.
    /// - Throws: `configuration` when the address is none, or not safe.
    public init(url: String, token: Secret? = nil, timeout: Duration = .seconds(10)) throws(ClusterError) {
        guard let server = ServerAddress(url) else {
            throw .configuration("the webhook's address must be https://host/path, without a user and without a query")
        }
        (self.url, self.token, self.timeout) = (url, token, timeout)
        address = "\(server.isSecure ? "https" : "http")://\(server.host.contains(":") ? "[\(server.host)]" : server.host):\(server.port)"
        guard server.isSecure || server.isLoopback else {
            throw .configuration("\(address): without TLS anybody on the way can say that it arrived; use https://")
        }
    }

    /// Returns when the other side has said that it took it (2xx).
    public func send(_ body: [UInt8], contentType: String) async throws(ClusterError) {
        let status: Int
        do {
            status = try await withDeadline(timeout) { try await answer(to: body, contentType) }
        } catch {
            throw TransportFault.error(error, purpose: "POST", address: address)
        }
        guard (200..<300).contains(status) else {
            let remedy = (300..<400).contains(status) ? "a redirect is not followed; give the final address" : "look into its log"
            throw ClusterError(status >= 500 ? .serverFault(status) : .refused(status), "POST: \(address) answered \(status); \(remedy)")
        }
    }

    private func answer(to body: [UInt8], _ contentType: String) async throws -> Int {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(30))
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            var message = HTTPClientRequest(url: url)
            message.method = .POST
            message.headers.add(name: "User-Agent", value: "demarc")
            message.headers.add(name: "Content-Type", value: contentType)
            if let token { message.headers.add(name: "Authorization", value: "Bearer \(token.text)") }
            message.body = .bytes(ByteBuffer(bytes: body))
            // The answer's body says nothing that is needed, and dropping it ends the connection.
            return Int(try await http.execute(message, deadline: .distantFuture).status.code)
        }
    }
}
