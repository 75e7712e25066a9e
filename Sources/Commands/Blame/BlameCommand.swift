internal import ArgumentParser
internal import Blame
internal import Controls
internal import Kubernetes
internal import KubernetesClient
internal import Reports
internal import Responsibility

struct BlameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame",
        abstract: "Say who introduced something, when, from where and under which grant, and which party answers.",
        discussion: """
            demarc blame deployment/web -n shop --audit audit.log
            demarc blame pod/web-7d9f-x2k -n shop --audit /var/log/kubernetes/ --field 'spec.containers[app].securityContext.privileged'
            demarc blame deployment/web -n shop --audit audit.log --cluster
            demarc blame --ip 10.2.3.4 --at 2026-11-24T05:18:00Z --audit audit.log

            The log has events of audit.k8s.io, one a line, as the API server writes them; with level RequestResponse every value has its \
            author, with Request most have, with Metadata only the requests are known. Manifests, dumps or the cluster show what is there \
            now, with the names that clients gave themselves (managedFields). A request that the server authenticated is a proof; what a \
            client says of itself is recorded; where there is neither, the model presumes. What the record lacks is listed.

            The exit code is 3 when a line or a file could not be read, or nothing is known of the subject.
            """)

    @Argument(help: "The object, as pod/web or deployment.apps/web, then files and directories of the estate, or -.")
    var words: [String] = []

    @Option(help: ArgumentHelp("A field, as spec.template.spec.containers[app].image.", valueName: "path"))
    var field: String?

    @OptionGroup var options: BlameOptions

    @OptionGroup var cluster: ClusterOptions

    private static func question(_ text: String) throws -> FieldQuestion {
        do throws(FieldQuestion.Malformed) {
            return try FieldQuestion(text)
        } catch {
            throw Failure.usage("--field: \(error.message)")
        }
    }

    func run() async throws {
        let format = try options.reportFormat()
        let question = try field.map(BlameCommand.question)
        var paths = words
        guard !paths.isEmpty else { throw Failure.usage("who introduced what? Name an object: demarc blame deployment/web --audit audit.log") }
        let name = paths.removeFirst()
        let estate = try await options.estate(paths, cluster)
        let subject = try ObjectArgument(name, namespace: options.namespace ?? "default", in: estate.inventory.analysis(ResourceTable.self)).subject
        var inquiry = try BlameInquiry(options, estate)
        let result = inquiry.blame(subject, field: question)
        let report = BlameReport(
            result, field: field ?? "", log: inquiry.counts, gaps: inquiry.gaps, model: inquiry.model.name, toolVersion: Version.current)
        try options.write { try report.write(as: format, options: $0, to: $1) }
        let isUnknown = result.timeline.isEmpty && result.introduced?.who == nil
        if isUnknown { Output.note("nothing is known of \(result.subject); check its name, its namespace and the log") }
        if isUnknown || !inquiry.gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }
}

/// The flags that every question of blame shares.
struct BlameOptions: ParsableArguments {
    @Option(
        name: .customLong("audit"),
        help: ArgumentHelp("An audit log, a directory of them, or - for standard input; may repeat.", valueName: "path"))
    var logs: [String] = []

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("The namespace of the object (default: default).", valueName: "namespace"))
    var namespace: String?

    @Option(help: ArgumentHelp("The responsibility model: a built-in name or a file.", valueName: "name|file"))
    var model: String?

    @Option(help: ArgumentHelp("table, json, markdown or html.", valueName: "format"))
    var format = "table"

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var reading: EstateOptions

    func reportFormat() throws -> BlameReport.Format {
        guard let known = BlameReport.Format(rawValue: format) else {
            throw Failure.usage("unknown format '\(format)'; known are \(BlameReport.Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return known
    }

    /// What the paths hold, with a cluster where one is asked for.
    func estate(_ paths: [String], _ cluster: ClusterOptions) async throws -> Estate {
        guard !logs.contains("-") || !paths.contains("-") else {
            throw Failure.usage("standard input cannot be the log and the estate; put one of them into a file")
        }
        guard !logs.isEmpty || !paths.isEmpty || cluster.cluster else {
            throw Failure.usage("give an audit log with --audit, manifests or dumps, or --cluster: without them nothing is known")
        }
        let configuration = try Configuration.load(reading.config)
        let options = Estate.Options(limits: reading.limits, defaultNamespace: namespace ?? configuration.namespace ?? "default", quiet: reading.quiet)
        let walk = SourceWalk(paths, excluding: reading.exclude + configuration.exclude)
        guard cluster.cluster else {
            // Nothing was named to be read, so nothing is missing.
            return paths.isEmpty ? Estate(inventory: Inventory([]), files: 0, gaps: []) : await Estate.read(walk, options: options)
        }
        var live = ClusterReading.Options(limits: reading.limits, quiet: reading.quiet)
        live.pageSize = cluster.chunkSize ?? live.pageSize
        let (connection, page) = (try cluster.connection(), live)
        do {
            let read = try await ClusterClient.connected(to: connection, settings: cluster.settings) { client in
                try await ClusterReading.read(client, for: EveryControl.all, options: page)
            }
            return await Estate.read(walk, options: options, cluster: read)
        } catch let error as ClusterError {
            throw Failure(error)
        }
    }

    func write(_ body: (ReportOptions, @escaping ByteSink) throws -> Void) throws {
        let target = try output.map(ReportFile.create) ?? .standard
        let look = ReportOptions(width: output == nil ? Terminal.width : nil, colour: output == nil && Terminal.useColor(disabled: noColor))
        try body(look) { try target.write($0) }
    }
}
