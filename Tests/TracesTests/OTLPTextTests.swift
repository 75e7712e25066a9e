import Documents
import Foundation
import Testing
import Tracing

@testable import Traces

/// Spans as the specification's examples show them.
struct OTLPTextTests {
    private func span(
        _ name: String = "I'm a server span", kind: SpanKind = .server, attributes: SpanAttributes = [:], events: [FinishedSpan.Event] = [],
        links: [FinishedSpan.Link] = [], status: SpanStatus? = nil, hasParent: Bool = true
    ) throws -> FinishedSpan {
        let parent = try #require(SpanContext(parent: "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b173-01"))
        let own = SpanContext(traceID: parent.traceID, spanID: try #require(SpanID(0xEEE1_9B7E_C3C1_B174)), isSampled: true)
        return FinishedSpan(
            context: own, parent: hasParent ? parent : nil, name: name, kind: kind, start: 1_544_712_660_000_000_000, end: 1_544_712_661_000_000_000,
            attributes: attributes, events: events, links: links, status: status, dropped: .init())
    }

    private func text(_ spans: FinishedSpan...) -> String {
        String(decoding: OTLPText.request(spans, resource: [("service.name", "my.service")], version: "1.0.0"), as: UTF8.self)
    }

    /// The shape of `examples/trace.json` of opentelemetry-proto: identifiers as hexadecimal, the kind as a number, times as strings.
    @Test func example() throws {
        #expect(
            text(try span(attributes: ["my.span.attr": "some value"])) == """
                {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"my.service"}}]},"scopeSpans":[{"scope":\
                {"name":"demarc","version":"1.0.0"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",\
                "parentSpanId":"eee19b7ec3c1b173","flags":769,"name":"I'm a server span","kind":2,"startTimeUnixNano":"1544712660000000000",\
                "endTimeUnixNano":"1544712661000000000","attributes":[{"key":"my.span.attr","value":{"stringValue":"some value"}}]}]}]}]}
                """)
    }

    @Test(arguments: [
        ("text" as SpanAttribute, #"{"stringValue":"text"}"#), (.int32(-7), #"{"intValue":"-7"}"#),
        (.int64(.max), #"{"intValue":"9223372036854775807"}"#),
        (.double(0.5), #"{"doubleValue":0.5}"#), (.double(.infinity), #"{"doubleValue":"Infinity"}"#), (.double(.nan), #"{"doubleValue":"NaN"}"#),
        (.bool(true), #"{"boolValue":true}"#), (.stringArray(["a", "b"]), #"{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}"#),
        (.int64Array([1]), #"{"arrayValue":{"values":[{"intValue":"1"}]}}"#), (.boolArray([]), #"{"arrayValue":{"values":[]}}"#),
        (.doubleArray([1]), #"{"arrayValue":{"values":[{"doubleValue":1.0}]}}"#),
        (.int32Array([2]), #"{"arrayValue":{"values":[{"intValue":"2"}]}}"#),
    ])
    func values(value: SpanAttribute, written: String) throws {
        #expect(text(try span(attributes: SpanAttributes(["k": value]))).contains(#""attributes":[{"key":"k","value":\#(written)}]"#))
    }

    @Test(arguments: zip([SpanKind.internal, .server, .client, .producer, .consumer], 1...5))
    func kinds(kind: SpanKind, number: Int) throws { #expect(text(try span(kind: kind)).contains("\"kind\":\(number),")) }

    @Test func therest() throws {
        let other = try #require(SpanContext(parent: "00-\(SpanContextTests.trace)-\(SpanContextTests.span)-01", state: "a=1"))
        let written = text(
            try span(
                events: [.init(name: "e", time: 5, attributes: ["n": 1])], links: [.init(context: other, attributes: [:])],
                status: SpanStatus(code: .error, message: "why"), hasParent: false))
        for part in [
            #""events":[{"timeUnixNano":"5","name":"e","attributes":[{"key":"n","value":{"intValue":"1"}}]}]"#,
            #""links":[{"traceId":"\#(SpanContextTests.trace)","spanId":"\#(SpanContextTests.span)","traceState":"a=1"}]"#,
            #""status":{"code":2,"message":"why"}"#, #""flags":257,"#,
        ] { #expect(written.contains(part), "\(part)") }
        #expect(!written.contains("parentSpanId"))
        #expect(text(try span(status: SpanStatus(code: .ok))).contains(#""status":{"code":1}"#))
    }

    /// Whatever a name holds, it stays one string of a document that others can read.
    @Test(arguments: [
        "\"},{\"", "\\", "\u{0}\u{1F}\u{7F}", "\u{2028}", "é\u{1F600}", String(repeating: "x", count: 100_000), String(repeating: "é", count: 600),
    ])
    func hostileStrings(string: String) throws {
        let bytes = OTLPText.request(
            [try span(string, attributes: SpanAttributes([string: .string(string)]))], resource: [(string, string)], version: string)
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let resource = try #require((parsed["resourceSpans"] as? [[String: Any]])?.first?["resource"] as? [String: Any])
        let attribute = try #require((resource["attributes"] as? [[String: Any]])?.first)
        let value = try #require((attribute["value"] as? [String: Any])?["stringValue"] as? String)
        #expect(value == OTLPText.cut(string) && value.utf8.count <= OTLPText.longestValue + 6)
    }

    @Test func manyAttributesAreCounted() throws {
        let many = SpanAttributes(Dictionary(uniqueKeysWithValues: (0..<130).map { ("k\($0)", SpanAttribute.int64(Int64($0))) }))
        let written = text(try span(attributes: many))
        #expect(written.contains("\"droppedAttributesCount\":2") && written.components(separatedBy: "intValue").count == 129)
    }
}
