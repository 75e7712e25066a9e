import Testing
import Tracing

@testable import Traces

/// `traceparent` and `tracestate`, as the standard and as strangers write them.
struct SpanContextTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let span = "b7ad6b7169203331"

    @Test(arguments: [
        ("00-\(trace)-\(span)-01", true, "00-\(trace)-\(span)-01"), ("00-\(trace)-\(span)-00", false, "00-\(trace)-\(span)-00"),
        // Flags that nobody knows yet are not passed on; that of a random number is.
        ("00-\(trace)-\(span)-ff", true, "00-\(trace)-\(span)-03"), ("00-\(trace)-\(span)-02", false, "00-\(trace)-\(span)-02"),
        ("cc-\(trace)-\(span)-0b-more", true, "00-\(trace)-\(span)-03"), ("01-\(trace)-\(span)-01", true, "00-\(trace)-\(span)-01"),
    ])
    func parents(header: String, isSampled: Bool, passedOn: String) throws {
        let context = try #require(SpanContext(parent: header))
        #expect((context.traceID.description, context.spanID.description) == (Self.trace, Self.span))
        #expect(context.isSampled == isSampled && context.isRemote && context.parent == passedOn)
    }

    @Test(arguments: [
        "", "00", "-", "00-\(trace)-\(span)-01-more", "00-\(trace)-\(span)-01-", "ff-\(trace)-\(span)-01",
        "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01", "00-\(trace.uppercased())-\(span)-01",
        "00-\(trace)_\(span)-01", "00-\(trace)-\(span)-0g", "cc-\(trace)-\(span)-01more", "0x-\(trace)-\(span)-01", "00-\(trace)-\(span)-+1",
        // Two headers arrive as one.
        "00-\(trace)-\(span)-01, 00-\(trace)-\(span)-01", " 00-\(trace)-\(span)-01", "00-\(trace)-\(span)-01\u{0}",
        "00-\(trace.dropLast())é-\(span)-01", "cc-\(trace)-\(span)-01-" + String(repeating: "x", count: 1_000),
    ])
    func noParents(header: String) { #expect(SpanContext(parent: header) == nil) }

    @Test(arguments: [
        ("", ""), ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        (" a=1 ,\tb=2\t, ,c= d", "a=1,b=2,c= d"), ("fw529a3039@dt=FfYwNTQ2", "fw529a3039@dt=FfYwNTQ2"), ("1a@b=x", "1a@b=x"),
        ("a_-*/9=!~", "a_-*/9=!~"),
    ])
    func states(header: String, passedOn: String) { #expect(TraceState(header).text == passedOn) }

    /// All of it goes where one member breaks the rules; the trace goes on.
    @Test(arguments: [
        "A=1", "1a=1", "a", "=1", "a=1,a=2", "a=b=c", "a=\u{7F}", "a=é", "a@=1", "@a=1", "a@b@c=1", "a@1b=1", "a@bcdefghijklmnop=1", "a b=1",
        "a=1\u{1}",
        String(repeating: "k", count: 257) + "=1", "a=" + String(repeating: "v", count: 257), (0..<33).map { "k\($0)=1" }.joined(separator: ","),
        String(repeating: "a=1,", count: 10_000),
    ])
    func brokenStates(header: String) throws {
        #expect(TraceState(header).text == "")
        let context = try #require(SpanContext(parent: "00-\(Self.trace)-\(Self.span)-01", state: header))
        #expect(context.state == TraceState() && context.isSampled)
    }

    /// Of what is too long, whole members stay, the newest first.
    @Test func longStates() {
        let members = (0..<32).map { "k\($0)=" + String(repeating: "v", count: 40) }
        let text = TraceState(members.joined(separator: ",")).text
        #expect(text.utf8.count <= 512 && text.split(separator: ",").map(String.init) == Array(members.prefix(11)))
    }
}
