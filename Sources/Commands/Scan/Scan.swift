internal import ArgumentParser
internal import Controls
internal import KubernetesClient

struct Scan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge manifests or a cluster and say, for each finding, who must act and why.",
        discussion: """
            demarc scan manifests/
            helm template shop | demarc scan -
            demarc scan --cluster --context production
            demarc scan . --party customer --format table --format sarif -o demarc.sarif
            """)

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String] = []

    @OptionGroup var options: ScanOptions

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup var outcome: OutcomeOptions

    func run() async throws {
        guard !options.auditLogs.contains("-") || !paths.contains("-") else {
            throw Failure.usage("standard input cannot be the log and the estate; put one of them into a file")
        }
        let plan = try ScanPlan(options)
        let ending = try outcome.plan(plan.configuration)
        if cluster.cluster { return try await scanCluster(plan, ending) }
        guard !paths.isEmpty else {
            throw Failure.usage("what shall be judged? Give files, directories, - for standard input, or --cluster: demarc scan DIR")
        }
        let run = await ScanRun(paths, plan: plan, quiet: options.estate.quiet, recordsQuietVerdicts: outcome.allVerdicts)
        try outcome.conclude(run.result, ending, plan, quiet: options.estate.quiet)
    }

    /// Manifests beside a cluster are judged with it: grants, evidence of its machines, what is about to be applied.
    private func scanCluster(_ plan: ScanPlan, _ ending: OutcomeOptions.Plan) async throws {
        let connection = try cluster.connection()
        if connection.isAnonymous, !options.estate.quiet { Output.note("the context names no credential: the cluster is read as anybody") }
        var reading = ClusterReading.Options(namespace: options.namespace, limits: plan.limits, quiet: options.estate.quiet)
        reading.pageSize = cluster.chunkSize ?? reading.pageSize
        let (scan, read) = try await contact(connection, plan, reading)
        let run = await ScanRun(paths, plan: scan, cluster: read, quiet: options.estate.quiet, recordsQuietVerdicts: outcome.allVerdicts)
        try outcome.conclude(run.result, ending, scan, quiet: options.estate.quiet)
    }

    /// - Returns: the plan, for the version the cluster has, and what was read of it.
    private func contact(_ connection: Connection, _ plan: ScanPlan, _ reading: ClusterReading.Options) async throws -> (ScanPlan, ClusterReading) {
        do {
            return try await ClusterClient.connected(to: connection, settings: cluster.settings) { client in
                let plan = try ScanPlan(options, serverVersion: try await client.version())
                return (plan, try await ClusterReading.read(client, for: plan.catalogue.controls, options: reading))
            }
        } catch let error as ClusterError {
            throw Failure(error)
        }
    }
}
