internal import ArgumentParser
internal import Controls
internal import Documents
internal import Kubernetes
internal import Responsibility

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "config", abstract: "The configuration in force.", subcommands: [ConfigShow.self])
}

struct ConfigShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the configuration that a scan from here would use, with defaults filled in.")

    @Option(help: ArgumentHelp("Configuration file, instead of the .demarc.yaml found upwards.", valueName: "file"))
    var config: String?

    func run() throws {
        let configuration = try Configuration.load(config)
        let settings = configuration.settings(under: try ScanPlan.model(configuration.model ?? ScanPlan.defaultModel))
        var lines = ["# \(configuration.path.map { "from \($0)" } ?? "no \(Configuration.fileName) here or above: these are the defaults")"]
        lines.append("model: \(configuration.model ?? ScanPlan.defaultModel)")
        lines.append("kubernetesVersion: \"\(configuration.kubernetesVersion ?? KubernetesVersion.newest.description)\"")
        lines.append("failOn: \(configuration.failOn ?? "high")")
        lines.append("namespace: \(configuration.namespace ?? "default")")
        if let percent = configuration.failCoverageBelow { lines.append("failCoverageBelow: \(percent)") }
        if let framework = configuration.framework { lines.append("framework: \(framework)") }
        if let baseline = configuration.baseline { lines.append("baseline: \(baseline)") }
        for (key, list) in [
            ("exclude", configuration.exclude), ("controls", configuration.controls), ("skipControls", configuration.skipControls),
            ("grants", configuration.grants), ("cloudRecords", configuration.cloudRecords), ("advisories", configuration.advisories),
            ("allowedRegistries", settings.allowedRegistries), ("requiredLabels", settings.requiredLabels),
            ("sandboxRuntimeClasses", settings.sandboxRuntimeClasses), ("floatingImageTags", settings.floatingImageTags),
            ("providerNamespaces", settings.providerNamespaces), ("loadBalancerPlatforms", settings.loadBalancerPlatforms),
            ("clusterSecurityGroups", settings.clusterSecurityGroups),
            ("allowedObjectStorageLocations", settings.allowedObjectStorageLocations),
        ] {
            lines.append("\(key): [\(list.map { "\"\($0)\"" }.joined(separator: ", "))]")
        }
        lines.append("requiresSandbox: \(settings.requiresSandbox)")
        lines.append("maximumVolumeSize: \(settings.maximumVolumeSize)")
        lines.append("maximumClusterAdministrators: \(settings.maximumClusterAdministrators)")
        for (key, path) in Configuration.days { lines.append("\(key): \(settings[keyPath: path])") }
        lines.append("# exceptions: \(configuration.exceptions?.count ?? 0)")
        for variable in EnvironmentFlags.variables().sorted(by: { $0.key < $1.key }) {
            lines.append("# environment: \(variable.key)=\(variable.value)")
        }
        try Output.standard.line(lines.joined(separator: "\n"))
    }
}
