import Documents
import Testing

@testable import KubernetesClient

struct RetryTests {
    private static let now = Timestamp("1994-11-06T08:49:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("999999999", 86_400), ("-1", nil), ("+1", nil), ("", nil), ("soon", nil), ("1.5", nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sun, 06 Nov 1994 08:48:37 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
            ("Sun, 31 Feb 1994 08:49:37 GMT", nil), ("99999999999999999999", nil),
        ] as [(String, Int?)])
    func retryAfterIsSecondsOrADate(header: String, seconds: Int?) {
        #expect(RetryPolicy.retryAfter(header, now: Self.now) == seconds.map { .seconds($0) })
    }

    private static let transient = ClusterError(.unreachable, "cut", isTransient: true)
    private static let busy = ClusterError(.tooManyRequests, "busy", isTransient: true)

    @Test func waitsGrowAndAreSpread() {
        let policy = RetryPolicy(attempts: 20)
        func wait(_ attempt: Int, _ chance: Double) -> Duration? {
            policy.delay(after: Self.transient, attempt: attempt, isIdempotent: true, chance: chance)
        }
        #expect(wait(1, 0) == .milliseconds(125))
        #expect(wait(1, 1) == .milliseconds(250))
        #expect(wait(2, 1) == .milliseconds(500))
        #expect(wait(6, 1) == .seconds(8))
        #expect(wait(19, 1) == .seconds(8))
        #expect(wait(20, 1) == nil)
    }

    @Test func onlyWhatDoesNoHarmIsRepeated() {
        let policy = RetryPolicy()
        #expect(policy.delay(after: Self.transient, attempt: 1, isIdempotent: false, chance: 0) == nil)
        #expect(policy.delay(after: Self.busy, attempt: 1, isIdempotent: false, chance: 0) != nil)
        #expect(policy.delay(after: ClusterError(.forbidden, "no"), attempt: 1, isIdempotent: true, chance: 0) == nil)
    }

    @Test func neverBeforeTheServerAsksFor() {
        let policy = RetryPolicy()
        let asked = ClusterError(.tooManyRequests, "busy", retryAfter: .seconds(3), isTransient: true)
        #expect(policy.delay(after: asked, attempt: 1, isIdempotent: true, chance: 0) == .seconds(3))
        #expect(policy.delay(after: asked, attempt: 1, isIdempotent: true, chance: 1) == .milliseconds(3_250))
        let long = ClusterError(.tooManyRequests, "busy", retryAfter: .seconds(61), isTransient: true)
        #expect(policy.delay(after: long, attempt: 1, isIdempotent: true, chance: 0) == nil)
    }

    @Test func aBucketLetsABurstThroughAndThenItsRate() {
        var bucket = TokenBucket(rate: 10, burst: 2)
        #expect([0, 0, 0, 0].map { bucket.take(at: $0) } == [0, 0, 0.1, 0.2])
        // A second later it is full again, and never fuller.
        #expect([10, 10, 10].map { bucket.take(at: $0) } == [0, 0, 0.1])
        // A clock that runs backwards gives nothing away.
        #expect(bucket.take(at: 0) == 0.2)
    }
}

struct ListCursorTests {
    private static let old = ClusterError(.gone, "old")

    @Test func goesOnToTheEnd() {
        var cursor = ListCursor(limit: 10)
        #expect(cursor.step == .ask(limit: 10, continueToken: nil))
        cursor.took(next: "a")
        #expect(cursor.step == .ask(limit: 10, continueToken: "a"))
        cursor.took(next: "")
        #expect(cursor.step == .done)
    }

    @Test func beginsAnewAFewTimes() {
        var cursor = ListCursor(limit: 10)
        let first = cursor.failed(Self.old)
        #expect(!first, "a list that has not begun has nothing to begin anew")
        for round in 1...2 {
            cursor.took(next: "a")
            let again = cursor.failed(Self.old)
            #expect(again && cursor.restarts == round && cursor.step == .ask(limit: 10, continueToken: nil))
        }
        cursor.took(next: "a")
        let third = cursor.failed(Self.old)
        #expect(!third)
    }

