import Documents
import Foundation
import Testing

/// Replays what fuzzing started from and what it once broke on (`Fuzz/Seeds`, `Fuzz/Kept`). A case that crashes ends the
/// whole run, and its name is in the last line.
struct KeptCaseTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fuzz")

    static let files: [String] = {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { ($0.hasPrefix("Seeds/") || $0.hasPrefix("Kept/")) && $0.split(separator: "/").count == 3 && !$0.hasSuffix(".gitkeep") }
            .sorted()
    }()

    @Test func thereAreSeeds() {
        #expect(Self.files.count { $0.hasPrefix("Seeds/") } >= 10)
    }

    @Test(.timeLimit(.minutes(10)), arguments: files)
    func isReadWithoutHarm(file: String) throws {
        let bytes = Array(try Data(contentsOf: Self.folder.appendingPathComponent(file)))
        for syntax in [nil, Syntax.yaml, Syntax.json] {
            let parsed = DocumentTree.parse(bytes, source: file, syntax: syntax, limits: Limits(depth: 100, nodes: 100_000, expandedNodes: 10_000))
            for root in parsed.tree.roots { #expect(DocumentTree.parse(root.jsonText).tree.roots.map(Canonical.init) == [Canonical(root)]) }
        }
    }
}
