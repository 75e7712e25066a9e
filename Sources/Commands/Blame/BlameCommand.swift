internal import ArgumentParser
internal import Blame
internal import Controls
internal import Documents
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

    @Option(help: ArgumentHelp("Instead of an object: a finding of the estate, by its fingerprint in demarc scan.", valueName: "fingerprint"))
    var finding: String?

    @Option(help: ArgumentHelp("Instead of an object: the Pod that had this address at --at.", valueName: "address"))
    var ip: String?

    @Option(help: ArgumentHelp("When it had the address, RFC 3339.", valueName: "time"))
    var at: String?

    @Option(
        help: ArgumentHelp("Instead of an object: an alert of Falco in JSON, or an audit event; writes a report of the incident.", valueName: "file"))
    var incident: String?

    @OptionGroup var options: BlameOptions

    @OptionGroup var cluster: ClusterOptions

    func run() async throws {
        guard [finding, ip, incident].count(where: { $0 != nil }) <= 1 else {
            throw Failure.usage("--finding, --ip and --incident are three questions; ask one at a time")
        }
        guard at == nil || ip != nil else { throw Failure.usage("--at is the time for --ip; add the address") }
        if let incident { return try await IncidentInquiry(file: incident, options: options).run(words, cluster) }
        let format = try options.reportFormat()
        if let ip { return try await blame(address: ip, format) }
        if let finding { return try await blame(finding: finding, format) }
        let question = try field.map(BlameCommand.question)
        guard let name = words.first else {
            throw Failure.usage("who introduced what? Name an object: demarc blame deployment/web --audit audit.log")
        }
        let estate = try await options.estate(Array(words.dropFirst()), cluster)
        let configuration = try Configuration.load(options.reading.config)
        let ofContext = cluster.cluster ? try cluster.connection().namespace : nil
        let namespace = options.namespace ?? configuration.namespace ?? ofContext ?? "default"
        let subject = try ObjectArgument(name, namespace: namespace, in: estate.inventory.analysis(ResourceTable.self)).subject
        var inquiry = try BlameInquiry(options, estate)
        let result = try inquiry.blame(subject) { $0.blame(subject, field: question) }
        try conclude(result, inquiry, field: field ?? "", format)
    }

    private static func question(_ text: String) throws -> FieldQuestion {
        do throws(FieldQuestion.Malformed) {
            return try FieldQuestion(text)
        } catch {
            throw Failure.usage("--field: \(error.message)")
        }
    }

    private func conclude(_ result: BlameResult, _ inquiry: BlameInquiry, field: String, _ format: BlameReport.Format) throws {
        let report = BlameReport(
            result, field: field, log: inquiry.counts, gaps: inquiry.gaps, model: inquiry.model.name, toolVersion: Version.current)
        try options.write { try report.write(as: format, options: $0, to: $1) }
        let isUnknown = result.timeline.isEmpty && result.introduced?.who == nil
        if isUnknown { Output.note("nothing is known of \(result.subject); check its name, its namespace and the log") }
        if isUnknown || !inquiry.gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }

    // MARK: - A finding

    private func blame(finding: String, _ format: BlameReport.Format) async throws {
        guard field == nil else { throw Failure.usage("--finding names the field already; leave --field out") }
        let estate = try await options.estate(words, cluster)
        var inquiry = try BlameInquiry(options, estate)
        let found = try await FindingSearch(estate.inventory, inquiry.model, now: try ScanPlan.instant(options.now)).find(finding)
        if let record = found.record {
            let result = try inquiry.blame(record, found)
            return try conclude(result, inquiry, field: result.introduced?.path.description ?? "", format)
        }
        let result = try inquiry.blame(found.subject) { $0.blame(found.subject, at: found.path) }
        try conclude(result, inquiry, field: found.path.description, format)
    }

    // MARK: - An address

    private func blame(address: String, _ format: BlameReport.Format) async throws {
        guard let start = Selection(address: address), let range = start.address else { throw Failure.usage("--ip '\(address)' is no address") }
        guard let at else { throw Failure.usage("addresses move from Pod to Pod; say when with --at 2026-11-24T05:18:00Z") }
        guard at.hasSuffix("Z"), Timestamp(at) != nil else {
            throw Failure.usage("--at '\(at)' is no RFC 3339 time in UTC; write it as 2026-12-31T00:00:00Z")
        }
        let estate = try await options.estate(words, cluster)
        var inquiry = try BlameInquiry(options, estate)
        let holders = try inquiry.holders(of: range, start)
        let then = holders.filter { $0.held(at: at) }
        for holder in then {
            Output.note(
                "\(holder.subject) had \(address) from \(holder.from) to \(holder.until ?? "the end of the record") (\(holder.strength.rawValue), \(holder.evidence))"
            )
        }
        // The latest to get it: a Pod of which the record does not show the end may be gone.
        guard let holder = then.last else {
            let others = holders.prefix(5).map { "\($0.subject) from \($0.from) to \($0.until ?? "now")" }.joined(separator: ", ")
            throw Failure.incomplete(
                "no record shows a Pod with \(address) at \(at)\(others.isEmpty ? "; the log must have the status of Pods (level Request)" : "; at other times: \(others)")"
            )
        }
        if then.count > 1 { Output.note("\(then.count) Pods may have had it then, as those on the network of one node have; this is about the last") }
        var one = try BlameInquiry(options, estate)
        let question = try field.map(BlameCommand.question)
        let result = try one.blame(holder.subject) { $0.blame(holder.subject, field: question) }
        try conclude(result, one, field: field ?? "", format)
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

    @Option(
        name: .customLong("ledger"), help: ArgumentHelp("A ledger, or an export of one, with entries about grants; may repeat.", valueName: "path"))
    var ledgers: [String] = []

    @Option(help: ArgumentHelp("Records of the cloud (groups, trails); given any, none is believed from elsewhere; may repeat.", valueName: "path"))
    var cloudRecords: [String] = []

    @Option(help: ArgumentHelp("Keeps what a run has read, so that the next one reads only what is new.", valueName: "file"))
    var state: String?

    @Option(help: ArgumentHelp("The instant grants are judged by, RFC 3339 (default: the clock).", valueName: "time"))
    var now: String?

    @Option(help: ArgumentHelp("table, json, markdown or html; of an incident markdown, html or json.", valueName: "format"))
    var format: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var reading: EstateOptions

    func reportFormat() throws -> BlameReport.Format {
        guard let known = BlameReport.Format(rawValue: format ?? "table") else {
            throw Failure.usage("unknown format '\(format ?? "")'; known are \(BlameReport.Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return known
    }

    /// What the paths hold, with a cluster where one is asked for.
    func estate(_ paths: [String], _ cluster: ClusterOptions) async throws -> Estate {
        guard !logs.contains("-") || !paths.contains("-") else {
            throw Failure.usage("standard input cannot be the log and the estate; put one of them into a file")
        }
        guard !logs.isEmpty || !paths.isEmpty || !cloudRecords.isEmpty || cluster.cluster else {
            throw Failure.usage("give an audit log with --audit, manifests or dumps, or --cluster: without them nothing is known")
        }
        let configuration = try Configuration.load(reading.config)
        let options = Estate.Options(
            limits: reading.limits, defaultNamespace: namespace ?? configuration.namespace ?? "default", quiet: reading.quiet)
        // What a scan would not believe is not believed here.
        let records = cloudRecords + (paths.isEmpty ? [] : configuration.cloudRecords)
        let walk = SourceWalk(paths, cloudRecords: records, excluding: reading.exclude + configuration.exclude)
        guard cluster.cluster else {
            // Nothing was named to be read, so nothing is missing.
            return paths.isEmpty && records.isEmpty ? Estate(inventory: Inventory([]), files: 0, gaps: []) : await Estate.read(walk, options: options)
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
