import ClusterSupport
import Documents
import Testing

@testable import KubernetesClient

struct WatchStateTests {
    private static func line(_ text: String) -> WatchState.Line { WatchState.line(Array(text.utf8), purpose: "watch pods") }

    private static func event(_ type: String, _ name: String, _ version: Int) -> String {
        #"{"type":"\#(type)","object":{"metadata":{"name":"\#(name)","resourceVersion":"\#(version)"}}}"#
    }

    private static func word(_ event: WatchEvent?) -> String {
        switch event {
        case .beginsAnew: "anew"
        case .present(let object): "+\(object["metadata"]["name"].text)"
        case .unreadable(let object): "?\(object.namespace)/\(object.name)"
        case .deleted(let object): "-\(object["metadata"]["name"].text)"
        case .listed(let version): "=\(version)"
        case nil: "nothing"
        }
    }

    @Test func eachEventMovesItOn() throws {
        var state = WatchState()
        #expect(state.step == .list)
        state.listed(resourceVersion: "5")
        #expect(state.step == .watch(from: "5"))
        #expect(Self.word(try state.took(Self.line(Self.event("ADDED", "a", 6)))) == "+a")
        #expect(Self.word(try state.took(Self.line(Self.event("MODIFIED", "a", 7)))) == "+a")
        #expect(Self.word(try state.took(Self.line(Self.event("DELETED", "a", 8)))) == "-a")
        #expect(Self.word(try state.took(Self.line(#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12"}}}"#))) == "nothing")
        #expect(state.step == .watch(from: "12"))
    }

