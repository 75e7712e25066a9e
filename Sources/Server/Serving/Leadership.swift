public import KubernetesClient
public import Logging
public import ServiceLifecycle

/// Wants the lease, and holds it while it can: what only one replica may do hangs on it.
public struct Leadership: Service {
    private let lease: Lease
    private let logger: Logger

    public init(_ client: ClusterClient, namespace: String, identity: String, logger: Logger) {
        lease = Lease(client, namespace: namespace, name: Leadership.name, identity: identity)
        self.logger = logger
    }

    static let name = "demarc"

    /// Whether this replica holds the lease, beyond doubt, at this moment.
    public var isHeld: Bool { lease.isHeld }

    /// Asks once. Errors are logged: without an answer nobody leads.
    public func attempt() async {
        let was = lease.isHeld
        do {
            let isHeld = try await lease.attempt()
            if isHeld != was { logger.info(isHeld ? "this replica leads" : "this replica no longer leads") }
        } catch { logger.warning("the lease cannot be asked for", metadata: ["error": "\(error)"]) }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(5))) != nil { await attempt() }
        }
    }
}
