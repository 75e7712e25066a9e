internal import Controls
internal import Documents
internal import Kubernetes
internal import ServiceLifecycle

/// Grants that lie in files, for a server without a cluster.
struct GrantFiles: Sendable {
    let paths: [String]
    let limits: Limits

    init(_ paths: [String], limits: Limits) { (self.paths, self.limits) = (paths, limits) }

    struct Reading: Sendable {
        var objects: [KubernetesObject] = []
        var gaps: [Gap] = []
        /// What was read, for telling whether something has changed.
        var texts: [[UInt8]] = []
    }

    func read() -> Reading {
        guard !paths.isEmpty else { return Reading() }
        let walk = SourceWalk(paths)
        var reading = Reading(gaps: walk.gaps)
        for source in walk.sources {
            do {
                let bytes = try SourceFile.read(source.path, limit: limits.bytes)
                let parsed = DocumentTree.parse(bytes, source: source.path, limits: limits)
                let objects = SourceObjects(parsed.tree)
                reading.objects += objects.objects.filter { $0.kind == "PrivilegeGrant" }
                reading.gaps += parsed.problems.map { Gap($0) } + objects.malformed.map { Gap($0) }
                reading.texts.append(bytes)
            } catch {
                reading.gaps.append(Gap(source: source.path, reason: .unreadable, message: error.message))
            }
        }
        return reading
    }
}

/// Looks at the files every few seconds: a grant that is revoked must not hold until the next restart.
struct GrantFileWatch: Service {
    private let files: GrantFiles
    private let changed: @Sendable (GrantFiles.Reading) async -> Void
    private let interval: Duration
    private let known: [[UInt8]]

    /// - Parameter known: what was read before.
    init(
        _ files: GrantFiles, known: [[UInt8]], every interval: Duration = .seconds(5), changed: @escaping @Sendable (GrantFiles.Reading) async -> Void
    ) {
        (self.files, self.known, self.interval, self.changed) = (files, known, interval, changed)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var known = known
            while (try? await Task.sleep(for: interval)) != nil {
                let reading = files.read()
                guard reading.texts != known else { continue }
                known = reading.texts
                await changed(reading)
            }
        }
    }
}
