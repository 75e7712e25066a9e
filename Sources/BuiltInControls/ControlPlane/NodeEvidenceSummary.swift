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

    /// What a reader should know of how old the evidence is.
    /// - Parameter now: seconds since the epoch.
    public static func remarks(on inventory: Inventory, now: Int) -> [String] {
        documents(in: inventory).compactMap { document in
            guard let taken = Timestamp(document.collectedAt) else { return nil }
            let days = (now - Int(taken.secondsSinceEpoch)) / 86_400
            return days > 7 ? "the evidence of \(document.nodeName) is \(days) days old: much may have changed since \(document.collectedAt)" : nil
        }
    }

    private static func gaps(of document: EvidenceDocument, benchmark: Benchmark?) -> [Gap] {
        var gaps: [Gap] = []
        let root = document.root
        func add(_ message: String) {
            gaps.append(Gap(source: root.source, line: root.position.line, column: root.position.column, reason: .notObservable, message: message))
        }
        let apiVersion = root["apiVersion"].text
        if apiVersion != EvidenceFormat.apiVersion { add("'\(apiVersion)' is not known; the document was read as \(EvidenceFormat.apiVersion)") }
        gaps += document.brokenEntries.map { Gap($0) }
        for impostor in document.impostors {
            let place = impostor.place.position
            gaps.append(
                Gap(
                    source: root.source, line: place.line, column: place.column, reason: .notObservable,
                    message:
                        "'\(impostor.name)' in container \(impostor.container.prefix(12)) was left out: no static Pod of this machine starts it, "
                        + "and whoever runs a Pod may name a process so"))
        }
        if benchmark == nil {
            if let version = document.kubernetesVersion {
                if Benchmark.forVersion(version) == nil {
                    add("'\(version)' is no version of Kubernetes; judged as the newest: give --benchmark")
                } else if let known = KubernetesVersion(version), known > .newest {
                    add("Kubernetes \(known) is newer than \(KubernetesVersion.newest), the newest version known here: give --benchmark")
                }
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
        let isUnseen = ComponentKind.allCases.allSatisfy { (try? document.components($0))?.isEmpty != false }
        if isUnseen { add("the evidence shows no program of Kubernetes") }
        return gaps
    }

    private static func documents(in inventory: Inventory) -> [EvidenceDocument] {
        let analysis = inventory.analysis(EvidenceAnalysis.self)
        return inventory.objects.indices.compactMap(analysis.document)
    }
}
