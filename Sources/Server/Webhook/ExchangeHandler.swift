internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// A body did not come in time.
struct BodyTooLate: Error {}

/// Keeps the promises of HTTP that Hummingbird leaves to others: says `Connection: close` when it closes, closes so that the last answer arrives, and
/// waits for nobody longer than the settings say. Stands between the codec and Hummingbird.
final class ExchangeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let settings: WebhookSettings
    private let drain: DrainState
    private let isHTTP2: Bool
    private let connection: OpenConnection
    private var state: ExchangeState
    private var endsAtFlush = false
    private var timer: (task: Scheduled<Void>, at: NIODeadline)?

    init(_ settings: WebhookSettings, _ drain: DrainState, _ connection: OpenConnection, isHTTP2: Bool) {
        (self.settings, self.drain, self.connection, self.isHTTP2) = (settings, drain, connection, isHTTP2)
        state = ExchangeState(settings, isHTTP2: isHTTP2, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) { arm(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.task.cancel()
        timer = nil
        if state.pending > 0 { connection.leave(state.pending) }
    }

    // MARK: - In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let isWanted: Bool
        switch unwrapInboundIn(data) {
        case .head(let head):
            isWanted = state.head(asksToClose: !isHTTP2 && ExchangeHandler.asksToClose(head.headerFields), now: .now())
            if isWanted { connection.enter() }
        case .body: isWanted = state.takesBody
        case .end:
            isWanted = state.end(now: .now())
            if isHTTP2, state.isLingering { context.close(promise: nil) }
        }
        if isWanted { context.fireChannelRead(data) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most requests come in one piece; only where one did not is it worth a timer of its own.
        if state.isReceiving { arm(context) }
        if state.isLingering { context.read() }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            if state.quiesce(now: .now()) == .linger { linger(context) }
            return
        case ChannelEvent.inputClosed:
            if state.inputClosed() || state.isLingering { context.close(promise: nil) }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: - Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var response) where response.status.kind != .informational:
            let saysClose = response.headerFields[.connection] != nil
            let closes = state.answer(saysClose: saysClose, isDraining: drain.isDraining && !isHTTP2)
            // HTTP/2 has no such header (RFC 9113, 8.2.2).
            let header = closes && !isHTTP2 ? "close" : nil
            guard header != response.headerFields[.connection] else { return context.write(data, promise: promise) }
            response.headerFields[.connection] = header
            context.write(wrapOutboundOut(.head(response)), promise: promise)
        case .end:
            if state.pending > 0 { connection.leave(1) }
            endsAtFlush = state.answered(now: .now()) == .linger
            arm(context)
            context.write(data, promise: promise)
        default: context.write(data, promise: promise)
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        if endsAtFlush {
            endsAtFlush = false
            linger(context)
        }
    }

    /// The last answer is out. Closing at once would make the kernel reset the connection where the client still sends, and the answer would be lost
    /// on its way (RFC 9112, 9.6): so only this side is closed, and what comes is thrown away for a moment.
    private func linger(_ context: ChannelHandlerContext) {
        if !isHTTP2 { context.close(mode: .output, promise: nil) }
        arm(context)
        context.read()
    }

    // MARK: - Time

    private func arm(_ context: ChannelHandlerContext) {
        let deadline = state.deadline
        // One that comes too early looks again; only one that would come too late is made anew.
        if let timer { if timer.at <= deadline { return } else { timer.task.cancel() } }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.ring(context) }
        timer = (task, deadline)
    }

    private func ring(_ context: ChannelHandlerContext) {
        timer = nil
        switch state.waiting(now: .now()) {
        case .until: break
        case .bodyTooLate: context.fireErrorCaught(BodyTooLate())
        case .tooLong: return context.close(promise: nil)
        }
        arm(context)
    }

    /// `Connection` is a list of words in any case (RFC 9110, 7.6.1).
    private static func asksToClose(_ fields: HTTPFields) -> Bool {
        guard let value = fields[.connection] else { return false }
        return value.split(separator: ",").contains { word in
            word.trimmingPrefix { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }.lowercased() == "close"
        }
    }
}
