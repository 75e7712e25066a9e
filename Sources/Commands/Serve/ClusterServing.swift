internal import Admission
internal import ArgumentParser
internal import Controls
internal import Documents
internal import Kubernetes
internal import KubernetesClient
internal import Logging
internal import Responsibility
internal import Server

/// Which cluster to guard, and how its API server reaches this server.
struct ServeClusterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The kubeconfig (default: the Pod's own service account, or as kubectl finds it).", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("A context of the kubeconfig.", valueName: "name"))
    var context: String?

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("The server's own namespace (default: POD_NAMESPACE, else demarc).", valueName: "namespace"))
    var namespace: String?

    @Option(help: ArgumentHelp("The Service by which the API server calls (default: demarc).", valueName: "name"))
    var service: String?

    @Option(help: ArgumentHelp("Where the API server calls a server outside of its cluster.", valueName: "https://host:port"))
    var url: String?

    @Option(
        name: .customLong("exempt-namespace"),
        help: ArgumentHelp(
            "A namespace beside kube-system, kube-public, kube-node-lease and its own that is never reviewed; may repeat.", valueName: "name"))
    var exemptNamespaces: [String] = []

    @Option(
        help: ArgumentHelp(
            "Also install ValidatingAdmissionPolicies for when no replica answers: warn or deny (servers from 1.30).", valueName: "action"))
    var admissionPolicies: String?

    @Option(
        help: ArgumentHelp(
            "The user name that the API server knows this server by (default: its service account, system:serviceaccount:NAMESPACE:demarc).",
            valueName: "name"))
    var account: String?

    @Flag(help: "Write no reports into the cluster.")
    var noReports = false

    @Flag(help: "Remove from the cluster all that the server has installed, and end.")
    var uninstall = false

    /// Those that are given, by their names.
    var given: [String] {
        let flags: [(String, Bool)] = [
            ("kubeconfig", kubeconfig != nil), ("context", context != nil), ("namespace", namespace != nil), ("service", service != nil),
            ("url", url != nil), ("exempt-namespace", !exemptNamespaces.isEmpty), ("admission-policies", admissionPolicies != nil),
            ("account", account != nil), ("no-reports", noReports), ("uninstall", uninstall),
        ]
        return flags.filter(\.1).map(\.0)
    }

    func validate() throws {
        if url != nil, service != nil { throw ValidationError("--url and --service exclude each other: one is outside of the cluster, one in it") }
    }
}

/// A server in, or beside, the cluster that it guards.
struct ClusterServing {
    private let plan: ServePlan
    private let options: ServeClusterOptions
    private let connection: Connection
    private let namespace: String
    private let service: String
    /// nil where the API server calls by a Service.
    private let address: ServingAddress?
    /// Of this replica.
    private let identity: String
    private let fallback: AdmissionPolicySet.Action?
    private let ledger: ServeLedgerOptions

    /// - Throws: `Failure` with code `usage`.
    init(_ plan: ServePlan, _ options: ServeClusterOptions, _ ledger: ServeLedgerOptions) throws {
        (self.plan, self.options, self.ledger) = (plan, options, ledger)
        try ledger.checkForCluster()
        namespace = options.namespace ?? Terminal.environment("POD_NAMESPACE") ?? "demarc"
        service = options.service ?? "demarc"
        address = try options.url.map { try ServingAddress($0) }
        try NameArgument.check(namespace, "--namespace", of: "namespace")
        try NameArgument.check(service, "--service", of: "Service")
        for name in options.exemptNamespaces { try NameArgument.check(name, "--exempt-namespace", of: "namespace") }
        identity = Terminal.environment("POD_NAME") ?? "demarc-\(Terminal.now)-\(UInt32.random(in: .min ... .max))"
        fallback = try options.admissionPolicies.map { text in
            guard let action = AdmissionPolicySet.Action(rawValue: text) else {
                throw Failure.usage("--admission-policies cannot be '\(text)'; use warn or deny")
            }
            return action
        }
        connection = try ClusterOptions.connection(options.kubeconfig, options.context)
    }

    private func connected<R: Sendable>(_ body: @Sendable (ClusterClient) async throws -> R) async throws -> R {
        var settings = ClientSettings()
        settings.userAgent = "demarc/\(Version.current)"
        settings.spans = plan.tracing.spans
        do { return try await ClusterClient.connected(to: connection, settings: settings, body) } catch let error as ClusterError {
            throw Failure(error)
        }
    }

    func uninstall() async throws {
        let report = try await connected { client in
            do { return try await Uninstaller(client, namespace: namespace).run() } catch let refusal as UninstallRefusal {
                throw Failure.usage("\(refusal); give -n \(refusal.namespace)")
            }
        }
        for object in report.removed { Output.note("removed \(object)") }
        guard report.isComplete else {
            throw Failure(code: .incomplete, description: "some of it is still there:\n" + report.failures.map { "  \($0)" }.joined(separator: "\n"))
        }
        if report.removed.isEmpty { Output.note("there was nothing to remove") }
    }

    func run() async throws {
        try await plan.checkAddress()
        try await connected { try await serve($0) }
    }

