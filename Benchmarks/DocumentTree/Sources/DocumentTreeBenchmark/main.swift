// Prints how fast sources become trees and how fast trees are read: `swift run -c release DocumentTreeBenchmark [OBJECTS]`.
// Each figure is the best of several runs on one core.
import Documents

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000
let corpus = Corpus(count: count)

/// The shortest time of a few runs, in seconds.
func best(of runs: Int = 7, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let times = (0..<runs).map { _ in clock.measure(body) / .seconds(1) }
    return times.min() ?? 0
}

func rounded(_ number: Double) -> String { number >= 100 ? "\(Int(number))" : "\(Double(Int(number * 10 + 0.5)) / 10)" }

func reportParsing(_ name: String, _ bytes: [UInt8]) {
    let tree = DocumentTree.parse(bytes, source: name).tree
    let seconds = best { _ = DocumentTree.parse(bytes, source: name) }
    let size = Double(bytes.count) / 1e6
    print(
        "\(name): \(rounded(size)) MB, \(tree.roots.count) documents, \(tree.nodeCount) nodes, \(rounded(Double(tree.memory) / 1e6)) MB kept:",
        "\(rounded(size / seconds)) MB/s")
}

/// What a control does all day: walk to a field and look whether it is something bad.
func judge(_ root: Value, lookups: inout Int) throws(WrongType) -> Bool {
    let pod = root["spec"]["template"]["spec"]
    lookups += 4
    var isBad = try pod["hostNetwork"].bool() == true
    for container in try pod["containers"].items() {
        lookups += 9
        let context = container["securityContext"]
        if try context["privileged"].bool() == true { isBad = true }
        if try context["allowPrivilegeEscalation"].bool() == true { isBad = true }
        for name in try context["capabilities"]["drop"].items() where try name.equals("NONE") { isBad = true }
        if try container["imagePullPolicy"].equals("Never") { isBad = true }
        if try container["image"].equals("busybox") { isBad = true }
        if try container["stdin"].bool() == true { isBad = true }
        if try container["terminationMessagePath"].equals("/dev/null") { isBad = true }
    }
    return isBad
}

func reportReading(_ name: String, _ bytes: [UInt8]) throws {
    let roots = DocumentTree.parse(bytes, source: name).tree.roots
    var lookups = 0
    var found = 0
    let seconds = best {
        lookups = 0
        for root in roots {
            // Many controls look at one object before the next one comes.
            for _ in 0..<20 where (try? judge(root, lookups: &lookups)) == true { found += 1 }
        }
    }
    print("\(name): \(lookups) lookups, \(rounded(seconds * 1e9 / Double(lookups))) ns each (\(found) found)")
}

reportParsing("YAML", corpus.yaml)
reportParsing("JSON, indented", corpus.prettyJSON)
reportParsing("JSON, compact", corpus.compactJSON)
try reportReading("reading YAML trees", corpus.yaml)
try reportReading("reading JSON trees", corpus.compactJSON)
