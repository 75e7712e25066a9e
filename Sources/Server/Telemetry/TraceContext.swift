/// Which trace a request belongs to: the header `traceparent`.
///
/// https://www.w3.org/TR/trace-context/#traceparent-header
struct TraceContext: Sendable, Equatable {
    /// 32 digits, not all of them zero.
    let traceID: String
    /// The caller's span, 16 digits.
    let spanID: String
    let isSampled: Bool

    /// nil for what is no such header: then there is no trace, as the standard asks.
    init?(header: String) {
        let bytes = Array(header.utf8)
        guard bytes.count >= 55, bytes[2] == UInt8(ascii: "-"), bytes[35] == UInt8(ascii: "-"), bytes[52] == UInt8(ascii: "-") else { return nil }
        let (version, trace, span, flags) = (bytes[0..<2], bytes[3..<35], bytes[36..<52], bytes[53..<55])
        guard [version, trace, span, flags].allSatisfy({ $0.allSatisfy(TraceContext.isDigit) }) else { return nil }
        // Version 00 ends here; later ones may say more, behind a hyphen. Version ff is none.
        guard !version.elementsEqual("ff".utf8) else { return nil }
        if bytes.count > 55 { guard !version.elementsEqual("00".utf8), bytes[55] == UInt8(ascii: "-") else { return nil } }
        guard [trace, span].allSatisfy({ $0.contains { $0 != UInt8(ascii: "0") } }) else { return nil }
        traceID = String(decoding: trace, as: UTF8.self)
        spanID = String(decoding: span, as: UTF8.self)
        isSampled = (TraceContext.value(flags[54]) & 1) == 1
    }

    /// Capitals are not allowed there.
    private static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6
    }

    private static func value(_ digit: UInt8) -> UInt8 {
        digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
    }
}
