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
            demarc admission policies --action deny | kubectl apply -f -
            `demarc serve --admission-policies deny` installs and removes the same. They know no grants: with `deny`, a Pod that only a grant lets in is refused.
            """)

    @Option(help: ArgumentHelp("warn or deny (default: warn).", valueName: "action"))
    var action: String?

    @Option(help: ArgumentHelp("Whose system namespaces are left out: a built-in model or a file.", valueName: "name|file"))
    var model: String?

    @Option(
        name: [.customShort("n"), .long], help: ArgumentHelp("The server's own namespace, left out too (default: demarc).", valueName: "namespace"))
    var namespace: String?

    func run() throws {
        let model = try ScanPlan.model(model ?? ScanPlan.defaultModel)
        guard let action = AdmissionPolicySet.Action(rawValue: action ?? "warn") else {
            throw Failure.usage("--action cannot be '\(action ?? "")'; use warn or deny")
        }
        let namespace = namespace ?? "demarc"
        let settings = InstallationSettings(
            namespace: namespace, endpoint: .service(name: "demarc", port: 443), version: .newest,
            systemNamespaces: model.planes.systemNames.filter(\.isExact).map(\.description))
        print(AdmissionPolicySet(settings, action: action).yaml, terminator: "")
    }
}
