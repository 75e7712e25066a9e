import ClusterSupport
import Documents
import Foundation
import Testing

/// Demarc must read what kubectl and the API server read, since any difference is a way around a control.
struct KubectlTests {
    @Test(arguments: KubectlCase.all)
    func readsAsKubectl(_ example: KubectlCase) throws {
        let parsed = DocumentTree.parse(example.manifest)
        guard let json = example.json else {
            let isLost = parsed.problems.contains { $0.losesDocument }
            #expect(isLost && parsed.tree.roots.isEmpty, "kubectl refuses this: \(parsed.problems)")
            return
        }
        let root = try #require(parsed.tree.roots.first, "\(parsed.problems)")
        #expect([Canonical(root["a"])] == Canonical.json(json))
        let isLost = parsed.problems.contains { $0.losesDocument }
        #expect(!isLost, "\(parsed.problems)")
    }
}

/// Asks a real kubectl: offline, but a process for each case.
@Suite(.enabled(if: ClusterTools.kubectl != nil, "run scripts/setup.sh --test, or set DEMARC_KUBECTL to the path of a kubectl"))
struct KubectlOracleTests {
    @Test(arguments: KubectlCase.all)
    func tableIsRight(_ example: KubectlCase) throws {
        let read = try Kubectl.read(example.manifest)
        #expect(read?.first?["a"] == example.json.flatMap { Canonical.json($0).first })
    }

    /// Pieces of YAML in random order: where kubectl reads something, Demarc reads the same or says that it cannot.
    /// `DEMARC_KUBECTL_CASES` sets how many, `DEMARC_KUBECTL_SEED` which.
    @Test func readsRandomDocumentsAsKubectl() throws {
        let setting = ProcessInfo.processInfo.environment
        var random = Seeded(state: setting["DEMARC_KUBECTL_SEED"].flatMap(UInt64.init) ?? 1)
        var (agreed, refused, stricter) = (0, 0, 0)
        for _ in 0..<(setting["DEMARC_KUBECTL_CASES"].flatMap(Int.init) ?? 200) {
            let example = KubectlCase(RandomYAML.make(using: &random), nil)
            let parsed = DocumentTree.parse(example.manifest)
            guard let expected = try Kubectl.read(example.manifest) else {
                refused += 1
                continue
            }
            if parsed.problems.contains(where: \.losesDocument) {
                stricter += 1
                print("stricter than kubectl: \(example) \(parsed.problems.map(\.message))")
            } else {
                agreed += 1
                #expect(parsed.tree.roots.filter(\.exists).map { Canonical($0)["a"] } == expected.map { $0["a"] }, "\(example)")
            }
        }
        print("kubectl and Demarc agree on \(agreed) documents, \(refused) are refused by kubectl, \(stricter) by Demarc alone")
    }
}

enum Kubectl {
    /// What kubectl read, nil when it refused.
    static func read(_ manifest: String) throws -> [Canonical]? {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("demarc-kubectl-\(UUID().uuidString).yaml")
        try Data(manifest.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: ClusterTools.kubectl ?? "/usr/bin/kubectl")
        process.arguments = ["label", "--local", "-f", file.path, "-o", "json", "asked=yes"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? Canonical.json(String(decoding: text, as: UTF8.self)) : nil
    }
}

/// Numbers that come again with the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Documents that are mostly YAML and a little wrong.
enum RandomYAML {
    static func make(using random: inout Seeded) -> String {
        var text = Bool.random(using: &random) ? value(depth: 3, indent: 1, &random) : flow(depth: 3, &random)
        for _ in 0..<Int.random(in: 0...2, using: &random) { text = mutate(text, &random) }
        return text
    }

    private static func scalar(_ random: inout Seeded) -> String {
        if Int.random(in: 0..<3, using: &random) == 0 {
            let letters = Array("0123456789+-._eExobyYnNtTfF~:")
            return String((0..<Int.random(in: 1...5, using: &random)).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
        }
        let words = [
            "a", "b", "yes", "No", "on", "~", "null", "1", "010", "1.5", "1e3", "0x1f", "'q'", "\"d\\n\"", "\"\\u00e9\"", "x y", "x:y", "a#b", "é",
            "<<", "*x",
            "&x a", "&y 1", "! 1", "!!str 1", "!!int 7", "!t z", "2001-01-01", "-", "?", ":", "|", ">", "1_0", ".5", ".inf", "\"\"", "''", "-a", "=",
            "%",
        ]
        return words[Int.random(in: 0..<words.count, using: &random)]
    }

    private static func flow(depth: Int, _ random: inout Seeded) -> String {
        let count = Int.random(in: 0...3, using: &random)
        switch depth > 0 ? Int.random(in: 0..<3, using: &random) : 0 {
        case 1: return "[" + (0..<count).map { _ in flow(depth: depth - 1, &random) }.joined(separator: ", ") + "]"
        case 2:
            return (Int.random(in: 0..<4, using: &random) == 0 ? "&x " : "") + "{"
                + (0..<count).map { _ in key(&random) + ": " + flow(depth: depth - 1, &random) }.joined(separator: ", ") + "}"
        default: return scalar(&random)
        }
    }

    private static func key(_ random: inout Seeded) -> String {
        Int.random(in: 0..<6, using: &random) == 0 ? "<<" : scalar(&random)
    }

    private static func value(depth: Int, indent: Int, _ random: inout Seeded) -> String {
        let space = String(repeating: "  ", count: indent)
        let count = Int.random(in: 1...3, using: &random)
        switch depth > 0 ? Int.random(in: 0..<5, using: &random) : 0 {
        case 1: return "\n" + (0..<count).map { _ in space + "- " + value(depth: depth - 1, indent: indent + 1, &random) }.joined(separator: "\n")
        case 2, 3:
            let anchor = Int.random(in: 0..<4, using: &random) == 0 ? "&x" : ""
            return anchor + "\n"
                + (0..<count).map { _ in space + key(&random) + ": " + value(depth: depth - 1, indent: indent + 1, &random) }.joined(separator: "\n")
        case 4: return "|\n" + (0..<count).map { _ in space + scalar(&random) }.joined(separator: "\n")
        default: return flow(depth: 1, &random)
        }
    }

    private static func mutate(_ text: String, _ random: inout Seeded) -> String {
        var characters = Array(text)
        let pieces = Array("\n :-?,[]{}#&*!|>'\"%@`\t\r~<é\u{85}") + ["\n---\n", "\n...\n", "  ", ": ", "- ", "? ", "\\u"].flatMap { Array($0) }
        let place = Int.random(in: 0...characters.count, using: &random)
        if Bool.random(using: &random), place < characters.count {
            characters.remove(at: place)
        } else {
            characters.insert(pieces[Int.random(in: 0..<pieces.count, using: &random)], at: place)
        }
        return String(characters)
    }
}