    private func serve(_ client: ClusterClient) async throws {
        let logger = plan.logger
        // Where a whole cluster starts anew, its API server may come later than this: ending would only make the wait longer.
        let version = KubernetesVersion(try await patiently { try await client.version() }) ?? .newest
        let installation = InstallationSettings(
            namespace: namespace, endpoint: address.map { .url($0.text) } ?? .service(name: service, port: 443), version: version,
            systemNamespaces: options.exemptNamespaces, ownerRole: "demarc-admission", fallback: fallback)
        if fallback != nil, !installation.hasAdmissionPolicies {
            logger.warning(
                "--admission-policies has no effect: API servers check ValidatingAdmissionPolicies since Kubernetes 1.30",
                metadata: ["server": "\(version)"])
        }
        let catalogue = plan.catalogue(for: version)
        let metrics = ServerMetrics(version: Version.current, resources: ReviewedResources.all)
        plan.tracing.register(metrics.registry)
        let leadership = Leadership(client, namespace: namespace, identity: identity, logger: logger)
        var settings = BackgroundSettings()
        settings.writesReports = !options.noReports
        let silences = KnownSilences(exempt: Set(installation.exemptNamespaces))
        let audit = plan.auditStore
        let background = BackgroundController(
            client: client, model: plan.model, catalogue: catalogue, controlSettings: plan.settings, exceptions: plan.exceptions, settings: settings,
            clock: plan.clock, isLeader: { leadership.isHeld }, bypasses: { silences.inspector }, audit: audit, registry: metrics.registry,
            logger: logger)
        let estate = LiveEstate(background.store) { background.writes }
        let caretaker = Caretaker(
            client, settings: installation, leadership: leadership, identity: identity, silences: silences, isReady: { background.store.isComplete },
            silenced: { background.bypassesChanged() }, now: { ServePlan.now }, logger: logger)
        let grants = GrantKeeper(
            client, background: background, exempt: Set(installation.exemptNamespaces), model: plan.model, catalogue: catalogue,
            isLeader: { leadership.isHeld }, identity: identity,
            clock: plan.clock, registry: metrics.registry, logger: logger)
        let recording = try LedgerServing(
            ledger, plan: plan, registry: metrics.registry,
            sources: LedgerRecorder.Sources(
                grants: { background.store.grants }, all: { background.store.allGrants }, exempt: Set(installation.exemptNamespaces),
                silences: { silences.all }, model: (plan.model.name, plan.modelHash),
                changes: background.store.grantChanges())
        ).shared(client, namespace: namespace, identity: identity)
        await leadership.attempt()
        let certificates = try await certificates(client, caretaker, leadership, metrics)
        let reviews = ReviewService(
            plan.engine(
                for: version, exempt: Set(installation.exemptNamespaces), account: options.account ?? "system:serviceaccount:\(namespace):demarc"),
            estate: { estate.current }, clock: { ServePlan.now },
            client: client)
        let server = WebhookServer(
            settings: plan.webhook, identity: certificates.identity, review: recording.recorded(reviews.handler), metrics: metrics,
            authorizer: ClusterAuthorizer(client, logger: logger),
            readiness: {
                [certificates.check, HealthCheck("cluster", problem: background.store.isComplete ? nil : "the cluster is still being listed")]
            },
            routes: background.routes + plan.auditRoutes(audit, metrics.registry), logger: logger, spans: client.spans,
            listening: { port in
                logger.info(
                    "serving", metadata: ["port": "\(port)", "model": "\(plan.model.name)", "server": "\(version)", "replica": "\(identity)"])
            })
        try await plan.run([leadership, certificates, background, caretaker, grants] + recording.services + [server])
    }

    /// Asks again while the cluster cannot be reached.
    private func patiently<R: Sendable>(_ body: () async throws -> R) async throws -> R {
        while true {
            do { return try await body() } catch let error as ClusterError where error.kind == .unreachable {
                plan.logger.warning("the cluster cannot be reached yet", metadata: ["error": "\(error)"])
                try await Task.sleep(for: .seconds(2))
            }
        }
    }

    /// A replica that does not lead waits for the one that does to make the authority.
    private func certificates(
        _ client: ClusterClient, _ caretaker: Caretaker, _ leadership: Leadership, _ metrics: ServerMetrics
    ) async throws -> CertificateService {
        let names = try names
        var waits = 0
        while true {
            do {
                return try await CertificateService.start(
                    keeping: { serve in
                        CertificateKeeper(
                            store: SecretStore(client, namespace: namespace), names: names, mayWrite: { leadership.isHeld },
                            isPublished: { try await caretaker.isPublished($0) }, serve: serve)
                    }, clientAuthorities: try plan.clientAuthorities(), metrics: metrics, logger: plan.logger, spans: client.spans,
                    now: { ServePlan.now },
                    looked: { await caretaker.publish($0) })
            } catch  where (error is CertificateFault && waits < 60) || (error as? ClusterError)?.kind == .unreachable {
                plan.logger.info("waiting for a certificate", metadata: ["why": "\(error)"])
                waits += 1
                try await Task.sleep(for: .seconds(1))
                await leadership.attempt()
            }
        }
    }

    private var names: CertificateNames {
        get throws {
            if let address { return address.names }
            do { return try .service(service, namespace: namespace) } catch { throw Failure.usage("--service or --namespace: \(error)") }
        }
    }
}
