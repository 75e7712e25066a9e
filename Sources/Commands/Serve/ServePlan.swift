internal import Admission
internal import Controls
internal import Documents
internal import Kubernetes
internal import Logging
internal import Responsibility
internal import Server
internal import ServiceLifecycle
internal import SystemPackage
internal import Traces
internal import UnixSignals

/// What a server is to do, with flags, environment and configuration brought together and checked before anything is started.
struct ServePlan {
    let options: ServeOptions
    let configuration: Configuration
    let model: ResponsibilityModel
    /// Of the model's document.
    let modelHash: String
    /// The version asked for; nil leaves it to the API server.
    let version: KubernetesVersion?
    let exceptions: ExceptionList
    let settings: Settings
    let controls: [Control]
    let webhook: WebhookSettings
    let logger: Logger
    let tracing: TraceExport

    /// - Throws: `Failure` with code `usage`.
    init(_ options: ServeOptions) throws {
        self.options = options
        configuration = try Configuration.load(options.config)
        let name = options.model ?? configuration.model ?? ScanPlan.defaultModel
        model = try ScanPlan.model(name)
        modelHash = Digest.sha256(try ResponsibilityModel.builtInDocument(name).map { Array($0.utf8) } ?? SourceFile.read(name, limit: 1 << 20))
        version = try (options.kubernetesVersion ?? configuration.kubernetesVersion).map { try ScanPlan.version($0) }
        exceptions = try ScanPlan.exceptions(configuration, now: ServePlan.now)
        settings = configuration.settings(under: model)
        let skipped = options.skippedControls + configuration.skipControls
        let known = Set(EveryControl.all.map(\.id))
        for id in skipped where !known.contains(id) { throw Failure.usage(ScanPlan.unknownControl(id)) }
        controls = EveryControl.all.filter { !skipped.contains($0.id) }
        webhook = try ServePlan.webhook(options)
        let traced = TracingSettings.read(EnvironmentFlags.variables(beginningWith: ["OTEL_", "POD_"]), version: Version.current)
        logger = try ServePlan.logger(options, isTraced: traced.settings != nil)
        for remark in traced.remarks { logger.warning("tracing", metadata: ["why": "\(remark)"]) }
        if let settings = traced.settings { logger.info("spans are sent", metadata: ["collector": "\(settings.address)"]) }
        tracing = TraceExport(traced.settings, logger: logger)
    }

    /// The controls for a version: the one asked for, else that of the API server.
    func catalogue(for version: KubernetesVersion?) -> Catalogue {
        Catalogue(controls, kubernetesVersion: self.version ?? min(version ?? .newest, .newest))
    }

    var clock: BackgroundClock {
        let clock = ContinuousClock()
        let start = clock.now
        return BackgroundClock(now: { ServePlan.now }, uptime: { clock.now - start }, sleep: { try await clock.sleep(for: $0) })
    }

    /// - Parameters:
    ///   - version: of the API server, nil when that is not known.
    ///   - exempt: namespaces in which nothing is refused; nil takes those of the model.
    ///   - account: under which the server itself writes to the cluster.
    func engine(for version: KubernetesVersion?, exempt: Set<String>? = nil, account: String? = nil) -> AdmissionEngine {
        AdmissionEngine(
            model: model, catalogue: catalogue(for: version), settings: settings, exceptions: exceptions, exemptNamespaces: exempt, account: account)
    }

    /// PEM of those who sign the API server's client certificate, nil when anybody may ask.
    func clientAuthorities() throws -> String? {
        guard let path = options.clientAuthority else { return nil }
        do { return String(decoding: try SourceFile.read(path, limit: 1 << 20), as: UTF8.self) } catch {
            throw Failure.usage("--client-ca \(path): \(error.message)")
        }
    }

    /// Where API servers' audit events are kept, if anywhere.
    var auditStore: AuditStore? {
        guard let folder = options.auditLog else { return nil }
        var settings = AuditStore.Settings()
        if let size = options.auditLogSize {
            settings.totalBytes = size << 20
            settings.fileBytes = min(settings.fileBytes, max(1, size / 8) << 20)
        }
        if let age = options.auditLogAge { settings.age = Int64(age) * 86_400 }
        return AuditStore(folder: folder, settings: settings, now: { ServePlan.now })
    }

    /// Where API servers send their audit events.
    func auditRoutes(_ store: AuditStore?, _ registry: MetricRegistry) -> [APIRoute] {
        store.map { [AuditRoute($0, registry: registry, logger: logger).route] } ?? []
    }

    /// Runs until it is told to stop. Services end in the opposite order: the server, the last, drains while all that it needs goes on.
    func run(_ services: [any Service]) async throws {
        do {
            try await ServiceGroup(services: tracing.services + services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
        } catch let fault as ListeningFault {
            throw Failure.usage("\(fault); give another address with --listen")
        }
    }

    static var now: Timestamp { Timestamp(secondsSinceEpoch: Terminal.now) }

    private static func webhook(_ options: ServeOptions) throws -> WebhookSettings {
        var settings = WebhookSettings()
        if let delay = options.drainDelay { settings.drainDelay = .seconds(delay) }
        guard let listen = options.listen else { return settings }
        guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
            throw Failure.usage("--listen '\(listen)' is no address with a port; write it as 0.0.0.0:8443 or [::]:8443")
        }
        let host = listen[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        settings.host = host.isEmpty ? "0.0.0.0" : String(host)
        settings.port = Int(port)
        return settings
    }

    private static func logger(_ options: ServeOptions, isTraced: Bool) throws -> Logger {
        guard let level = Logger.Level(rawValue: options.logLevel ?? "info") else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.usage("--log-level cannot be '\(options.logLevel ?? "")'; use one of \(levels)")
        }
        let format = options.logFormat ?? (Terminal.isTerminal(.standardError) ? "text" : "json")
        guard let format = LogFormat(rawValue: format) else {
            throw Failure.usage("--log-format cannot be '\(format)'; use text or json")
        }
        return Logger(label: "demarc") { label in
            var lines = LogLines(label: label, format: format, level: level)
            if isTraced { lines.metadataProvider = TraceExport.metadata }
            return lines
        }
    }
}
