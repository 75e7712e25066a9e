internal import AsyncHTTPClient
internal import Documents
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Speaks OTLP over HTTP with one collector.
struct CollectorClient: Sendable {
    private let http: HTTPClient
    private let settings: TracingSettings
    private let headers: HTTPHeaders

    /// What a collector has to say fits into it.
    private static let longestAnswer = 64 << 10

    /// Runs `body` with a client; its connections are closed when `body` ends.
    static func connected(_ settings: TracingSettings, _ body: @Sendable (CollectorClient) async -> Void) async throws {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        // Headers hold secrets, which must not follow where a redirect leads.
        configuration.redirectConfiguration = .disallow
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(60))
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let path = settings.authorities { tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path)) }
        configuration.tlsConfiguration = tls
        try await HTTPClient.withHTTPClient(configuration: configuration) { http in await body(CollectorClient(http, settings)) }
    }

    private init(_ http: HTTPClient, _ settings: TracingSettings) {
        (self.http, self.settings) = (http, settings)
        var headers: HTTPHeaders = ["User-Agent": "demarc/\(settings.version)", "Content-Type": "application/json"]
        for header in settings.headers { headers.replaceOrAdd(name: header.name, value: header.value) }
        self.headers = headers
    }

    /// One attempt.
    /// - Parameter timeout: until the last byte of the answer.
    func send(_ body: [UInt8], timeout: Duration) async -> ExportOutcome {
        var message = HTTPClientRequest(url: settings.url)
        message.method = .POST
        message.headers = headers
        message.body = .bytes(ByteBuffer(bytes: body))
        do {
            let limit = TimeAmount(timeout)
            guard limit > .zero else { return .again(after: nil, why: "no answer in time") }
            let response = try await http.execute(message, timeout: limit)
            let outcome = ExportOutcome(status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"))
            // What it says of an error may quote what was sent, so only the status counts then.
            guard case .taken = outcome else { return outcome }
            // It has the spans, whatever becomes of its answer.
            guard let answer = try? await response.body.collect(upTo: CollectorClient.longestAnswer) else { return outcome }
            return .taken(rejected: CollectorClient.rejected(Array(answer.readableBytesView)))
        } catch { return .again(after: nil, why: CollectorClient.words(error)) }
    }

    /// `{"partialSuccess":{"rejectedSpans":"3",…}}`, the number as a string or as a number.
    static func rejected(_ answer: [UInt8]) -> Int {
        let root = DocumentTree.parse(answer, source: "answer", syntax: .json).tree.roots.first
        return root.flatMap { Int($0["partialSuccess"]["rejectedSpans"].text) } ?? 0
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: error == .deadlineExceeded ? "no answer in time" : error.shortDescription
        case is NIOConnectionError, is IOError, is ChannelError: "it cannot be reached; check the address and the network policy"
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: "its certificate is not accepted; check OTEL_EXPORTER_OTLP_CERTIFICATE"
        default: "\(type(of: error))"
        }
    }
}
