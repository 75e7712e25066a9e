internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// An answer before it is written.
struct Answer: Sendable {
    enum Body: Sendable {
        case text(String)
        case bytes([UInt8])
    }

    var status: HTTPResponse.Status
    var contentType = "text/plain; charset=utf-8"
    var body: Body
    var fields = HTTPFields()
    /// Nothing more is read on this connection: the rest of a body is not wanted.
    var ends = false

    /// A status with one line that says why.
    static func refusal(_ status: HTTPResponse.Status, _ text: String, ends: Bool = false) -> Answer {
        Answer(status: status, body: .text(text + "\n"), ends: ends)
    }

    /// Too much at once: the API server's client waits as long as it is told, then asks again.
    static func busy(_ status: HTTPResponse.Status, _ text: String) -> Answer {
        var answer = refusal(status, text, ends: true)
        answer.fields[.retryAfter] = "1"
        return answer
    }

    /// - Parameter isHead: only how long the body would be.
    @concurrent func write(to writer: consuming ResponseWriter, isHead: Bool) async throws {
        let buffer =
            switch body {
            case .text(let text): ByteBuffer(string: text)
            case .bytes(let bytes): ByteBuffer(bytes: bytes)
            }
        var fields = fields
        fields[.contentType] = contentType
        fields[.contentLength] = String(buffer.readableBytes)
        if ends { fields[.connection] = "close" }
        let head = HTTPResponse(status: status, headerFields: fields)
        if isHead || buffer.readableBytes == 0 { return try await writer.writeResponse(head) }
        try await writer.write(response: head, body: ResponseBody(byteBuffer: buffer))
    }
}

/// Why a request is not answered as its sender hoped.
struct Refusal: Error {
    var answer: Answer
    var reason: ServerMetrics.Refusal
}