    @Test func takesWhatTheServerOffersOnce() {
        var cursor = ListCursor(limit: 10)
        cursor.took(next: "a")
        let offer = ClusterError(.gone, "old", isTransient: false, inconsistentContinue: "b")
        let goesOn = cursor.failed(offer)
        #expect(goesOn && cursor.isInconsistent && cursor.restarts == 0 && cursor.step == .ask(limit: 10, continueToken: "b"))
        // The same offer again leads nowhere.
        let again = cursor.failed(offer)
        #expect(again && cursor.restarts == 1)
    }

    @Test func shrinksPagesDownToOneObject() {
        var cursor = ListCursor(limit: 500)
        var limits: [Int] = []
        while cursor.failed(ClusterError(.tooLarge, "large")) { limits.append(cursor.limit) }
        #expect(limits == [125, 31, 7, 1])
    }

    @Test(arguments: [ClusterError.Kind.forbidden, .unreachable, .notFound, .malformed])
    func nothingElseIsWorthAnotherTry(kind: ClusterError.Kind) {
        var cursor = ListCursor(limit: 10)
        cursor.took(next: "a")
        let goesOn = cursor.failed(ClusterError(kind, "no"))
        #expect(!goesOn)
    }
}

struct ListTextTests {
    private static func cut(_ text: String, key: StaticString = "items") -> (items: [String], envelope: String)? {
        let bytes = Array(text.utf8)
        guard let list = ListText(bytes, key: key) else { return nil }
        return (list.items.map { String(decoding: bytes[$0], as: UTF8.self) }, String(decoding: list.envelope, as: UTF8.self))
    }

    @Test(arguments: [
        (
            #"{"kind":"PodList","items":[{"a":"}"},{"b":[1,{"c":"\"]"}]}],"z":1}"#, [#"{"a":"}"}"#, #"{"b":[1,{"c":"\"]"}]}"#],
            #"{"kind":"PodList","items":[],"z":1}"#
        ),
        (#" { "items" : [ {} , 7 ] , "metadata" : { "items" : [1] } } "#, ["{}", "7 "], #" { "items" : [] , "metadata" : { "items" : [1] } } "#),
        (#"{"items":[]}"#, [], #"{"items":[]}"#),
        (#"{"items":null,"a":"items"}"#, [], #"{"items":null,"a":"items"}"#),
        (#"{"metadata":{"items":[{}]}}"#, [], #"{"metadata":{"items":[{}]}}"#),
        (#"{"a":"items","b":[]}"#, [], #"{"a":"items","b":[]}"#),
        ("{}", [], "{}"),
    ])
    func isCutIntoItsItems(text: String, items: [String], envelope: String) throws {
        let cut = try #require(Self.cut(text))
        #expect(cut.items == items)
        #expect(cut.envelope == envelope)
    }

    @Test(arguments: [
        "", "[", "{", #"{"items":["#, #"{"items":[{]}"#, #"{"items":[{}"#, #"{"a"#, #"{"a":"\"#, #"{"a" 1}"#, #"{"items":[{},]"#, "{1:2}",
    ])
    func whatEndsTooEarlyIsNoList(text: String) {
        #expect(Self.cut(text) == nil)
    }

    /// Cut anywhere, a list never crashes, and is never taken for a shorter one.
    @Test func everyPrefixOfAListIsNone() {
        let text = Array(#"{"kind":"PodList","items":[{"a":"\\"},{"b":[1,{"c":"\"]"}]}],"metadata":{"continue":"x"}}"#.utf8)
        for count in 0..<text.count { #expect(ListText(Array(text[..<count])) == nil) }
        #expect(ListText(text)?.items.count == 2)
    }
}
