internal import AsyncHTTPClient
internal import NIOCore
public import Traces

/// How a client behaves towards its server.
public struct ClientSettings: Sendable {
    /// From sending a request to the last byte of its answer.
    public var timeout: Duration = .seconds(60)
    /// What a client takes for itself of the server's attention.
    public var requestsPerSecond: Double = 50
    public var burst: Double = 100
    public var userAgent = "demarc"
    /// Whether somebody sits at a terminal, for exec plugins that want to ask.
    public var isInteractive = false
    /// Of each request, and for whoever works with the client.
    public var spans = Spans.none
    var retries = RetryPolicy()

    public init() {}
}

/// A client of one cluster.
public struct ClusterClient: Sendable {
    let transport: Transport
    /// The context's name.
    public let name: String
    /// As its settings say.
    public var spans: Spans { transport.spans }

    /// Runs `body` with a client; its connections are closed when `body` ends.
    public static func connected<Result: Sendable>(
        to connection: Connection, settings: ClientSettings = ClientSettings(), _ body: @Sendable (ClusterClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        // Answers of an API server are never elsewhere, and a credential must not follow where a redirect leads.
        configuration.redirectConfiguration = .disallow
        // A watch hears a bookmark each minute, so a longer silence is a connection that nobody holds any more.
        configuration.timeout = HTTPClient.Configuration.Timeout(
            connect: .seconds(10), read: .seconds(max(120, settings.timeout.components.seconds)))
        configuration.connectionPool.retryConnectionEstablishment = false
        // Several kinds are read at once, and a watch holds its connection: the controller has one for each kind.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        if case .certificate(let identity) = connection.credential {
            configuration.tlsConfiguration = connection.trust.configuration(identity)
        } else {
            configuration.tlsConfiguration = connection.trust.configuration(nil)
        }
        if let name = connection.trust.serverName { configuration.dnsOverride = [name: connection.server.host] }
        if let name = connection.nameToCheck {
            configuration.http1_1ConnectionDebugInitializer = { ServerIdentity.check($0, for: name) }
        }
        if let proxy = connection.proxy { configuration.proxy = proxy.configuration }
        return try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            try await body(ClusterClient(transport: Transport(http, to: connection, settings: settings), name: connection.name))
        }
    }
}

extension Connection.Proxy {
    var configuration: HTTPClient.Configuration.Proxy {
        if isSOCKS { return .socksServer(host: host, port: port) }
        guard let user else { return .server(host: host, port: port) }
        return .server(host: host, port: port, authorization: .basic(username: user.text, password: password?.text ?? ""))
    }
}
