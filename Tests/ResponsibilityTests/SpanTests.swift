import Responsibility
import Testing

struct SpanTests {
    @Test(arguments: [("90d", 7_776_000), ("12h", 43_200), ("30m", 1_800), ("1d", 86_400), ("36525d", 3_155_760_000)] as [(String, Int64)])
    func readsSpans(text: String, seconds: Int64) {
        #expect(Span(text)?.seconds == seconds)
        #expect(Span(text)?.description == text)
    }

    @Test func writesSpansInTheLargestUnitThatFits() {
        #expect(Span(seconds: 172_800).description == "2d")
        #expect(Span(seconds: 90_000).description == "25h")
        #expect(Span(seconds: 90).description == "1m")
    }

    @Test(arguments: ["", "d", "0d", "-1d", "1.5d", "90", "90D", "90 d", "1d12h", "36526d", "999999999d", "١d"])
    func refusesWhatIsNoSpan(text: String) {
        #expect(Span(text) == nil)
    }
}
