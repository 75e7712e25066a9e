public import Documents
public import KubernetesClient
public import Logging
public import ServiceLifecycle
internal import Synchronization
internal import Traces

/// Keeps up what the server owns in its cluster, and leaves signs of life, so that later it is known when nobody answered.
public final class Caretaker: Service {
    private let installer: Installer
    private let heartbeat: Heartbeat
    private let leadership: Leadership
    private let isReady: @Sendable () -> Bool
    private let now: @Sendable () -> Timestamp
    private let silences: KnownSilences
    private let silenced: @Sendable () -> Void
    private let logger: Logger
    private let spans: Spans
    private let state = Mutex(State())

    private struct State {
        var bundle = ""
        var isInstalled = false
    }

    /// - Parameters:
    ///   - isReady: whether this replica answers reviews; only then the API server is told to call.
    ///   - silenced: told when a silence has become known.
    public init(
        _ client: ClusterClient, settings: InstallationSettings, leadership: Leadership, identity: String, silences: KnownSilences,
        isReady: @escaping @Sendable () -> Bool,
        silenced: @escaping @Sendable () -> Void = {}, now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        installer = Installer(client, settings: settings)
        heartbeat = Heartbeat(client, namespace: settings.namespace, identity: identity)
        (self.silenced, spans) = (silenced, client.spans)
        (self.leadership, self.silences, self.isReady, self.now, self.logger) = (leadership, silences, isReady, now, logger)
    }

    /// For `CertificateKeeper`.
    public func isPublished(_ bundle: String) async throws(ClusterError) -> Bool { try await installer.isPublished(bundle) }

    /// For `CertificateService`.
    public func publish(_ status: CertificateStatus) async {
        state.withLock { $0.bundle = status.bundle }
        await install()
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var rounds = 0
            while (try? await Task.sleep(for: .seconds(5))) != nil {
                guard isReady() else { continue }
                let isCalled = await beat()
                // Soon after the start and when nobody is told to call, then now and then against drift.
                if !isCalled || !state.withLock({ $0.isInstalled }) || rounds.isMultiple(of: 6) { await install() }
                rounds += 1
            }
        }
    }

    /// Leaves a sign of life, unless no API server is told to ask: who is ready and never asked has reviewed nothing.
    ///
    /// - Returns: whether API servers are told to call, as far as that could be read.
    func beat() async -> Bool {
        do {
            let (isCalled, known) = try await spans.within("sign of life") { _ in
                let isCalled = try await installer.isCalled()
                return (isCalled, isCalled ? try await heartbeat.beat(now: now()) : try await heartbeat.silences())
            }
            let news = silences.take(known)
            for silence in news { logger.warning("reviews were not answered", metadata: ["from": "\(silence.start)", "to": "\(silence.end)"]) }
            if !news.isEmpty { silenced() }
            return isCalled
        } catch {
            logger.warning("no sign of life could be left", metadata: ["error": "\(error)"])
            return true
        }
    }

    private func install() async {
        let bundle = state.withLock { $0.bundle }
        guard leadership.isHeld, isReady(), !bundle.isEmpty else { return }
        do {
            let changes = try await spans.within("installation") { _ in try await installer.reconcile(bundle: bundle) }
            for change in changes where change.what != .unchanged {
                logger.info("installed", metadata: ["change": "\(change)"])
            }
            state.withLock { $0.isInstalled = true }
        } catch { logger.error("the installation is not as it should be", metadata: ["error": "\(error)"]) }
    }
}
