internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// Reads the body of a request within its limits.
struct RequestReader: Sendable {
    let gate: RequestGate
    let longest: Int

    /// The media type without its parameters, in small letters.
    static func mediaType(_ fields: HTTPFields) -> String {
        guard let value = fields[.contentType] else { return "" }
        let type = value.prefix { $0 != ";" }.drop { $0 == " " || $0 == "\t" }
        return String(type.prefix { $0 != " " && $0 != "\t" }).lowercased()
    }

    /// JSON as it is: nothing else, and nothing packed.
    static func checkJSON(_ fields: HTTPFields) throws(Refusal) {
        let coding = fields[.contentEncoding]?.lowercased() ?? "identity"
        guard mediaType(fields) == "application/json", coding == "identity" else {
            let text = "the body must be JSON: send Content-Type: application/json, without Content-Encoding"
            throw Refusal(answer: .refusal(.unsupportedMediaType, text, ends: true), reason: .mediaType)
        }
    }

    /// Reads the whole body, then runs `body` with it. What it takes counts against the limit for all until `body` is done.
    ///
    /// - Throws: `Refusal`, or what the connection throws when it breaks.
    @concurrent func withBody<R: Sendable>(
        of request: Request, _ writer: borrowing ResponseWriter, _ body: @Sendable ([UInt8]) async throws -> R
    ) async throws -> R {
        var reserved = 0
        defer { gate.release(reserved) }
        // A number that is none was refused before; one that is too long is as good as none.
        let announced = request.headers[.contentLength].map { Int($0) ?? Int.max }
        if let announced, announced > longest { throw tooLarge }
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var bytes: [UInt8] = []
        // Announcing costs nothing, so it takes nothing either: only what came counts.
        bytes.reserveCapacity(min(announced ?? 0, 64 << 10))
        do {
            for try await part in request.body {
                guard part.readableBytes <= longest - bytes.count else { throw tooLarge }
                try reserve(part.readableBytes, &reserved)
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch is BodyTooLate {
            throw Refusal(answer: .refusal(.requestTimeout, "the body did not arrive in time", ends: true), reason: .timeout)
        }
        return try await body(bytes)
    }

    private func reserve(_ count: Int, _ reserved: inout Int) throws(Refusal) {
        guard gate.reserve(count) else {
            throw Refusal(answer: .busy(.serviceUnavailable, "too many long bodies at once; ask again"), reason: .busy)
        }
        reserved += count
    }

    private var tooLarge: Refusal {
        Refusal(answer: .refusal(.contentTooLarge, "the body is longer than \(longest) bytes", ends: true), reason: .tooLarge)
    }
}
