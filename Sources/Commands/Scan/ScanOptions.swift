internal import ArgumentParser
internal import Controls
internal import Kubernetes
internal import Reports
internal import Responsibility

/// The flags that `scan` and its relatives share: what to read and how to judge it.
struct ScanOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The responsibility model: a built-in name or a file.", valueName: "name|file"))
    var model: String?

    @Option(help: ArgumentHelp("Only the controls of a framework: pss:baseline, pss:restricted, cis-1.12, nsa, …", valueName: "name[:level]"))
    var framework: String?

    @Option(name: .customLong("control"), help: ArgumentHelp("Only this control; may repeat.", valueName: "id"))
    var controls: [String] = []

    @Option(name: .customLong("skip-control"), help: ArgumentHelp("All but this control; may repeat.", valueName: "id"))
    var skippedControls: [String] = []

    @Option(help: ArgumentHelp("Judge as this version behaves (default: \(KubernetesVersion.newest)).", valueName: "version"))
    var kubernetesVersion: String?

    @Option(
        help: ArgumentHelp(
            "Limits of this edition for evidence of machines: \(Benchmark.all.map(\.id).joined(separator: ", ")) (default: by the version the evidence names).",
            valueName: "id"))
    var benchmark: String?

    @Option(help: ArgumentHelp("Grants that do not lie among the manifests; may repeat.", valueName: "path"))
    var grants: [String] = []

    @Option(help: ArgumentHelp("Records of the cloud (groups, trails); given any, none is believed from elsewhere; may repeat.", valueName: "path"))
    var cloudRecords: [String] = []

    @Option(help: ArgumentHelp("Advisories in OSV's form or Debian's tracker, for evidence of machines; may repeat.", valueName: "path"))
    var advisories: [String] = []

    @Option(
        name: .customLong("audit"),
        help: ArgumentHelp("Audit logs that prove who wrote what, files or directories; may repeat.", valueName: "path"))
    var auditLogs: [String] = []

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Namespace of objects that name none (default: default).", valueName: "namespace"))
    var namespace: String?

    @Option(name: [.customShort("l"), .long], help: ArgumentHelp("Only objects with these labels, as kubectl takes them.", valueName: "selector"))
    var selector: String?

    @Option(help: ArgumentHelp("The instant grants and exceptions are judged by, RFC 3339 (default: the clock).", valueName: "time"))
    var now: String?

    @OptionGroup var estate: EstateOptions
}
