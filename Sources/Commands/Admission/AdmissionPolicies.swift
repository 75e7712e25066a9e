internal import ArgumentParser
internal import Controls
internal import Kubernetes
internal import Responsibility
internal import Server

struct AdmissionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admission", abstract: "What guards a cluster without a server of ours.", subcommands: [AdmissionPolicies.self])
}

struct AdmissionPolicies: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policies",
        abstract: "Print the Pod Security baseline as ValidatingAdmissionPolicies, which API servers from 1.30 check by themselves.",
        discussion: """
            demarc admission policies --action deny --kubernetes-version 1.33 | kubectl apply -f -
            `demarc serve --admission-policies deny` installs the same for the version of its API server, with the same --exempt-namespace, and removes them. \
            They know no grants: with `deny`, a Pod that only a grant lets in is refused.
            """)

    @Option(help: ArgumentHelp("warn or deny (default: warn).", valueName: "action"))
    var action: String?

    @Option(
        name: .customLong("exempt-namespace"),
        help: ArgumentHelp(
            "A namespace beside kube-system, kube-public, kube-node-lease and the server's own that is left out; may repeat.", valueName: "name"))
    var exemptNamespaces: [String] = []

    @Option(
        help: ArgumentHelp(
            "Leave out the system namespaces of this model too, a built-in one or a file; whoever may create one of these is not checked there.",
            valueName: "name|file"))
    var model: String?

    @Option(
        name: [.customShort("n"), .long], help: ArgumentHelp("The server's own namespace, left out too (default: demarc).", valueName: "namespace"))
    var namespace: String?

    @Option(help: ArgumentHelp("Check as the baseline of this version does (default: the newest known).", valueName: "version"))
    var kubernetesVersion: String?

    func run() throws {
        guard let action = AdmissionPolicySet.Action(rawValue: action ?? "warn") else {
            throw Failure.usage("--action cannot be '\(action ?? "")'; use warn or deny")
        }
        let namespace = namespace ?? "demarc"
        try NameArgument.check(namespace, "--namespace", of: "namespace")
        for name in exemptNamespaces { try NameArgument.check(name, "--exempt-namespace", of: "namespace") }
        // A name that the cluster does not have would be a way out for whoever may create namespaces: so none unless somebody says so.
        let system = try model.map { try ScanPlan.model($0).planes.systemNames.filter(\.isExact).map(\.description) } ?? []
        let settings = InstallationSettings(
            namespace: namespace, endpoint: .service(name: "demarc", port: 443), version: try ScanPlan.version(kubernetesVersion),
            systemNamespaces: exemptNamespaces + system)
        guard settings.hasAdmissionPolicies else {
            throw Failure.usage("--kubernetes-version \(settings.version): API servers check such policies since 1.30")
        }
        print(AdmissionPolicySet(settings, action: action).yaml, terminator: "")
    }
}