    @Test(arguments: [
        (#"{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}"#, WatchState.Step.list),
        (#"{"type":"ERROR","object":{"kind":"Status","code":500}}"#, .watch(from: "5")), (#"{"type":"NEWS","object":{}}"#, .list),
        ("{", .list), ("7", .list), ("{} {}", .list), (#"{"type":"ADDED","object":7}"#, .list),
    ])
    func afterAFaultItGoesOnWhereItCan(line: String, step: WatchState.Step) throws {
        var state = WatchState(from: "5")
        guard case .failed(let error) = Self.line(line) else { return #expect(Bool(false), "\(line) is a fault") }
        try state.failed(error)
        #expect(state.step == step)
        #expect(state.failures == 1)
    }

    @Test(arguments: [ClusterError.Kind.forbidden, .unauthorized, .notFound, .credential])
    func whatWaitingDoesNotMendEndsIt(kind: ClusterError.Kind) {
        var state = WatchState(from: "5")
        #expect(throws: ClusterError.self) { try state.failed(ClusterError(kind, "no")) }
    }

    @Test func itWaitsLongerAfterEachFailure() throws {
        var state = WatchState(from: "5")
        #expect(state.delay(chance: 1) == .zero)
        var delays: [Duration] = []
        for _ in 0..<12 {
            try state.failed(ClusterError(.unreachable, "cut"))
            delays.append(state.delay(chance: 1))
        }
        #expect(delays.prefix(3) == [.milliseconds(200), .milliseconds(400), .milliseconds(800)])
        #expect(delays.last == .seconds(30))
        _ = try state.took(Self.line(Self.event("ADDED", "a", 6)))
        #expect(state.delay(chance: 1) == .zero)
    }

    /// A list that succeeds does not mend a line that cannot be read: without a pause that grows, each would ask for the next at once.
    @Test(arguments: [ClusterError.Kind.malformed, .tooLarge])
    func listsMadeAnewAreFewerAndFewer(kind: ClusterError.Kind) throws {
        var state = WatchState(from: "5")
        var delays: [Duration] = []
        for _ in 0..<10 {
            try state.failed(ClusterError(kind, "no"))
            delays.append(state.delay(chance: 1))
            #expect(state.step == .list)
            state.listed(resourceVersion: "5")
        }
        #expect(delays.prefix(3) == [.milliseconds(200), .milliseconds(400), .milliseconds(800)] && delays.last == .seconds(30))
        _ = try state.took(Self.line(Self.event("ADDED", "a", 6)))
        #expect(state.delay(chance: 1) == .zero)
    }

    /// Nested deeper than anything that is read.
    private static func deep(_ name: String, _ version: Int) -> String {
        let nested = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        return #"{"metadata":{"labels":{"name":"no"},"name":"\#(name)","namespace":"shop","resourceVersion":"\#(version)"},"spec":\#(nested)}"#
    }

    /// An object that cannot be read is named, and the watch goes on behind it.
    @Test func whatCannotBeReadIsNamed() throws {
        var state = WatchState(from: "5")
        for type in ["ADDED", "MODIFIED"] {
            #expect(Self.word(try state.took(Self.line(#"{"type":"\#(type)","object":\#(Self.deep("a", 6))}"#))) == "?shop/a")
        }
        #expect(state.step == .watch(from: "6") && state.failures == 0)
        guard case .deleted(let gone) = try state.took(Self.line(#"{"type":"DELETED","object":\#(Self.deep("a", 8))}"#)) else {
            return #expect(Bool(false), "it is gone")
        }
        #expect(gone["metadata"]["namespace"].text == "shop" && gone["metadata"]["name"].text == "a")
        #expect(state.step == .watch(from: "8"))
    }

    @Test(arguments: [["a\nb\n"], ["a", "\n", "b\n"], ["a\n\nb", "\n"], ["", "a\nb", "\nc"]])
    func linesAreWholeHoweverTheyArrive(parts: [String]) {
        var buffer = LineBuffer(limit: 10)
        var lines: [String] = []
        for part in parts {
            buffer.append(Array(part.utf8))
            while let line = buffer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        }
        #expect(lines == ["a", "b"])
        #expect(!buffer.isTooLong)
        buffer.append(Array(repeating: 0x78, count: 11))
        #expect(buffer.next() == nil && buffer.isTooLong)
    }

    // MARK: - The shell, with faults that a server shows

    private static let list = #"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a"}}]}"#

    /// The first events of a watch, as words.
    private static func words(_ count: Int, _ server: FakeServer, eventBytes: Int = 1 << 20) async throws -> [String] {
        try await server.client { client in
            var watch = client.watch(ListQuery(TransportTests.list))
            watch.eventBytes = eventBytes
            var words: [String] = []
            for try await event in watch {
                words.append(Self.word(event))
                if words.count == count { break }
            }
            return words
        }
    }

    @Test func aWatchThatEndsIsResumedWhereItStood() async throws {
        try await FakeServer.running { request, count in
            switch request.query("resourceVersion") {
            case nil: .init(200, Self.list)
            case "5": .init(200, Self.event("ADDED", "b", 6) + "\n" + #"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}"# + "\n")
            case "9" where count < 3: .init(200, Self.event("DELETED", "a", 10) + "\n" + Self.event("ADDED", "c", 11), cutAfter: 80)
            default: .init(200, Self.event("DELETED", "a", 10) + "\n")
            }
        } _: { (server) async throws in
            #expect(try await Self.words(5, server) == ["anew", "+a", "=5", "+b", "-a"])
            #expect(server.requests.dropFirst().allSatisfy { $0.query("allowWatchBookmarks") == "true" && $0.query("watch") == "1" })
        }
    }

    @Test(arguments: [
        #"{"type":"ERROR","object":{"kind":"Status","code":410}}"# + "\n",
        event("ADDED", String(repeating: "x", count: 5_000), 6) + "\n", "what is this\n",
    ])
    func whatIsLostIsToldAnew(body: String) async throws {
        try await FakeServer.running { request, _ in
            request.query("watch") == nil ? .init(200, Self.list) : .init(200, body)
        } _: { (server) async throws in
            #expect(try await Self.words(6, server, eventBytes: 1_000) == ["anew", "+a", "=5", "anew", "+a", "=5"])
        }
    }

    @Test func unreadableItemsOfAListAreNamed() async throws {
        let items = [#"{"metadata":{"name":"a"}}"#, Self.deep("b", 4), "7", #"{"metadata":{"name":"c"}}"#].joined(separator: ",")
        let list = #"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"5"},"items":[\#(items)]}"#
        try await FakeServer.running { request, _ in
            request.query("watch") == nil ? .init(200, list) : .init(200, #"{"type":"ADDED","object":\#(Self.deep("d", 6))}"# + "\n")
        } _: { (server) async throws in
            #expect(try await Self.words(7, server) == ["anew", "+a", "?shop/b", "?/", "+c", "=5", "?shop/d"])
        }
    }

    /// What is left of a line when a watch ends is not the beginning of the next one's.
    @Test func halfALineIsForgotten() async throws {
        try await FakeServer.running { request, count in
            switch count {
            case 0: .init(200, Self.list)
            case 1: .init(200, Self.event("ADDED", "b", 6) + "\n" + #"{"type":"ADD"#)
            case 2: .init(200, "")
            default: .init(200, Self.event("ADDED", "c", 7) + "\n")
            }
        } _: { (server) async throws in
            #expect(try await Self.words(5, server) == ["anew", "+a", "=5", "+b", "+c"])
            #expect(server.requests.dropFirst().map { $0.query("resourceVersion") }.prefix(3) == ["5", "6", "6"])
        }
    }

    @Test func aForbiddenWatchEnds() async throws {
        try await FakeServer.running { request, _ in
            request.query("watch") == nil ? .init(200, Self.list) : .init(403)
        } _: { (server) async throws in
            let error = await #expect(throws: ClusterError.self) { try await Self.words(4, server) }
            #expect(error?.description == "watch pods in the whole cluster: forbidden; grant the verb 'watch' on 'pods' of 'the core API group'")
        }
    }
}
