internal import ArgumentParser
internal import KubernetesClient
internal import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Guard a cluster: admit, warn or deny what is asked of its API server.",
        discussion: """
            In a cluster, with the manifests of deploy/admission:
              demarc serve
            Alone, with certificates of its own and grants from files:
              demarc serve --standalone --data /var/lib/demarc --host demarc.example.com --grants grants/
            What it has installed in the cluster goes again with:
              demarc serve --uninstall
            """)

    @OptionGroup var options: ServeOptions
    @OptionGroup var cluster: ServeClusterOptions
    @OptionGroup(title: "The ledger") var ledger: ServeLedgerOptions

    /// What would be passed over in silence is refused, either way.
    func validate() throws {
        guard options.standalone, let flag = cluster.given.first ?? (ledger.ledgerElsewhere ? "ledger-elsewhere" : nil) else { return }
        throw ValidationError("--\(flag) is for a server in a cluster; leave out --standalone, or leave it out")
    }

    func run() async throws {
        let plan = try ServePlan(options)
        if cluster.uninstall { return try await ClusterServing(plan, cluster, ledger).uninstall() }
        if options.standalone {
            try await StandaloneServing(plan, ledger).run()
        } else {
            try await ClusterServing(plan, cluster, ledger).run()
        }
    }
}

/// What to judge by, and where to listen.
struct ServeOptions: ParsableArguments {
    @Flag(help: "Without a cluster: grants from files, certificates of its own.")
    var standalone = false

    @Option(help: ArgumentHelp("The responsibility model: a built-in name or a file.", valueName: "name|file"))
    var model: String?

    @Option(help: ArgumentHelp("Judge as this version behaves (default: the API server's, alone the newest known).", valueName: "version"))
    var kubernetesVersion: String?

    @Option(help: ArgumentHelp("Configuration file, instead of the .demarc.yaml found upwards.", valueName: "file"))
    var config: String?

    @Option(name: .customLong("skip-control"), help: ArgumentHelp("All but this control; may repeat.", valueName: "id"))
    var skippedControls: [String] = []

    @Option(help: ArgumentHelp("Where to listen (default: 0.0.0.0:8443).", valueName: "address:port"))
    var listen: String?

    @Option(
        name: .customLong("client-ca"),
        help: ArgumentHelp("Only clients with a certificate of this authority may ask for reviews.", valueName: "file"))
    var clientAuthority: String?

    @Option(help: ArgumentHelp("Seconds in which it still answers after it was told to stop, up to 3600 (default: 5).", valueName: "seconds"))
    var drainDelay: Int?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical (default: info).", valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp("text or json (default: text on a terminal, otherwise json).", valueName: "format"))
    var logFormat: String?

    @Option(
        help: ArgumentHelp("Take audit events of API servers at /demarc/v1/audit, and keep them in this folder.", valueName: "folder"))
    var auditLog: String?

    @Option(help: ArgumentHelp("MiB that it may take (default: 1024).", valueName: "mebibytes"))
    var auditLogSize: Int?

    @Option(help: ArgumentHelp("Days after which events go (default: 7).", valueName: "days"))
    var auditLogAge: Int?

    // MARK: - Alone

    @Option(help: ArgumentHelp("Alone: the folder of its certificates (default: demarc-data).", valueName: "folder"))
    var data: String?

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp("Alone: a name or address that clients call it by; may repeat (default: localhost).", valueName: "name"))
    var hosts: [String] = []

    @Option(help: ArgumentHelp("Alone: grants, read again when they change; may repeat.", valueName: "path"))
    var grants: [String] = []

    @Option(name: .customLong("runtime-class"), help: ArgumentHelp("Alone: a RuntimeClass that the cluster has; may repeat.", valueName: "name"))
    var runtimeClasses: [String] = []

    @Option(help: ArgumentHelp("Alone: a file with the token that opens /metrics and the API.", valueName: "file"))
    var tokenFile: String?

    func validate() throws {
        if let drainDelay, !(0...3_600).contains(drainDelay) { throw ValidationError("--drain-delay must be from 0 to 3600") }
        if auditLog == nil, auditLogSize != nil || auditLogAge != nil {
            throw ValidationError("--audit-log-size and --audit-log-age need --audit-log")
        }
        if let auditLogSize, !(1...1 << 20).contains(auditLogSize) { throw ValidationError("--audit-log-size must be from 1 to 1048576") }
        if let auditLogAge, !(1...3_650).contains(auditLogAge) { throw ValidationError("--audit-log-age must be from 1 to 3650") }
        guard !standalone else { return }
        let flags: [(String, Bool)] = [
            ("data", data != nil), ("host", !hosts.isEmpty), ("grants", !grants.isEmpty), ("runtime-class", !runtimeClasses.isEmpty),
            ("token-file", tokenFile != nil),
        ]
        if let flag = flags.first(where: \.1)?.0 { throw ValidationError("--\(flag) is for a server alone; add --standalone, or leave it out") }
    }
}
