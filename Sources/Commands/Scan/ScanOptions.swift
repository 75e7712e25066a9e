internal import ArgumentParser
internal import Controls
internal import Documents
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

    @Option(help: ArgumentHelp("Grants that do not lie among the manifests; may repeat.", valueName: "path"))
    var grants: [String] = []

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Namespace of objects that name none (default: default).", valueName: "namespace"))
    var namespace: String?

    @Option(name: [.customShort("l"), .long], help: ArgumentHelp("Only objects with these labels, as kubectl takes them.", valueName: "selector"))
    var selector: String?

    @Option(help: ArgumentHelp("Leave out paths; * within a component, ** across; may repeat.", valueName: "pattern"))
    var exclude: [String] = []

    @Option(help: ArgumentHelp("The instant grants and exceptions are judged by, RFC 3339 (default: the clock).", valueName: "time"))
    var now: String?

    @Option(help: ArgumentHelp("Configuration file, instead of the .demarc.yaml found upwards.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Limit of bytes a source (default: \(Limits.standard.bytes)).", valueName: "count"))
    var maxBytes: Int?

    @Option(help: ArgumentHelp("Limit of nesting (default: \(Limits.standard.depth)).", valueName: "count"))
    var maxDepth: Int?

    @Option(help: ArgumentHelp("Limit of nodes a source (default: \(Limits.standard.nodes)).", valueName: "count"))
    var maxNodes: Int?

    @Option(help: ArgumentHelp("Limit of nodes that aliases may add (default: \(Limits.standard.expandedNodes)).", valueName: "count"))
    var maxExpandedNodes: Int?

    @Flag(help: "No remarks on standard error.")
    var quiet = false

    var limits: Limits {
        Limits(
            bytes: maxBytes ?? Limits.standard.bytes, depth: maxDepth ?? Limits.standard.depth, nodes: maxNodes ?? Limits.standard.nodes,
            expandedNodes: maxExpandedNodes ?? Limits.standard.expandedNodes)
    }

    func validate() throws {
        for (flag, value) in [("max-bytes", maxBytes), ("max-depth", maxDepth), ("max-nodes", maxNodes), ("max-expanded-nodes", maxExpandedNodes)] {
            if let value, value < 1 { throw ValidationError("--\(flag) must be at least 1, not \(value)") }
        }
    }
}
