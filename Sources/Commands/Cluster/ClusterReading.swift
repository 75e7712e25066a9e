internal import Controls
internal import Documents
internal import Kubernetes
internal import KubernetesClient
internal import Server
internal import Synchronization
internal import SystemPackage

/// The objects of a cluster, as far as they could be read.
struct ClusterReading: Sendable {
    private(set) var objects: [KubernetesObject] = []
    /// What could not be read, with the permission that is missing where one is.
    private(set) var gaps: [Gap] = []
    /// The namespace that was asked for, nil for all.
    private(set) var namespace: String?

    struct Options: Sendable {
        /// nil reads all.
        var namespace: String?
        var pageSize = 500
        var limits = Limits.standard
        var quiet = false
    }

    /// Reads what the controls need, several kinds at a time. Each page is let go as soon as its objects are trees.
    static func read(_ client: ClusterClient, for controls: [Control], options: Options) async throws(ClusterError) -> ClusterReading {
        let discovery = try await client.discovery()
        let resources = ClusterKinds.resources(discovery.resources, for: controls)
        var reading = ClusterReading(namespace: options.namespace)
        reading.gaps = discovery.failures.map { Gap($0, source: client.sourceName) }
        let progress = ClusterProgress(quiet: options.quiet)
        let parts = await withTaskGroup(of: (Int, KindReading).self) { group in
            var parts: [Int: KindReading] = [:]
            var next = resources.indices.makeIterator()
            func add() {
                guard let index = next.next() else { return }
                group.addTask { (index, await KindReading.read(resources[index], client, options: options, progress: progress)) }
            }
            for _ in 0..<atOnce { add() }
            for await (index, part) in group {
                parts[index] = part
                add()
            }
            return parts
        }
        progress.finish()
        for index in resources.indices {
            guard let part = parts[index] else { continue }
            reading.objects += part.objects
            reading.gaps += part.gaps
        }
        return reading
    }

    /// More only makes the server's work queue longer, and holds more pages in memory.
    private static let atOnce = 4
}

/// The objects of one kind.
private struct KindReading: Sendable {
    var objects: [KubernetesObject] = []
    var gaps: [Gap] = []

    static func read(_ resource: Resource, _ client: ClusterClient, options: ClusterReading.Options, progress: ClusterProgress) async -> KindReading {
        var reading = KindReading()
        var query = ListQuery(resource, namespace: resource.isNamespaced ? options.namespace : nil)
        query.limit = options.pageSize
        let source = client.sourceName
        do {
            if resource.group.isEmpty, resource.name == "secrets" {
                try await client.secrets(query) { secrets, beginsAnew in
                    if beginsAnew { reading = KindReading() }
                    for secret in secrets { reading.add(secret.parsed(source: source, limits: options.limits), resource, source) }
                    progress.add(secrets.count, of: resource.name)
                }
            } else {
                var isInconsistent = false
                try await client.pages(query) { page in
                    if page.beginsAnew { reading = KindReading() }
                    for document in page.documents(limits: options.limits, source: { KubernetesObject.sourceName($0, of: resource, source: source) })
                    {
                        reading.add(document, resource, source)
                    }
                    isInconsistent = page.isInconsistent
                    progress.add(page.count, of: resource.name)
                }
                if isInconsistent { reading.gaps.append(Gap(inconsistent: resource, source: source)) }
            }
        } catch let error as ClusterError {
            reading.gaps.append(Gap(error, source: source))
        } catch {
            reading.gaps.append(Gap(source: source, reason: .unreadable, message: "list \(resource.name): \(error)"))
        }
        return reading
    }

    private mutating func add(_ document: ParsedSource, _ resource: Resource, _ source: String) {
        gaps += document.problems.map { Gap($0) }
        guard let root = document.tree.roots.first else { return }
        do throws(WrongType) {
            objects.append(try KubernetesObject(listed: root, of: resource, source: source))
        } catch {
            gaps.append(Gap(error))
        }
    }
}

extension Gap {
    init(inconsistent resource: Resource, source: String) {
        self.init(
            source: source, reason: .notObservable,
            message: "the list of \(resource.name) took so long that the server let go of its beginning; what changed meanwhile may be missing")
    }
}

/// A line on the terminal that says what is being read; silent when nobody is looking.
private final class ClusterProgress: Sendable {
    private let isOn: Bool
    private let count = Atomic<Int>(0)

    init(quiet: Bool) { isOn = !quiet && Terminal.isTerminal(.standardError) }

    func add(_ objects: Int, of resource: String) {
        guard isOn, objects > 0 else { return }
        try? Output.error.write("\rreading \(count.add(objects, ordering: .relaxed).newValue) objects: \(resource)\u{1B}[K")
    }

    func finish() {
        if isOn { try? Output.error.write("\r\u{1B}[K") }
    }
}
