internal import Admission
internal import Controls
internal import Documents
internal import Kubernetes
internal import Logging
internal import Responsibility
internal import Server
internal import Synchronization

/// A server that needs nothing but itself: certificates in a folder, grants in files.
struct StandaloneServing {
    private let plan: ServePlan
    private let folder: String
    private let names: CertificateNames
    private let ledger: ServeLedgerOptions

    /// - Throws: `Failure` with code `usage`.
    init(_ plan: ServePlan, _ ledger: ServeLedgerOptions) throws {
        (self.plan, self.ledger) = (plan, ledger)
        folder = plan.options.data ?? "demarc-data"
        do {
            names = try CertificateNames(plan.options.hosts.isEmpty ? ["localhost", "127.0.0.1", "::1"] : plan.options.hosts)
        } catch {
            throw Failure.usage("--host: \(error.description)")
        }
    }

    func run() async throws {
        try await plan.checkAddress()
        let logger = plan.logger
        let store = FileStore(folder: folder)
        let metrics = ServerMetrics(version: Version.current, resources: ReviewedResources.all)
        plan.tracing.register(metrics.registry)
        let spans = plan.tracing.spans
        let grants = GrantFiles(plan.options.grants + plan.configuration.grants, limits: .standard)
        let first = grants.read()
        let current = Mutex(estate(first))
        let known = Mutex(first.objects)
        let (changes, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        signal.yield()
        let service = ReviewService(plan.engine(for: nil), estate: { current.withLock { $0 } }, clock: { ServePlan.now }, spans: spans)
        let certificates = try await CertificateService.start(
            keeping: { serve in
                CertificateKeeper(store: store, names: names, policy: .standalone, mayWrite: { true }, isPublished: { _ in true }, serve: serve)
            }, clientAuthorities: try plan.clientAuthorities(), metrics: metrics, logger: logger, spans: spans, now: { ServePlan.now })
        let authorizer: any RequestAuthorizer = try plan.options.tokenFile.map { try StaticTokenAuthorizer(path: $0) } ?? Nobody()
        let recording = try LedgerServing(
            ledger, plan: plan, defaultPath: folder + "/ledger.db", registry: metrics.registry,
            sources: LedgerRecorder.Sources(grants: { known.withLock { $0 } }, model: (plan.model.name, plan.modelHash), changes: changes)
        ).alone()
        let server = WebhookServer(
            settings: plan.webhook, identity: certificates.identity, review: recording.recorded(service.handler), metrics: metrics,
            authorizer: authorizer, readiness: { [certificates.check] }, routes: plan.auditRoutes(plan.auditStore, metrics.registry), logger: logger,
            spans: spans,
            listening: { port in
                logger.info("serving", metadata: ["port": "\(port)", "model": "\(plan.model.name)", "ca": "\(store.bundlePath)"])
            })
        let watch = GrantFileWatch(grants, known: first.texts) { reading in
            current.withLock { $0 = estate(reading) }
            known.withLock { $0 = reading.objects }
            signal.yield()
        }
        try await plan.run([certificates] + recording.services + [watch, server])
    }

    private func estate(_ read: GrantFiles.Reading) -> AdmissionEstate {
        for gap in read.gaps {
            plan.logger.warning("not read", metadata: ["source": "\(gap.source)", "line": "\(gap.line)", "why": "\(gap.message)"])
        }
        plan.logger.info("grants read", metadata: ["count": "\(read.objects.count)"])
        return AdmissionEstate(grants: read.objects, runtimeClasses: Set(plan.options.runtimeClasses))
    }
}

/// Without a token file nobody may do anything but ask for reviews.
private struct Nobody: RequestAuthorizer {
    func authorize(token: String, verb: String, path: String) async -> AuthorizationAnswer { .unauthenticated }
}
