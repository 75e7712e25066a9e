internal import ArgumentParser
internal import KubernetesClient
internal import SystemPackage

/// The flags of every command that speaks to a cluster; named as kubectl's users expect.
struct ClusterOptions: ParsableArguments {
    @Flag(help: "Read a cluster, that of the current context unless --context names another.")
    var cluster = false

    @Option(help: ArgumentHelp("The kubeconfig, instead of those of KUBECONFIG and ~/.kube/config.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("A context of the kubeconfig.", valueName: "name"))
    var context: String?

    @Flag(name: [.customShort("A"), .long], help: "The whole cluster, which is the default.")
    var allNamespaces = false

    @Option(name: .customLong("as"), help: ArgumentHelp("Read as this user instead of oneself.", valueName: "user"))
    var user: String?

    @Option(name: .customLong("as-group"), help: ArgumentHelp("A group of that user; may repeat.", valueName: "group"))
    var groups: [String] = []

    @Option(help: ArgumentHelp("Seconds a request may take (default: 60).", valueName: "seconds"))
    var requestTimeout: Int?

    @Option(help: ArgumentHelp("Objects to ask for at once (default: 500).", valueName: "count"))
    var chunkSize: Int?

    func validate() throws {
        for (flag, value) in [("request-timeout", requestTimeout), ("chunk-size", chunkSize)] {
            if let value, value < 1 { throw ValidationError("--\(flag) must be at least 1, not \(value)") }
        }
        if user == nil, !groups.isEmpty { throw ValidationError("--as-group needs --as") }
        guard !cluster else { return }
        let flags: [(String, Bool)] = [
            ("kubeconfig", kubeconfig != nil), ("context", context != nil), ("all-namespaces", allNamespaces), ("as", user != nil),
            ("request-timeout", requestTimeout != nil), ("chunk-size", chunkSize != nil),
        ]
        if let flag = flags.first(where: \.1)?.0 { throw ValidationError("--\(flag) is for clusters; add --cluster") }
    }

    /// - Throws: `Failure` with code `usage` when the kubeconfig or what it names is wrong.
    func connection() throws -> Connection {
        try ClusterOptions.connection(kubeconfig, context, user.map { Impersonation(user: $0, groups: groups) })
    }

    static func connection(_ kubeconfig: String?, _ context: String?, _ impersonation: Impersonation? = nil) throws -> Connection {
        let variables = ["KUBECONFIG", "HOME", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"]
        let environment = variables.reduce(into: [:]) { $0[$1] = Terminal.environment($1) }
        do throws(ClusterError) {
            return try ConnectionOptions(kubeconfig: kubeconfig, context: context, impersonation: impersonation, environment: environment)
                .connection()
        } catch {
            throw Failure(error)
        }
    }

    var settings: ClientSettings {
        var settings = ClientSettings()
        settings.userAgent = "demarc/\(Version.current)"
        settings.isInteractive = Terminal.isTerminal(.standardInput) && Terminal.isTerminal(.standardError)
        if let requestTimeout { settings.timeout = .seconds(requestTimeout) }
        return settings
    }
}

extension Failure {
    /// What stops a command from speaking to its cluster at all.
    init(_ error: ClusterError) {
        self.init(code: error.kind == .configuration ? .usage : .unreachable, description: error.description)
    }
}
