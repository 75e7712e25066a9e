import NIOCore

/// One connection: a request, its answer, the next request.
///
/// The answer is read by hand and no further than needed, since what the generator costs is missing from the server on the same cores.
final class LoadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: ByteBuffer
    private let plan: Plan
    private var answer = ByteBuffer()
    private var sentAt = NIODeadline.now()
    private var isSending = false
    private var tally = Tally()
    private let done: EventLoopPromise<Tally>

    init(_ request: ByteBuffer, _ plan: Plan, _ done: EventLoopPromise<Tally>) { (self.request, self.plan, self.done) = (request, plan, done) }

    /// TLS says when it stands.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if plan.isBegin(event) { send(context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func send(_ context: ChannelHandlerContext) {
        guard plan.takeOne(now: .now()) else {
            done.succeed(tally)
            return context.close(promise: nil)
        }
        (isSending, sentAt) = (true, .now())
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        if answer.readableBytes == 0 { answer = part } else { answer.writeBuffer(&part) }
        guard let head = Head(answer.readableBytesView) else { return }
        guard let length = head.length else { return fail(context) }
        guard answer.readableBytes >= head.size + length else { return }
        answer.clear()
        let now = NIODeadline.now()
        isSending = false
        if plan.isMeasured(now) { tally.answered(head.status, nanoseconds: UInt64((now - sentAt).nanoseconds)) }
        send(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isSending { tally.errors += 1 }
        done.succeed(tally)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context) }

    private func fail(_ context: ChannelHandlerContext) {
        tally.errors += 1
        isSending = false
        done.succeed(tally)
        context.close(promise: nil)
    }
}

/// The head of an answer, as far as it matters here.
struct Head {
    let status: Int
    /// With the empty line.
    let size: Int
    /// nil when the answer does not say.
    let length: Int?

    /// nil while it has not come to its end.
    init?(_ bytes: ByteBufferView) {
        var index = bytes.startIndex
        var (lineStart, status, length, isFirst) = (bytes.startIndex, 0, Int?.none, true)
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "\n") else {
                index += 1
                continue
            }
            let line = bytes[lineStart..<index]
            if line.count <= 1 {
                (self.status, size, self.length) = (status, index + 1 - bytes.startIndex, length)
                return
            }
            if isFirst { status = Head.number(line.dropFirst(9).prefix(3)) } else if Head.isLength(line) { length = Head.number(line.dropFirst(15)) }
            isFirst = false
            index += 1
            lineStart = index
        }
        return nil
    }

    private static func isLength(_ line: ByteBufferView.SubSequence) -> Bool {
        line.count > 15 && zip(line, "content-length:".utf8).allSatisfy { ($0 | 0x20) == ($1 | 0x20) }
    }

    private static func number(_ text: some Sequence<UInt8>) -> Int {
        text.reduce(0) { $1 &- UInt8(ascii: "0") < 10 ? $0 * 10 + Int($1 - UInt8(ascii: "0")) : $0 }
    }
}
