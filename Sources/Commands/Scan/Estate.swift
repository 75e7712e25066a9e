internal import Controls
internal import Documents
internal import Kubernetes

/// What was read from all sources: the inventory, and everything that could not be read.
struct Estate: Sendable {
    let inventory: Inventory
    let files: Int
    let gaps: [Gap]

    struct Options: Sendable {
        var limits = Limits.standard
        var defaultNamespace = "default"
        var quiet = false
    }

    /// Reads the sources on all cores; objects keep the order of the sources.
    /// - Parameter cluster: what was read of a cluster; it comes first.
    static func read(_ walk: SourceWalk, options: Options, cluster: ClusterReading? = nil) async -> Estate {
        let sources = walk.sources
        let progress = Progress("reading", total: sources.count, quiet: options.quiet)
        let parts = await Parallel.map(sources) { source in
            defer { progress.step() }
            return Part(source, options: options)
        }
        progress.finish()
        var objects = cluster?.objects ?? []
        var gaps = (cluster?.gaps ?? []) + walk.gaps
        objects.reserveCapacity(objects.count + parts.reduce(0) { $0 + $1.objects.count })
        for part in parts {
            objects += part.objects
            gaps += part.gaps
        }
        if objects.isEmpty, gaps.isEmpty {
            gaps.append(Gap(source: sources.first?.path ?? "-", reason: .noObjects, message: "no Kubernetes object was found"))
        }
        let inventory = Inventory(objects)
        gaps += inventory.repeated.map { Gap(repeated: inventory.objects[$0]) }
        return Estate(inventory: inventory, files: sources.count, gaps: gaps)
    }

    /// What one source held. Its text is let go with it: only the document tree stays.
    private struct Part: Sendable {
        var objects: [KubernetesObject] = []
        var gaps: [Gap] = []

        init(_ source: SourceWalk.Source, options: Options) {
            let name = source.path == "-" ? "<stdin>" : source.path
            let bytes: [UInt8]
            do {
                bytes = try SourceFile.read(source.path, limit: options.limits.bytes)
            } catch {
                gaps = [Gap(source: name, reason: .unreadable, message: error.message)]
                return
            }
            let parsed = DocumentTree.parse(bytes, source: name, limits: options.limits)
            let read = SourceObjects(parsed.tree, defaultNamespace: options.defaultNamespace)
            objects = source.holdsRecords ? read.objects : read.objects.filter { $0.cloud == nil }
            if objects.count < read.objects.count { gaps.append(Gap(untrusted: name, records: read.objects.count - objects.count)) }
            gaps += parsed.problems.map { Gap($0, in: bytes) } + read.malformed.map { Gap($0) }
            gaps += read.foreign.filter { source.isNamed || $0["kind"].exists || $0["apiVersion"].exists }.map(Gap.init(foreign:))
            gaps += read.unserved.map(Gap.init(unserved:))
        }
    }
}

extension Gap {
    /// Records of a cloud from a place where others than the cloud may write.
    init(untrusted source: String, records: Int) {
        self.init(
            source: source, reason: .notObservable,
            message: "\(records) \(records == 1 ? "record" : "records") of the cloud left out: the file is not among --cloud-records")
    }

    /// A document that is no Kubernetes object though it was named, or looks like one.
    init(foreign root: Value) {
        self.init(
            source: root.source, line: root.position.line, column: root.position.column, reason: .notAnObject,
            message: "the document is no Kubernetes object: it needs both apiVersion and kind")
    }

    /// An object of a kind that Kubernetes does not have where the object says.
    init(unserved object: KubernetesObject) {
        let place = object.root["kind"].exists ? object.root["kind"] : object.root
        self.init(
            source: place.source, line: place.position.line, column: place.position.column, reason: .notAnObject,
            message: "Kubernetes has no kind '\(object.kind)' in '\(object.apiVersion)'; the API server refuses it, so it was not judged")
    }

    /// An object that its source already holds.
    init(repeated object: KubernetesObject) {
        let place = object.metadata["name"].exists ? object.metadata["name"] : object.root
        self.init(
            source: place.source, line: place.position.line, column: place.position.column, reason: .duplicateObject,
            message: "\(object.displayName) stands twice in this source; only the last one takes effect, but all were judged together: remove one")
    }

    /// A syntax error in a file full of template actions gets the remedy that helps.
    init(_ problem: DocumentProblem, in bytes: [UInt8]) {
        let gap = Gap(problem)
        guard problem.reason == .syntax, bytes.contains(template: "{{") else {
            self = gap
            return
        }
        self.init(
            source: gap.source, line: gap.line, column: gap.column, reason: gap.reason,
            message: gap.message + "; this looks like a template: render it first (helm template CHART | demarc scan -)")
    }
}

extension [UInt8] {
    fileprivate func contains(template marker: StaticString) -> Bool {
        marker.withUTF8Buffer { marker in
            indices.dropLast(marker.count - 1).contains { self[$0] == marker[0] && self[$0 + 1] == marker[1] }
        }
    }
}
