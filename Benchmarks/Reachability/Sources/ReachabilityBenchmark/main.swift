// What full connectivity costs as estates grow: from the text of manifests to every flow. Run with
// `swift run -c release --package-path Benchmarks/Reachability [PODS…]`.

import Documents
import Kubernetes
import Reachability

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

func seconds(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) / 1e18
}

/// The most memory this process ever held, in MiB.
func peak() -> Int {
    var usage = rusage()
    // RUSAGE_SELF, which the C libraries declare with different types.
    getrusage(0, &usage)
    return usage.ru_maxrss / 1024
}

func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(width - text.count, 0)) + text }

func rounded(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - String(thousandths % 1000).count))\(thousandths % 1000)"
}

/// Measures one estate and prints a line.
func measure(_ estate: GeneratedEstate) {
    let text = estate.manifest
    var inventory = Inventory([])
    let reading = seconds { inventory = Inventory(SourceObjects(DocumentTree.parse(text).tree).objects) }
    var model = NetworkModel(of: Inventory([]))
    let modelling = seconds { model = NetworkModel(of: inventory) }
    var (flows, open) = (0, 0)
    let listing = seconds {
        model.forEachFlow { flow in
            flows += 1
            if flow.connections.isAll { open += 1 }
        }
    }
    let cells = [
        "\(estate.pods)", "\(estate.policies)", "\(model.workloads.count)", "\(flows)", rounded(reading), rounded(modelling), rounded(listing),
        rounded(modelling + listing), "\(peak())",
    ]
    print(cells.map { padded($0, 10) }.joined(), estate.isDiverse ? "  each Pod of its own" : "")
    precondition(model.gaps.isEmpty && flows > 0 && open >= 0)
}

let sizes = CommandLine.arguments.dropFirst().filter { $0 != "--diverse" }.compactMap { Int($0) }
let heads = ["Pods", "policies", "workloads", "flows", "read s", "model s", "flows s", "both s", "peak MiB"]
print(heads.map { padded($0, 10) }.joined())
for size in sizes.isEmpty ? [1_250, 2_500, 5_000, 10_000, 20_000] : sizes {
    measure(GeneratedEstate(pods: size, isDiverse: CommandLine.arguments.contains("--diverse")))
}
