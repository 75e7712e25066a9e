import ClusterSupport
import Testing
import Traces

@testable import KubernetesClient

extension FakeServer {
    /// A client of this server. Waiting between attempts is as good as none, so that no test takes long.
    func client<R: Sendable>(
        token: String? = nil, credential: Connection.CredentialSource? = nil, timeout: Duration = .seconds(120), attempts: Int = 5,
        spans: Spans = .none,
        _ body: @Sendable (ClusterClient) async throws -> R
    ) async throws -> R {
        let address = try #require(ServerAddress("http://127.0.0.1:\(port)"))
        let connection = Connection(
            name: "fake", namespace: nil, server: address, trust: Connection.Trust(), proxy: nil,
            credential: credential ?? token.map { .token(Secret($0)) } ?? .none)
        var settings = ClientSettings()
        (settings.timeout, settings.spans) = (timeout, spans)
        settings.retries = RetryPolicy(attempts: attempts, first: .milliseconds(1), longest: .milliseconds(2))
        return try await ClusterClient.connected(to: connection, settings: settings, body)
    }
}
