internal import ArgumentParser
internal import Documents

/// The flags of every command that reads an estate: what to leave out, within which limits.
struct EstateOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Leave out paths; * within a component, ** across; may repeat.", valueName: "pattern"))
    var exclude: [String] = []

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

    /// Reads the sources as these flags and a configuration say.
    /// - Parameter namespace: where objects live that name no namespace; nil takes that of the configuration.
    func read(_ paths: [String], under configuration: Configuration, namespace: String? = nil) async -> Estate {
        await Estate.read(
            SourceWalk(paths, excluding: exclude + configuration.exclude),
            options: Estate.Options(limits: limits, defaultNamespace: namespace ?? configuration.namespace ?? "default", quiet: quiet))
    }
}
