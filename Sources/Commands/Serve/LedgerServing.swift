internal import Admission
internal import ArgumentParser
internal import KubernetesClient
internal import Ledger
internal import Logging
internal import Server
internal import ServiceLifecycle

/// Where the record of decisions is kept, and where its checkpoints are shown.
struct ServeLedgerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The ledger's database, made when missing (alone: ledger.db in the folder of --data).", valueName: "file"))
    var ledger: String?

    @Option(help: ArgumentHelp("Its signing key, made when missing (default: the ledger's path with .key).", valueName: "file"))
    var ledgerKey: String?

    @Flag(help: "Another replica keeps the ledger: leave for it what this one decides.")
    var ledgerElsewhere = false

    @Option(
        name: .customLong("publish-checkpoint"),
        help: ArgumentHelp("A place outside: config-map=NAMESPACE/NAME, file=PATH or webhook=URL; may repeat.", valueName: "place"))
    var places: [String] = []

    @Option(help: ArgumentHelp("A file with a bearer token for such webhooks.", valueName: "file"))
    var publishTokenFile: String?

    /// What a server in a cluster, which has no ledger by itself, needs to be told.
    func checkForCluster() throws {
        if ledger == nil, !places.isEmpty { throw Failure.usage("--publish-checkpoint needs --ledger") }
        if ledger == nil, ledgerKey != nil { throw Failure.usage("--ledger-key needs --ledger") }
        for place in places { _ = try Place(place) }
    }

    /// A place outside, as it is written.
    struct Place {
        let kind: String
        let name: String
        /// Of a ConfigMap.
        let namespace: String

        init(_ text: String) throws {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            let names = parts.last?.split(separator: "/", omittingEmptySubsequences: false).map(String.init) ?? []
            let isMap = parts.first == "config-map"
            guard parts.count == 2, ["config-map", "file", "webhook"].contains(parts[0]),
                !isMap || names.count == 2 && names.allSatisfy({ !$0.isEmpty })
            else {
                throw Failure.usage("--publish-checkpoint cannot be '\(text)'; write config-map=NAMESPACE/NAME, file=PATH or webhook=URL")
            }
            (kind, name, namespace) = (parts[0], isMap ? names[1] : parts[1], isMap ? names[0] : "")
        }
    }

    func validate() throws {
        if ledgerElsewhere, ledger != nil { throw ValidationError("--ledger-elsewhere and --ledger exclude each other") }
        if publishTokenFile != nil, !places.contains(where: { $0.hasPrefix("webhook=") }) {
            throw ValidationError("--publish-token-file needs --publish-checkpoint webhook=URL")
        }
    }
}

/// The services by which a server keeps its ledger; none where it keeps none.
struct LedgerServing {
    /// What runs, and what hears of answers.
    struct Recording {
        var services: [any Service] = []
        var recorder: LedgerRecorder?

        /// Answers reviews as before, and remembers what is worth it.
        func recorded(_ handler: @escaping ReviewHandler) -> ReviewHandler {
            guard let recorder else { return handler }
            return { stage, body throws(ReviewFault) in
                let answer = try await handler(stage, body)
                recorder.observe(answer)
                return answer
            }
        }
    }

    private let options: ServeLedgerOptions
    private let plan: ServePlan
    private let path: String?
    private let sources: LedgerRecorder.Sources
    private let metrics: LedgerMetrics

    init(
        _ options: ServeLedgerOptions, plan: ServePlan, defaultPath: String? = nil, registry: MetricRegistry, sources: LedgerRecorder.Sources
    ) throws {
        (self.options, self.plan, self.sources) = (options, plan, sources)
        path = options.ledger ?? defaultPath
        metrics = LedgerMetrics(registry)
        if path != nil, plan.options.clientAuthority == nil {
            plan.logger.notice(
                "denials are entered under the name that a review gives, whoever sent it; have API servers show a certificate, and give --client-ca")
        }
    }

