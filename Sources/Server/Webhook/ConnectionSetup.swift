internal import HummingbirdCore
internal import HummingbirdHTTP2
internal import Logging
internal import NIOCore
internal import NIOHTTP2
internal import NIOSSL
internal import NIOTLS

/// Who is at the other end.
struct Peer: Sendable {
    /// It showed a certificate that an authority of the settings signed.
    var isVouchedFor: Bool
    var isHTTP2: Bool
}

/// One connection from its acceptance to its end: TLS with the certificate of this moment, then HTTP/1.1 or HTTP/2 as both sides like.
struct ConnectionSetup: ServerChildChannel {
    /// What the client chose.
    enum Negotiated: Sendable {
        case http1(HTTP1Channel, HTTP1Channel.Value)
        case http2(HTTP2Channel, HTTP2Channel.Value)
    }

    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<Negotiated>
        let channel: any Channel
    }

    /// There are as many connections as allowed, and all are busy.
    struct TooManyConnections: Error {}

    let settings: WebhookSettings
    let identity: ServingIdentity
    let table: ConnectionTable
    let drain: DrainState
    let metrics: ServerMetrics
    let respond: @concurrent @Sendable (Request, consuming ResponseWriter, Peer) async throws -> Void

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard let connection = table.add(channel) else { return channel.eventLoop.makeFailedFuture(TooManyConnections()) }
        return channel.eventLoop.makeCompletedFuture {
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Negotiated> { result in
                negotiated(result, connection, logger)
            }
            try channel.pipeline.syncOperations.addHandlers([NIOSSLServerHandler(context: identity.context), negotiation])
            let future = negotiation.protocolNegotiationResult
            let patience = channel.eventLoop.scheduleTask(in: settings.handshakeTime) { channel.close(promise: nil) }
            future.whenComplete { result in
                patience.cancel()
                if case .failure = result { metrics.connectionsClosed.add(1, "handshake") }
            }
            return Value(negotiated: future, channel: channel)
        }
    }

    private func negotiated(_ result: ALPNResult, _ connection: OpenConnection, _ logger: Logger) -> EventLoopFuture<Negotiated> {
        let channel = connection.channel
        do {
            let isVouchedFor = try identity.asksForCertificate && channel.pipeline.syncOperations.nioSSL_peerCertificate() != nil
            let isHTTP2 = if case .negotiated("h2") = result { true } else { false }
            let peer = Peer(isVouchedFor: isVouchedFor, isHTTP2: isHTTP2)
            let responder: HTTPChannelHandler.Responder = { [respond] request, writer, _ in try await respond(request, writer, peer) }
            if isHTTP2 {
                connection.becomesHTTP2()
                let child = HTTP2Channel(
                    responder: responder,
                    configuration: .init(
                        idleTimeout: .nanoseconds(settings.idleTime.nanoseconds), gracefulCloseTimeout: settings.drainDelay + settings.drainLimit,
                        streamConfiguration: .init(additionalChannelHandlers: [handler(connection, isHTTP2: true)])))
                // GOAWAY waits for the client to say that it heard; who never does is closed all the same.
                try channel.pipeline.syncOperations.addHandlers([
                    IdleStateHandler(allTimeout: settings.idleTime + settings.answerTime), SilenceHandler(),
                ])
                return child.setup(channel: channel, logger: logger).flatMapThrowing { value in
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(FarewellHandler(), position: .after(pipeline.handler(type: NIOHTTP2Handler.self)))
                    return .http2(child, value)
                }
            }
            var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
            (decoder.maxHeaderFieldSize, decoder.maxHeaderListSize, decoder.maxHeaderFieldCount) = (24 << 10, 32 << 10, 100)
            let child = HTTP1Channel(
                responder: responder,
                configuration: .init(additionalChannelHandlers: [handler(connection, isHTTP2: false)], httpDecoderConfiguration: decoder))
            return child.setup(channel: channel, logger: logger).map { .http1(child, $0) }
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func handler(_ connection: OpenConnection, isHTTP2: Bool) -> ExchangeHandler {
        ExchangeHandler(settings, drain, connection, isHTTP2: isHTTP2)
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) { await serve(value, logger) }
    }

    private func serve(_ value: Value, _ logger: Logger) async {
        do {
            let negotiated = try await value.negotiated.get()
            // It may have been accepted just before the server stopped accepting, and so never heard of it.
            if drain.isQuiescing { value.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
            switch negotiated {
            case .http1(let child, let connection): await child.handle(value: connection, logger: logger)
            case .http2(let child, let connection): await child.handle(value: connection, logger: logger)
            }
        } catch {
            logger.debug("no TLS connection came about", metadata: ["error": "\(error)"])
        }
    }
}

/// Lets the last answer out before a connection of HTTP/2 closes.
///
/// After `GOAWAY`, Hummingbird closes as soon as the last stream ends: that is while the end of its answer is being written, and before it is sent.
private final class FarewellHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTP2Frame

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        context.eventLoop.assumeIsolated().execute {
            context.flush()
            context.close(mode: mode, promise: promise)
        }
    }
}

/// Closes a connection on which nothing moved for long.
private final class SilenceHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
