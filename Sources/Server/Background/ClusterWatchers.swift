internal import Controls
internal import Kubernetes
internal import KubernetesClient
internal import Logging
internal import Synchronization

/// Watches every kind that controls need and writes what is told into the store: one task a kind, and one that asks from time to time
/// what the cluster serves.
final class ClusterWatchers: Sendable {
    let client: ClusterClient
    let controls: [Control]
    let store: EstateStore
    let settings: BackgroundSettings
    let clock: BackgroundClock
    let metrics: BackgroundMetrics
    let logger: Logger
    /// Hears of all that is served.
    let discovered: @Sendable ([Resource]) -> Void
    private let gate: ListGate
    private let troubles = WatchTroubles()
    /// What is being watched. One version of a kind is enough.
    private let watched = Mutex<[Name: Resource]>([:])

    private struct Name: Hashable {
        let group, kind: String

        init(_ resource: Resource) { (group, kind) = (resource.group, resource.kind) }
    }

    init(
        _ client: ClusterClient, controls: [Control], store: EstateStore, settings: BackgroundSettings, clock: BackgroundClock,
        metrics: BackgroundMetrics, logger: Logger, discovered: @escaping @Sendable ([Resource]) -> Void
    ) {
        (self.client, self.controls, self.store, self.settings, self.clock) = (client, controls, store, settings, clock)
        (self.metrics, self.logger, self.discovered) = (metrics, logger, discovered)
        gate = ListGate(places: settings.listsAtOnce)
    }

    /// Runs until it is cancelled.
    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            var isFirst = true
            while true {
                do throws(ClusterError) {
                    let discovery = try await client.discovery()
                    discovered(discovery.resources)
                    for resource in begin(discovery) { group.addTask { await self.watch(resource) } }
                    isFirst = false
                    try await pause(settings.rediscovery)
                } catch {
                    guard !Task.isCancelled else { throw CancellationError() }
                    logger.warning("the cluster does not say what it serves", metadata: ["error": "\(error)"])
                    try await clock.sleep(isFirst ? .seconds(2) : .seconds(30))
                }
            }
        }
    }

    private func pause(_ duration: Duration) async throws(ClusterError) {
        do { try await clock.sleep(duration) } catch { throw ClusterError(.unreachable, "cancelled") }
    }

    /// - Returns: what is not watched yet.
    private func begin(_ discovery: Discovery) -> [Resource] {
        let wanted = ClusterKinds.resources(discovery.resources, for: controls).filter { $0.verbs.contains("watch") }
        let added = watched.withLock { watched in
            let added = wanted.filter { watched[Name($0)] == nil }
            for resource in added { watched[Name(resource)] = resource }
            return added
        }
        store.watches(added, gaps: discovery.failures.map { Gap($0, source: client.sourceName) })
        return added
    }

    /// Watches one kind until it is no longer served, or the task is cancelled.
    private func watch(_ resource: Resource) async {
        while !Task.isCancelled {
            var retry = settings.retryOfLost
            do {
                try await follow(resource)
            } catch let error as ClusterError {
                if error.kind == .notFound {
                    logger.info("no longer served", metadata: ["resource": "\(resource.name).\(resource.group)"])
                    watched.withLock { $0[Name(resource)] = nil }
                    return store.drop(resource)
                }
                // It is tried again every few minutes, for ever where a right is left out on purpose.
                if troubles.isNews(error.description, of: resource) {
                    logger.warning("a kind cannot be watched", metadata: ["resource": "\(resource.name)", "error": "\(error)"])
                }
                store.lose(resource, Gap(error, source: client.sourceName))
            } catch is TooMuch {
                if troubles.isNews("too much", of: resource) {
                    logger.error(
                        "a kind is too much to be kept, so nothing of it is judged",
                        metadata: ["resource": "\(resource.name)", "limit": "\(settings.limits.totalBytes)"])
                }
                retry = settings.retryOfShed
            } catch {
                return
            }
            metrics.restarts.add(1, resource.kind)
            do { try await clock.sleep(retry) } catch { return }
        }
    }

    /// What a watch tells is not kept.
    private struct TooMuch: Error {}

    /// One watch from its list on. A few kinds list at a time; whoever is too slow makes room for the others.
    private func follow(_ resource: Resource) async throws {
        let ticket = try await gate.enter()
        defer { ticket.leave() }
        let (client, store, clock, patience) = (client, store, clock, settings.patienceOfLists)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await clock.sleep(patience)
                guard ticket.leave() else { return false }
                store.lose(resource, Gap(slow: resource, after: patience, source: client.sourceName))
                return false
            }
            group.addTask {
                var query = ListQuery(resource)
                query.limit = self.settings.pageSize
                query.pageBytes = self.settings.limits.pageBytes
                var isListed = false
                for try await event in client.watch(query) {
                    store.take(event, of: resource)
                    guard !store.isShed(resource) else { throw TooMuch() }
                    switch event {
                    case .listed:
                        ticket.leave()
                        isListed = true
                    case .beginsAnew where isListed: self.metrics.restarts.add(1, resource.kind)
                    // Who may list but not watch comes to the list each time, and no further.
                    case .present where isListed, .deleted where isListed: self.troubles.mended(resource)
                    default: break
                    }
                }
                return true
            }
            group.addTask {
                // Another kind may have made this one too much, and nobody tells.
                while !store.isShed(resource) { try await clock.sleep(self.settings.retryOfLost) }
                throw TooMuch()
            }
            // Only a watch ends this, by throwing.
            while let isOver = try await group.next(), !isOver {}
            group.cancelAll()
        }
    }
}

extension Gap {
    fileprivate init(slow resource: Resource, after patience: Duration, source: String) {
        self.init(
            source: source, reason: .unreadable,
            message: "list \(resource.name): not answered in full for \(patience.components.seconds) s; it goes on being tried")
    }
}

/// What was said last of why a kind cannot be watched, so that it is said once and not every few minutes.
final class WatchTroubles: Sendable {
    private let known = Mutex<[Resource: String]>([:])

    /// - Returns: whether it was not said before.
    func isNews(_ trouble: String, of resource: Resource) -> Bool { known.withLock { $0.updateValue(trouble, forKey: resource) != trouble } }

    func mended(_ resource: Resource) { known.withLock { $0[resource] = nil } }
}

/// Lets a few in at a time, in the order they came.
actor ListGate {
    /// A place, given back once.
    final class Ticket: Sendable {
        private let gate: ListGate
        private let isHeld = Mutex(true)

        fileprivate init(_ gate: ListGate) { self.gate = gate }

        /// - Returns: whether the place was still held.
        @discardableResult func leave() -> Bool {
            let wasHeld = isHeld.withLock { isHeld in
                defer { isHeld = false }
                return isHeld
            }
            if wasHeld { Task { [gate] in await gate.release() } }
            return wasHeld
        }
    }

    private var free: Int
    private var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    private var next = 0

    init(places: Int) { free = max(1, places) }

    /// - Throws: `CancellationError`.
    func enter() async throws -> Ticket {
        try Task.checkCancellation()
        if free > 0 {
            free -= 1
            return Ticket(self)
        }
        let id = next
        next += 1
        let isLetIn = await withTaskCancellationHandler {
            await withCheckedContinuation { waiters[id] = $0 }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
        guard isLetIn else { throw CancellationError() }
        return Ticket(self)
    }

    private func giveUp(_ id: Int) { waiters.removeValue(forKey: id)?.resume(returning: false) }

    private func release() {
        guard let first = waiters.keys.min() else { return free += 1 }
        waiters.removeValue(forKey: first)?.resume(returning: true)
    }
}
