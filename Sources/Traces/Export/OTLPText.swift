internal import Tracing

/// Spans as OTLP writes them in JSON: identifiers in hexadecimal, kinds and codes as numbers, 64-bit numbers as strings.
///
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding, and trace.proto of OTLP for names and numbers.
struct OTLPText {
    /// Longer values are cut: names come from strangers, and nobody looks up a span by a page of text.
    static let longestValue = 1_024
    /// Attributes of one span, event or link, as the specification's default is.
    static let mostAttributes = 128

    private var text = ""

    /// One request for `/v1/traces`.
    /// - Parameters:
    ///   - resource: who sends them.
    ///   - version: of the program.
    static func request(_ spans: [FinishedSpan], resource: [(key: String, value: String)], version: String) -> [UInt8] {
        var writer = OTLPText()
        writer.text.reserveCapacity(512 + spans.count * 768)
        writer.text += "{\"resourceSpans\":[{\"resource\":{\"attributes\":"
        writer.list(resource) { $0.attribute($1.key, .string($1.value)) }
        writer.text += "},\"scopeSpans\":[{\"scope\":{\"name\":\"demarc\",\"version\":"
        JSONString.quote(version, to: &writer.text)
        writer.text += "},\"spans\":"
        writer.list(spans) { $0.span($1) }
        writer.text += "}]}]}"
        return Array(writer.text.utf8)
    }

    private mutating func span(_ span: FinishedSpan) {
        text += "{\"traceId\":\"\(span.context.traceID)\",\"spanId\":\"\(span.context.spanID)\""
        state(span.context)
        if let parent = span.parent { text += ",\"parentSpanId\":\"\(parent.spanID)\"" }
        // Bit 8 says that bit 9 counts: whether the parent is elsewhere.
        let place: UInt32 = 0x100 | (span.parent?.isRemote == true ? 0x200 : 0)
        text += ",\"flags\":\(place | UInt32(span.context.flags)),\"name\":"
        JSONString.quote(span.name, to: &text)
        text += ",\"kind\":\(OTLPText.number(of: span.kind)),\"startTimeUnixNano\":\"\(span.start)\",\"endTimeUnixNano\":\"\(span.end)\""
        attributes(span.attributes)
        if !span.events.isEmpty {
            text += ",\"events\":"
            list(span.events) { writer, event in
                writer.text += "{\"timeUnixNano\":\"\(event.time)\",\"name\":"
                JSONString.quote(event.name, to: &writer.text)
                writer.attributes(event.attributes)
                writer.text += "}"
            }
        }
        if span.dropped.events > 0 { text += ",\"droppedEventsCount\":\(span.dropped.events)" }
        if !span.links.isEmpty {
            text += ",\"links\":"
            list(span.links) { writer, link in
                writer.text += "{\"traceId\":\"\(link.context.traceID)\",\"spanId\":\"\(link.context.spanID)\""
                writer.state(link.context)
                writer.attributes(link.attributes)
                writer.text += "}"
            }
        }
        if span.dropped.links > 0 { text += ",\"droppedLinksCount\":\(span.dropped.links)" }
        status(span.status)
        text += "}"
    }

    private mutating func state(_ context: SpanContext) {
        guard !context.state.text.isEmpty else { return }
        text += ",\"traceState\":"
        JSONString.quote(context.state.text, to: &text)
    }

    private mutating func status(_ status: SpanStatus?) {
        guard let status else { return }
        text += ",\"status\":{\"code\":\(status.code == .ok ? 1 : 2)"
        if let message = status.message {
            text += ",\"message\":"
            JSONString.quote(OTLPText.cut(message), to: &text)
        }
        text += "}"
    }

    // MARK: - Attributes

    private mutating func attributes(_ attributes: SpanAttributes) {
        guard !attributes.isEmpty else { return }
        var sorted: [(key: String, value: SpanAttribute)] = []
        attributes.forEach { sorted.append((key: $0, value: $1)) }
        sorted.sort { $0.key < $1.key }
        text += ",\"attributes\":"
        list(sorted.prefix(OTLPText.mostAttributes)) { $0.attribute($1.key, $1.value) }
        if sorted.count > OTLPText.mostAttributes { text += ",\"droppedAttributesCount\":\(sorted.count - OTLPText.mostAttributes)" }
    }

    private mutating func attribute(_ key: String, _ value: SpanAttribute) {
        text += "{\"key\":"
        JSONString.quote(OTLPText.cut(key), to: &text)
        text += ",\"value\":"
        self.value(value)
        text += "}"
    }

    private mutating func value(_ value: SpanAttribute) {
        switch value {
        case .int32(let number): text += "{\"intValue\":\"\(number)\"}"
        case .int64(let number): text += "{\"intValue\":\"\(number)\"}"
        case .double(let number): double(number)
        case .bool(let truth): text += "{\"boolValue\":\(truth)}"
        case .string(let string): self.string(string)
        case .stringConvertible(let object): string("\(object)")
        case .int32Array(let items): array(items.map { .int32($0) })
        case .int64Array(let items): array(items.map { .int64($0) })
        case .doubleArray(let items): array(items.map { .double($0) })
        case .boolArray(let items): array(items.map { .bool($0) })
        case .stringArray(let items): array(items.map { .string($0) })
        case .stringConvertibleArray(let items): array(items.map { .string("\($0)") })
        // The enumeration asks for it; it has no other case that can be made.
        default: string("")
        }
    }

    private mutating func string(_ string: String) {
        text += "{\"stringValue\":"
        JSONString.quote(OTLPText.cut(string), to: &text)
        text += "}"
    }

    /// Protobuf's JSON has strings for what JSON has no number for.
    private mutating func double(_ number: Double) {
        let plain =
            number.isNaN ? "\"NaN\"" : number == .infinity ? "\"Infinity\"" : number == -.infinity ? "\"-Infinity\"" : "\(number)"
        text += "{\"doubleValue\":\(plain)}"
    }

    private mutating func array(_ items: [SpanAttribute]) {
        text += "{\"arrayValue\":{\"values\":"
        list(items.prefix(OTLPText.mostAttributes)) { $0.value($1) }
        text += "}}"
    }

    private mutating func list<Items: Collection>(_ items: Items, _ write: (inout OTLPText, Items.Element) -> Void) {
        text += "["
        var isFirst = true
        for item in items {
            if !isFirst { text += "," }
            isFirst = false
            write(&self, item)
        }
        text += "]"
    }

    private static func number(of kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    static func cut(_ string: String) -> String {
        string.utf8.count <= longestValue ? string : String(decoding: string.utf8.prefix(longestValue), as: UTF8.self) + "…"
    }
}
