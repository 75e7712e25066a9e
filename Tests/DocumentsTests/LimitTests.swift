import Documents
import Foundation
import Testing

/// Each limit is kept, named in the message, and reached quickly.
struct LimitTests {
    /// The message of the only problem, which must be a limit.
    private func limit(_ text: String, _ limits: Limits, keeps documents: Int = 0) -> String {
        let parsed = DocumentTree.parse(text, limits: limits)
        #expect(parsed.problems.map(\.reason) == [.limit])
        #expect(parsed.tree.roots.count == documents)
        return parsed.problems.first?.message ?? ""
    }

    @Test func limitsHaveLimits() {
        var limits = Limits(bytes: .max, nodes: .max)
        #expect(limits.bytes == 1 << 30 && limits.nodes == Int(Int32.max))
        limits.bytes = .max
        limits.nodes = .max
        #expect(limits == Limits(bytes: .max, nodes: .max))
    }

    @Test func bytes() {
        #expect(limit("a: 12345678", Limits(bytes: 10)).contains("limit of 10 bytes"))
    }

    @Test(arguments: ["[[[[1]]]]", "{\"a\": {\"b\": {\"c\": {}}}}", "a:\n  b:\n    c:\n      d: 1\n", "- - - - 1\n"])
    func depth(text: String) {
        #expect(limit(text, Limits(depth: 3)).contains("limit of 3"))
        #expect(DocumentTree.parse(text, limits: Limits(depth: 4)).problems.isEmpty)
    }

    @Test func depthOfAliases() {
        let text = "a: &a [[1]]\nb: &b [[*a]]\nc: [[*b]]\n"
        #expect(limit(text, Limits(depth: 6)).contains("limit of 6"))
        #expect(DocumentTree.parse(text, limits: Limits(depth: 7)).problems.isEmpty)
    }

    @Test(arguments: ["[1, 2, 3]", "- 1\n- 2\n- 3\n", "{\"a\": 1, \"b\": 2, \"c\": 3}"])
    func nodes(text: String) {
        #expect(limit(text, Limits(nodes: 3)).contains("limit of 3"))
        #expect(DocumentTree.parse(text, limits: Limits(nodes: 4)).problems.isEmpty)
    }

    @Test func aLimitLosesOneDocumentOnly() {
        #expect(limit("x: 1\n---\nx: [[[1]]]\n---\nx: 3\n", Limits(depth: 2), keeps: 2).contains("depth"))
    }

    @Test(arguments: [
        "a: &a [1, 2]\nb: [*a, *a]\n", "a: &a {x: 1, y: 2}\nb: {<<: *a}\n", "a: &a 1\nb: [*a, *a, *a, *a, *a]\n",
    ])
    func expansion(text: String) {
        #expect(limit(text, Limits(expandedNodes: 4)).contains("limit of 4 nodes"))
        #expect(DocumentTree.parse(text, limits: Limits(expandedNodes: 6)).problems.isEmpty)
    }

    @Test func problems() {
        let text = String(repeating: "x: [\n---\n", count: 500)
        let parsed = DocumentTree.parse(text, limits: Limits(problems: 7))
        #expect(parsed.problems.count == 8)
        #expect(parsed.problems.last?.message.contains("more than 7 problems") == true)
    }

    /// Inputs of a few kilobytes to a megabyte that ask for much more work than they look like.
    static let bombs: [String: String] = [
        "aliases of aliases": "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + (1..<30).map { n in "b\(n): &a\(n) [" + Array(repeating: "*a\(n - 1)", count: 10).joined(separator: ", ") + "]\n" }.joined(),
        "merges of merges": "a: &a0 {k0: x, j0: x}\n"
            + (1..<30).map { n in "b\(n): &a\(n) {k\(n): [*a\(n - 1), *a\(n - 1)], <<: *a\(n - 1)}\n" }.joined(),
        "many merges of many keys": "a: &a {" + (0..<2_000).map { "k\($0): 1" }.joined(separator: ", ") + "}\nb: {<<: ["
            + Array(repeating: "*a", count: 1_000).joined(separator: ", ") + "]}\n",
        "deep flow lists": String(repeating: "[", count: 500_000),
        "deep flow mappings": String(repeating: "{a: ", count: 200_000),
        "deep JSON": String(repeating: "{\"a\":", count: 200_000),
        "deep block lists": String(repeating: "- ", count: 200_000),
        "deep block mappings": (0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        "deep lists, many documents": String(repeating: String(repeating: "[", count: 600) + "\n---\n", count: 1_000),
        "many anchors, many containers": (0..<20_000).map { "k\($0): &a\($0) [{x: 1}]\n" }.joined(),
        "many documents with nothing": String(repeating: "---\n", count: 300_000),
        "many keys of one mapping": (0..<50_000).map { "key-\($0): 1\n" }.joined(),
        "many equal keys": String(repeating: "a: 1\n", count: 50_000),
        "many broken documents": String(repeating: "a: [\n---\n", count: 50_000),
        "a long plain scalar": "a: " + String(repeating: "word ", count: 200_000),
        "a long plain scalar of many lines": "a:\n" + String(repeating: "  word\n", count: 100_000),
        "many tags with non-ASCII text": "a: [" + Array(repeating: "! ä, ü b", count: 30_000).joined(separator: ", ") + "]",
        "many question marks": String(repeating: "? ", count: 100_000),
        "a long comment": "#" + String(repeating: "-", count: 1_000_000) + "\na: 1\n",
        "many dashes": String(repeating: "---a\n", count: 100_000),
        "many directives": String(repeating: "%a\n---\n", count: 20_000) + "a: 1\n",
        "a long escaped string": "{\"a\": \"" + String(repeating: "\\u00e4", count: 200_000) + "\"}",
        "many escaped strings": "{\"a\": [" + Array(repeating: "\"\\n\"", count: 100_000).joined(separator: ",") + "]}",
    ]

    /// What this thread has worked: on a machine that is busy with something else far less than what has passed.
    private static func worked() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    @Test(.timeLimit(.minutes(10)), arguments: bombs.keys.sorted())
    func bombsEndQuickly(name: String) throws {
        let bomb = try #require(LimitTests.bombs[name])
        let before = Self.worked()
        let tree = DocumentTree.parse(bomb)
        let time = Self.worked() - before
        // Generous, since tests run unoptimised; quadratic work takes minutes.
        #expect(time < .seconds(60), "\(name) took \(time)")
        #expect(tree.tree.nodeCount <= 1_600_000)
        if time > .seconds(1) { print("\(name): \(time), \(tree.tree.nodeCount) nodes, \(tree.problems.first?.message ?? "")") }
    }
}
