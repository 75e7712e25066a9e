public import KubernetesClient
public import Logging
public import ServiceLifecycle

/// Wants the lease, and holds it while it can: what only one replica may do hangs on it.
public struct Leadership: Service {
    private let lease: Lease
    private let logger: Logger

    /// What a lease is for.
    public enum Office: String, Sendable {
        /// To write into the cluster.
        case cluster = "demarc"
        /// To add to the ledger. An office of its own, since not every replica can reach the ledger's file.
        case ledger = "demarc-ledger"
    }

    private let office: Office

    /// - Parameter token: the newest that is known where the lease itself may have been deleted.
    public init(
        _ client: ClusterClient, namespace: String, identity: String, for office: Office = .cluster, after token: Int = 0, logger: Logger
    ) {
        lease = Lease(client, namespace: namespace, name: office.rawValue, identity: identity, after: token)
        (self.office, self.logger) = (office, logger)
    }

    /// The fencing token of this hold; nil while another replica holds the lease.
    public var token: Int? { lease.token }

    /// Whether this replica holds the lease, beyond doubt, at this moment.
    public var isHeld: Bool { lease.isHeld }

    /// Asks once. Errors are logged: without an answer nobody leads.
    public func attempt() async {
        let was = lease.isHeld
        do {
            let isHeld = try await lease.attempt()
            if isHeld != was {
                logger.info(isHeld ? "this replica leads" : "this replica no longer leads", metadata: ["lease": "\(office.rawValue)"])
            }
        } catch { logger.warning("the lease cannot be asked for", metadata: ["lease": "\(office.rawValue)", "error": "\(error)"]) }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(5))) != nil { await attempt() }
        }
        await release()
    }

    /// At the end, when all that needed the lease has ended: the next replica leads within its next look.
    private func release() async {
        do { try await lease.release() } catch {
            logger.warning("the lease could not be given up; it runs out", metadata: ["lease": "\(office.rawValue)", "error": "\(error)"])
        }
    }
}
