internal import AsyncHTTPClient
internal import Documents
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization
internal import Traces
internal import Tracing

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Sends requests over one client: credential, rate, time, size, and another try where that makes sense.
final class Transport: Sendable {
    private let http: HTTPClient
    let connection: Connection
    private let settings: ClientSettings
    private let credentials: Credentials
    private let headers: HTTPHeaders
    private let base: String
    private let bucket: Mutex<TokenBucket>
    /// The settings of TLS for a certificate that a plugin gave. Kept, since the pool tells connections apart by them.
    private let issued = Mutex<(generation: Int, configuration: TLSConfiguration)?>(nil)

    init(_ http: HTTPClient, to connection: Connection, settings: ClientSettings) {
        (self.http, self.connection, self.settings) = (http, connection, settings)
        credentials = Credentials(connection.credential, isInteractive: settings.isInteractive)
        bucket = Mutex(TokenBucket(rate: settings.requestsPerSecond, burst: settings.burst))
        base = connection.server.url(host: connection.trust.serverName)
        headers = Transport.headers(connection, settings)
    }

    var spans: Spans { settings.spans }

    /// One request to its end.
    func send(_ request: APIRequest) async throws(ClusterError) -> APIAnswer {
        try await attempt(request) { credential, span in
            try await withDeadline(request.timeout ?? self.settings.timeout) {
                let response = try await self.begin(request, credential, span)
                let body = try await Transport.collect(response, limit: request.limit, request)
                return APIAnswer(
                    status: Int(response.status.code), contentType: response.headers.first(name: "Content-Type") ?? "", body: body)
            }
        }
    }

    /// One request whose answer goes on; the body is the caller's to read, or to drop, which ends it.
    func open(_ request: APIRequest) async throws(ClusterError) -> HTTPClientResponse.Body {
        try await attempt(request) { credential, span in
            try await withDeadline(self.settings.timeout) { try await self.begin(request, credential, span).body }
        }
    }

    // MARK: - Attempts

    private func attempt<Answer: Sendable>(
        _ request: APIRequest, _ once: @Sendable (Credential, (any Span)?) async throws -> Answer
    ) async throws(ClusterError) -> Answer {
        var policy = settings.retries
        if let attempts = request.attempts { policy.attempts = attempts }
        var failed = 0
        var isRenewed = false
        while true {
            try await pause(bucket.withLock { $0.take(at: Transport.seconds) }, request)
            let credential = try await credentials.current()
            let failure: ClusterError
            do {
                return try await within(request, resends: failed + (isRenewed ? 1 : 0)) { span in try await once(credential, span) }
            } catch {
                failure = TransportFault.error(error, purpose: request.purpose, address: connection.address, proxy: connection.proxy?.address)
            }
            // A credential may have been replaced, or withdrawn, before its time: once a new one is tried.
            if failure.kind == .unauthorized, !isRenewed, await credentials.refuse(credential) {
                isRenewed = true
                continue
            }
            failed += 1
            let isIdempotent = request.isIdempotent && request.method != .POST
            guard
                let delay = policy.delay(
                    after: failure, attempt: failed, isIdempotent: isIdempotent, chance: Double.random(in: 0..<1))
            else { throw failure }
            try await pause(delay / .seconds(1), request)
        }
    }

    private func pause(_ seconds: Double, _ request: APIRequest) async throws(ClusterError) {
        guard seconds > 0 else { return }
        do {
            try await Task.sleep(for: .seconds(seconds))
        } catch {
            throw TransportFault.error(error, purpose: request.purpose, address: connection.address, proxy: connection.proxy?.address)
        }
    }

    private func begin(_ request: APIRequest, _ credential: Credential, _ span: (any Span)?) async throws -> HTTPClientResponse {
        var message = HTTPClientRequest(url: base + request.target)
        message.method = request.method
        message.headers = headers
        message.headers.add(name: "Accept", value: request.accept)
        if let token = credential.token { message.headers.add(name: "Authorization", value: "Bearer \(token.text)") }
        if let identity = credential.identity { message.tlsConfiguration = configuration(for: identity, credential.generation) }
        if let body = request.body {
            message.headers.add(name: "Content-Type", value: request.contentType)
            message.body = .bytes(ByteBuffer(bytes: body))
        }
        if let span { spans.tracer?.inject(span.context, into: &message.headers, using: HeaderInjector()) }
        let response = try await http.execute(message, deadline: .distantFuture)
        span?.answered(Int(response.status.code))
        guard (200..<300).contains(response.status.code) else { throw await Transport.refusal(response, request) }
        return response
    }

    private static func refusal(_ response: HTTPClientResponse, _ request: APIRequest) async -> ClusterError {
        let header = response.headers.first(name: "Retry-After")
        let now = Timestamp(secondsSinceEpoch: Int64(time(nil)))
        // Whatever the body says or does not say, the status stands.
        let body = (try? await collect(response, limit: 64 << 10, request)) ?? []
        return ServerRefusal(
            status: Int(response.status.code), retryAfter: header.flatMap { RetryPolicy.retryAfter($0, now: now) }, body: body
        ).error(for: request)
    }

    private static func collect(_ response: HTTPClientResponse, limit: Int, _ request: APIRequest) async throws -> [UInt8] {
        let announced = response.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        guard announced <= limit else { throw tooLarge(limit, request) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(announced)
        for try await chunk in response.body {
            guard bytes.count + chunk.readableBytes <= limit else { throw tooLarge(limit, request) }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }

    private static func tooLarge(_ limit: Int, _ request: APIRequest) -> ClusterError {
        ClusterError(.tooLarge, "\(request.purpose): the answer is larger than the limit of \(limit) bytes")
    }

    // MARK: - What every request carries

    private static func headers(_ connection: Connection, _ settings: ClientSettings) -> HTTPHeaders {
        var headers: HTTPHeaders = ["User-Agent": settings.userAgent]
        let server = connection.server
        if connection.trust.serverName != nil {
            headers.add(name: "Host", value: "\(server.host.contains(":") ? "[\(server.host)]" : server.host):\(server.port)")
        }
        let other = connection.impersonation
        if let user = other.user { headers.add(name: "Impersonate-User", value: user) }
        for group in other.groups { headers.add(name: "Impersonate-Group", value: group) }
        if let uid = other.uid { headers.add(name: "Impersonate-Uid", value: uid) }
        for (key, values) in other.extra.sorted(by: { $0.key < $1.key }) {
            for value in values { headers.add(name: "Impersonate-Extra-\(APIRequest.encoded(key))", value: value) }
        }
        return headers
    }

    private func configuration(for identity: ClientIdentity, _ generation: Int) -> TLSConfiguration {
        issued.withLock { issued in
            if let issued, issued.generation == generation { return issued.configuration }
            let configuration = connection.trust.configuration(identity)
            issued = (generation, configuration)
            return configuration
        }
    }

    private static let start = ContinuousClock.now
    private static var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}

extension Connection.Trust {
    /// - Parameter identity: what the client shows of itself.
    func configuration(_ identity: ClientIdentity?) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorities { configuration.trustRoots = .certificates(authorities) }
        if isInsecure { configuration.certificateVerification = .none }
        if let identity {
            configuration.certificateChain = identity.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(identity.key)
        }
        return configuration
    }
}

/// Runs `body` and gives up after `limit`.
func withDeadline<Result: Sendable>(_ limit: Duration, _ body: @Sendable @escaping () async throws -> Result) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else { throw HTTPClientError.deadlineExceeded }
        return result
    }
}