    /// A server without a cluster is the only one that writes.
    func alone() throws -> Recording {
        guard !options.ledgerElsewhere else { throw Failure.usage("--ledger-elsewhere is for replicas in a cluster") }
        guard let path else { return Recording() }
        let token = ServerLedger.newestToken(of: path)
        let places = try places(nil)
        let ledger = try ledger(path, kept: places.first) { token }
        return recording(ledger, mailbox: nil, identity: "alone-\(Terminal.now)-\(UInt32.random(in: .min ... .max))", places)
    }

    /// - Parameter identity: of this replica.
    func shared(_ client: ClusterClient, namespace: String, identity: String) throws -> Recording {
        // A replica that starts anew counts its batches anew.
        let run = "\(identity)-\(Terminal.now)"
        let mailbox = ConfigMapMailbox(client, namespace: namespace, sender: run)
        guard let path else {
            guard options.ledgerElsewhere else {
                plan.logger.notice("decisions are in no ledger; give --ledger, or --ledger-elsewhere where another replica keeps it")
                return Recording()
            }
            return recording(nil, mailbox: mailbox, identity: run, [])
        }
        let leadership = Leadership(
            client, namespace: namespace, identity: identity, for: .ledger, after: ServerLedger.newestToken(of: path), logger: plan.logger)
        let places = try places(client)
        let ledger = try ledger(path, kept: places.first) { leadership.token }
        var recording = recording(ledger, mailbox: mailbox, identity: run, places)
        recording.services.insert(leadership, at: 0)
        return recording
    }

    private func recording(
        _ ledger: ServerLedger?, mailbox: (any RecordMailbox)?, identity: String, _ places: [any CheckpointPlace]
    ) -> Recording {
        let recorder = LedgerRecorder(
            ledger, mailbox: mailbox, sources: sources, identity: identity, clock: plan.clock, metrics: metrics, logger: plan.logger,
            spans: plan.tracing.spans)
        var services: [any Service] = [recorder]
        if let ledger, !places.isEmpty {
            // Ends after the recorder, with its last entries.
            services.insert(CheckpointService(ledger, places: places, clock: plan.clock, metrics: metrics, logger: plan.logger), at: 0)
        }
        return Recording(services: services, recorder: recorder)
    }

    private func ledger(
        _ path: String, kept place: (any CheckpointPlace)?, token: @escaping @Sendable () -> Int?
    ) throws -> ServerLedger {
        let keyPath = options.ledgerKey ?? path + ".key"
        if FileIdentity(of: keyPath) == nil {
            guard FileIdentity(of: path) == nil else {
                throw Failure.usage("\(path) is there and its key \(keyPath) is not; put the key back, or name another ledger")
            }
            try makeKey(keyPath)
        }
        let key = try LedgerFiles.signingKey(keyPath)
        try LedgerFiles.makeDirectories(above: path)
        plan.logger.info("ledger", metadata: ["path": "\(path)", "key": "\(key.verifier)"])
        return ServerLedger(path: path, key: key, token: token) { () async throws(LedgerError) in try await place?.kept() ?? nil }
    }

    /// The name that is nobody else's: a ledger is known by it.
    private func makeKey(_ path: String) throws {
        do {
            let name = "demarc.dev/ledger/" + String(UInt64.random(in: .min ... .max), radix: 16)
            try LedgerFiles.makeDirectories(above: path)
            try PrivateFile.create(path, with: Array((try SigningKey(name: name).secretText + "\n").utf8))
        } catch let error as NoteError {
            throw Failure.usage("--ledger-key: \(error)")
        }
    }

    private func places(_ client: ClusterClient?) throws -> [any CheckpointPlace] {
        let token = try options.publishTokenFile.map(LedgerFiles.secret)
        return try options.places.map { text in
            let place = try ServeLedgerOptions.Place(text)
            switch place.kind {
            case "file": return FilePlace(path: place.name)
            case "webhook":
                do throws(ClusterError) { return WebhookPlace(try OutboundPost(url: place.name, token: token)) } catch { throw Failure(error) }
            default:
                guard let client else { throw Failure.usage("--publish-checkpoint '\(text)': a server alone has no cluster; use file= or webhook=") }
                return ConfigMapPlace(client, namespace: place.namespace, name: place.name)
            }
        }
    }
}
