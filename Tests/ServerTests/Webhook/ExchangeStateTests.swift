import NIOCore
import Testing

@testable import Server

/// Who waits for whom, without a socket and without waiting.
@Suite struct ExchangeStateTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private static func state(isHTTP2: Bool = false) -> ExchangeState {
        var settings = WebhookSettings()
        (settings.firstRequestTime, settings.bodyTime, settings.answerTime) = (.seconds(30), .seconds(10), .seconds(60))
        (settings.idleTime, settings.lingerTime) = (.seconds(120), .seconds(2))
        return ExchangeState(settings, isHTTP2: isHTTP2, now: start)
    }

    /// `#expect` takes no calls that change something.
    private func expect<Value: Equatable>(_ value: Value, _ expected: Value, at location: SourceLocation = #_sourceLocation) {
        #expect(value == expected, sourceLocation: location)
    }

    @Test func eachWaitHasItsTime() {
        var state = Self.state()
        #expect(state.deadline == Self.start + .seconds(30))
        expect(state.head(asksToClose: false, now: Self.start + .seconds(20)), true)
        #expect(state.deadline == Self.start + .seconds(30))
        expect(state.end(now: Self.start + .seconds(25)), true)
        #expect(state.deadline == Self.start + .seconds(85))
        expect(state.answer(saysClose: false, isDraining: false), false)
        expect(state.answered(now: Self.start + .seconds(26)), .goOn)
        #expect(state.deadline == Self.start + .seconds(146))
        expect(state.waiting(now: Self.start + .seconds(145)), .until(Self.start + .seconds(146)))
        expect(state.waiting(now: Self.start + .seconds(146)), .tooLong)
    }

    @Test func aLateBodyIsAnsweredOnce() {
        var state = Self.state()
        expect(state.head(asksToClose: false, now: Self.start), true)
        expect(state.waiting(now: Self.start + .seconds(9)), .until(Self.start + .seconds(10)))
        expect(state.waiting(now: Self.start + .seconds(10)), .bodyTooLate)
        expect(state.waiting(now: Self.start + .seconds(11)), .until(Self.start + .seconds(12)))
        // Nobody answered.
        expect(state.waiting(now: Self.start + .seconds(12)), .tooLong)
    }

    @Test func theLastOfThoseSentAheadSaysClose() {
        var state = Self.state()
        for _ in 0..<3 {
            expect(state.head(asksToClose: false, now: Self.start), true)
            expect(state.end(now: Self.start), true)
        }
        for isLast in [false, false, true] {
            expect(state.answer(saysClose: false, isDraining: true), isLast)
            expect(state.answered(now: Self.start), (isLast ? .linger : .goOn))
        }
        // What comes now belongs to nobody.
        expect(state.head(asksToClose: false, now: Self.start), false)
        #expect(!state.takesBody)
    }

    @Test func nothingFollowsAfterClose() {
        var state = Self.state()
        expect(state.head(asksToClose: true, now: Self.start), true)
        #expect(state.takesBody)
        expect(state.end(now: Self.start), true)
        expect(state.head(asksToClose: false, now: Self.start), false)
        expect(state.end(now: Self.start), false)
        expect(state.answer(saysClose: false, isDraining: false), true)
        expect(state.answered(now: Self.start), .linger)
    }

    /// An answer before the end of the request, on both protocols.
    @Test(arguments: [false, true])
    func anEarlyAnswer(isHTTP2: Bool) {
        var state = Self.state(isHTTP2: isHTTP2)
        expect(state.head(asksToClose: false, now: Self.start), true)
        expect(state.answer(saysClose: true, isDraining: false), true)
        expect(state.answered(now: Self.start), .linger)
        #expect(!state.takesBody)
        expect(state.waiting(now: Self.start + .seconds(2)), .tooLong)
    }

    @Test func stoppingWaitsForWhatIsAsked() {
        var idle = Self.state()
        expect(idle.quiesce(now: Self.start), .linger)
        var busy = Self.state()
        expect(busy.head(asksToClose: false, now: Self.start), true)
        expect(busy.end(now: Self.start), true)
        // The head of the answer is out already, without a word of closing.
        expect(busy.answer(saysClose: false, isDraining: false), false)
        expect(busy.quiesce(now: Self.start), .goOn)
        expect(busy.answered(now: Self.start), .linger)
    }

    @Test func aClientThatClosesItsSideIsAnswered() {
        var state = Self.state()
        expect(state.head(asksToClose: false, now: Self.start), true)
        expect(state.end(now: Self.start), true)
        expect(state.inputClosed(), false)
        expect(state.answer(saysClose: false, isDraining: false), true)
        expect(state.answered(now: Self.start), .linger)
        var idle = Self.state()
        expect(idle.inputClosed(), true)
    }
}
