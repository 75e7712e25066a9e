internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
public import Traces

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The server cannot have its address.
public struct ListeningFault: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let reason: String

    public var description: String { "cannot listen on \(host.contains(":") ? "[\(host)]" : host):\(port): \(reason)" }
}

/// The HTTP side of `demarc serve`: reviews, health, metrics and the API, over TLS.
///
/// Told to stop (by the service group it runs in), it first is no longer ready and asks its clients to go elsewhere, while it still answers everything;
/// after the delay it takes no new connections, and waits for what is in flight.
public struct WebhookServer: Service {
    private let settings: WebhookSettings
    private let identity: ServingIdentity
    private let metrics: ServerMetrics
    private let logger: Logger
    private let responder: RequestResponder
    private let drain = DrainState()
    private let listening: @Sendable (Int) -> Void
    private let sleep: @Sendable (Duration) async -> Void

    /// - Parameters:
    ///   - review: answers reviews.
    ///   - readiness: what must be so before reviews should come here.
    ///   - authorizer: who may read metrics and use the API.
    ///   - routes: the API; `/metrics` is added to it.
    ///   - spans: of the requests that are answered.
    ///   - listening: told the port once connections are accepted.
    ///   - sleep: waits out the delay before stopping; tests do not wait.
    public init(
        settings: WebhookSettings = WebhookSettings(), identity: ServingIdentity, review: @escaping ReviewHandler, metrics: ServerMetrics,
        authorizer: any RequestAuthorizer, readiness: @escaping @Sendable () async -> [HealthCheck], routes: [APIRoute] = [],
        logger: Logger, spans: Spans = .none, listening: @escaping @Sendable (Int) -> Void = { _ in },
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        (self.settings, self.identity, self.metrics, self.logger) = (settings, identity, metrics, logger)
        (self.listening, self.sleep) = (listening, sleep)
        let gate = RequestGate(requests: settings.concurrentRequests, bytes: settings.bodyMemory)
        let reader = RequestReader(gate: gate, longest: settings.longestBody)
        let shown = APIRoute("GET", "/metrics") { [identity] _ in
            metrics.certificateExpiry.set(Double(identity.notAfter))
            return APIAnswer(contentType: Exposition.contentType, body: metrics.registry.text())
        }
        responder = RequestResponder(
            reviews: ReviewEndpoint(
                handler: review, reader: reader, gate: gate, metrics: metrics, logger: logger, spans: spans,
                asksForCertificate: identity.asksForCertificate),
            api: APIEndpoint(routes: [shown] + routes, authorizer: authorizer, reader: reader, gate: gate, metrics: metrics, spans: spans),
            drain: drain, readiness: readiness)
    }

    public func run() async throws {
        let table = ConnectionTable(limit: settings.connections, metrics: metrics)
        let server = Server(
            childChannelSetup: ConnectionSetup(
                settings: settings, identity: identity, table: table, drain: drain, metrics: metrics,
                respond: { [responder] request, writer, peer in try await responder.respond(to: request, writer, peer) }),
            configuration: ServerConfiguration(address: .hostname(settings.host, port: settings.port), backlog: 1_024),
            onServerRunning: { [listening] channel in listening(channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        // Detached, because Hummingbird would stop accepting as soon as it hears of the shutdown.
        let serving = Task.detached { [settings] in
            do { try await server.run() } catch {
                // Nothing else of a server that listens throws these.
                let reason =
                    (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
                    ?? (error is SocketAddressError ? "the name cannot be resolved" : nil)
                throw reason.map { ListeningFault(host: settings.host, port: settings.port, reason: $0) } ?? error
            }
        }
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await serving.value }
                group.addTask {
                    try await gracefulShutdown()
                    await stop(server, table)
                }
                // Whichever ends first ends both: a listener that failed, or the shutdown.
                try await group.next()
                group.cancelAll()
                serving.cancel()
            }
        } onCancel: {
            serving.cancel()
        }
    }

    private func stop(_ server: Server<ConnectionSetup>, _ table: ConnectionTable) async {
        logger.info("stopping: no longer ready, still answering", metadata: ["delay": "\(settings.drainDelay)"])
        drain.beginDraining()
        table.sayGoodbye()
        await sleep(settings.drainDelay)
        drain.beginQuiescing()
        let impatience = Task { [settings, logger] in
            try await Task.sleep(for: settings.drainLimit)
            logger.warning("requests in flight are given up", metadata: ["limit": "\(settings.drainLimit)"])
            table.closeAll()
        }
        do { try await server.shutdownGracefully() } catch { logger.warning("the listener did not close cleanly", metadata: ["error": "\(error)"]) }
        impatience.cancel()
        logger.info("stopped")
    }
}
