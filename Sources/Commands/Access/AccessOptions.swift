internal import Access
internal import ArgumentParser
internal import Controls
internal import Kubernetes

/// The flags that questions about access share: where, below which object, and over which files.
struct AccessOptions: ParsableArguments {
    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("The namespace of the request (default: default).", valueName: "namespace"))
    var namespace: String?

    @Option(help: ArgumentHelp("A subresource, such as exec of pods; what stands behind a slash is then a name.", valueName: "subresource"))
    var subresource: String?

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp("A file or directory to read, or - for standard input; may repeat.", valueName: "path"))
    var files: [String] = []

    @OptionGroup var estate: EstateOptions

    /// How many of the last words stood behind `--`.
    static var wordsBehindDashes: Int {
        Demarc.arguments.firstIndex(of: "--").map { Demarc.arguments.count - $0 - 1 } ?? 0
    }

    func question(_ words: [String]) throws -> AccessQuestion {
        try AccessQuestion(words, surePaths: Self.wordsBehindDashes, files: files) { FileIdentity(of: $0) != nil }
    }

    func scope(allNamespaces: Bool, _ configuration: Configuration) throws -> AccessQuestion.Scope {
        guard allNamespaces else { return .namespace(namespace ?? configuration.namespace ?? "default") }
        guard namespace == nil else { throw Failure.usage("--namespace and --all-namespaces exclude each other; leave one out") }
        return .allNamespaces
    }

    func remark(_ lines: [String]) {
        if !estate.quiet { lines.forEach { Output.note($0) } }
    }
}

/// An estate read for a question about access, with everything that makes an answer doubtful.
struct AccessEstate {
    let policy: AccessPolicy
    let reading: AccessQuestion.Reading
    let gaps: [Gap]

    init(_ question: AccessQuestion, _ options: AccessOptions, allNamespaces: Bool) async throws {
        let configuration = try Configuration.load(options.estate.config)
        let scope = try options.scope(allNamespaces: allNamespaces, configuration)
        let estate = await options.estate.read(question.paths, under: configuration)
        let table = ResourceTable(of: estate.inventory)
        reading = try question.reading(table, subresource: options.subresource, scope: scope)
        policy = AccessPolicy(of: estate.inventory)
        // What a broken definition would have said matters only to a resource that nobody else knows.
        gaps = estate.gaps + policy.faults.map { Gap($0) } + (reading.isKnown ? [] : table.faults.map { Gap($0) })
        options.remark(question.remarks + reading.remarks)
    }

    /// Gaps are part of the answer, so `--quiet` does not hide them.
    func noteGaps() {
        for gap in gaps { Output.note("\(gap.source)\(gap.line > 0 ? ":\(gap.line)" : ""): \(gap.message)") }
    }
}
