internal import ArgumentParser
internal import BuiltInControls
internal import Controls
internal import Documents
internal import Kubernetes
internal import Reports
internal import Responsibility

struct NodeScan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Judge evidence of machines and answer for every row of a benchmark.",
        discussion: """
            demarc node scan cp-1.json
            demarc node scan evidence/ cluster-dump.yaml --model ack --attestation provider.yaml
            demarc node scan cp-1.json --benchmark cis-1.11 --format json -o result.json

            The benchmark follows the version of Kubernetes that the evidence names. Each row is answered: pass, fail, manual, not applicable, \
            not observable, or attested: an attestation is a document in which the party that answers for a row states how it stands, until a \
            date. It never outweighs what the evidence shows; where both differ, the row is a contradiction.
            """)

    @Argument(help: "Evidence files, directories, or - for standard input; objects of the cluster answer for the rows on policies.")
    var paths: [String] = []

    @OptionGroup var options: ScanOptions

    @Option(
        name: .customLong("attestation"),
        help: ArgumentHelp("A BenchmarkAttestation: what a party states about rows nobody else can see; may repeat.", valueName: "file"))
    var attestations: [String] = []

    @OptionGroup var outcome: OutcomeOptions

    func run() async throws {
        let plan = try ScanPlan(options)
        let ending = try outcome.plan(plan.configuration)
        let statements = try attestations.map(readAttestation)
        guard !paths.isEmpty else {
            throw Failure.usage("what shall be judged? Give evidence files: demarc node collect -o node.json, then demarc node scan node.json")
        }
        let run = await ScanRun(paths, plan: plan, quiet: options.estate.quiet, recordsQuietVerdicts: true)
        guard run.result.inventory.contains(kind: KubernetesObject.nodeEvidenceKind) || !run.result.coverage.gaps.isEmpty else {
            throw Failure(code: .incomplete, description: "no evidence of a machine was found; demarc node collect writes one")
        }
        let edition = plan.benchmark ?? NodeEvidenceSummary.benchmark(of: run.result.inventory) ?? .cis1x12
        var result = outcome.allVerdicts ? run.result : run.result.withoutQuietVerdicts()
        let benchmark = BenchmarkResult(
            edition, of: run.result, programs: NodeEvidenceSummary.programs(in: run.result.inventory), attestations: statements, now: plan.now)
        let age = NodeEvidenceSummary.remarks(on: run.result.inventory, now: Int(plan.now.secondsSinceEpoch))
        if !options.estate.quiet { (age + benchmark.remarks).forEach { Output.note($0) } }
        // Where no evidence could be read, rows of "not observable" would only bury the gap that says why.
        if run.result.inventory.contains(kind: KubernetesObject.nodeEvidenceKind) { result.benchmark = benchmark }
        try outcome.conclude(result, ending, plan, quiet: options.estate.quiet)
    }

    private func readAttestation(_ path: String) throws -> BenchmarkAttestation {
        let reading: BenchmarkAttestation.Reading
        do {
            reading = BenchmarkAttestation.read(try SourceFile.read(path, limit: 4 << 20), source: path)
        } catch {
            throw Failure.usage("attestation \(path): \(error.message)")
        }
        guard let attestation = reading.attestation else {
            throw Failure.usage("the attestation is not usable:\n" + reading.faults.prefix(20).map { "  \($0)" }.joined(separator: "\n"))
        }
        return attestation
    }
}
