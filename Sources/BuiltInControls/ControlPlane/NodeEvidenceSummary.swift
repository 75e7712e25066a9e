public import Controls
import Documents
public import Kubernetes
import NodeEvidence

/// What the evidence in an estate is about, for those who answer for a benchmark as a whole.
public enum NodeEvidenceSummary {
    /// The edition for the versions that the evidence names: the newest, where machines differ.
    /// - Returns: nil when none names a version that is known.
    public static func benchmark(of inventory: Inventory) -> Benchmark? {
        let named = documents(in: inventory).compactMap { $0.kubernetesVersion.flatMap(Benchmark.forVersion)?.id }
        return Benchmark.all.last { named.contains($0.id) }
    }

    /// Names of the programs of Kubernetes that run on the machines or in Pods of the estate.
    public static func programs(in inventory: Inventory) -> Set<String> {
        var programs: Set<String> = []
        for document in documents(in: inventory) {
            for kind in ComponentKind.allCases where (try? document.components(kind))?.isEmpty == false { programs.insert(kind.rawValue) }
        }
        for pod in inventory.objects.lazy.compactMap(\.pod) where pod.startsComponents {
            programs.formUnion(pod.containers.compactMap { (try? Component(container: $0.node))?.kind.rawValue })
        }
        return programs
    }

    /// What keeps the evidence from being judged in full.
    public static func gaps(of inventory: Inventory, benchmark: Benchmark?) -> [Gap] {
        documents(in: inventory).flatMap { gaps(of: $0, benchmark: benchmark) }
    }

    private static func gaps(of document: EvidenceDocument, benchmark: Benchmark?) -> [Gap] {
        var gaps: [Gap] = []
        let root = document.root
        func add(_ message: String) {
            gaps.append(Gap(source: root.source, line: root.position.line, column: root.position.column, reason: .notObservable, message: message))
        }
        if benchmark == nil {
            if let version = document.kubernetesVersion {
                if Benchmark.forVersion(version) == nil { add("'\(version)' is no version of Kubernetes; judged as the newest: give --benchmark") }
            } else {
                add(
                    "the evidence names no version of Kubernetes, so it was judged as the newest: give --benchmark, or collect with --kubernetes-version"
                )
            }
        }
        if let refusals = try? root["refusals"].items(), let first = refusals.first(where: { _ in true }) {
            let count = root["refusals"].count
            add(
                "\(count) \(count == 1 ? "read was" : "reads were") refused while the evidence was taken, the first of \(first["path"].text): \(first["error"].text)"
            )
        }
        return gaps
    }

    private static func documents(in inventory: Inventory) -> [EvidenceDocument] {
        let analysis = inventory.analysis(EvidenceAnalysis.self)
        return inventory.objects.indices.compactMap(analysis.document)
    }
}
