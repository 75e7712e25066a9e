public import Documents
public import Logging
public import ServiceLifecycle
internal import SwiftASN1
internal import Synchronization
public import Traces

/// Keeps the serving certificate valid while the server runs.
public struct CertificateService: Service {
    /// What the server shows; exchanged in place.
    public let identity: ServingIdentity
    private let keeper: CertificateKeeper
    private let metrics: ServerMetrics
    private let logger: Logger
    private let spans: Spans
    private let now: @Sendable () -> Timestamp
    private let looked: @Sendable (CertificateStatus) async -> Void

    /// Makes or loads the first certificate.
    ///
    /// - Parameters:
    ///   - clientAuthorities: PEM; with it only clients that show a certificate of these may ask for reviews.
    ///   - spans: of each look.
    ///   - looked: told after each look, for publishing the bundle.
    /// - Throws: when there is none to begin with; a server without a certificate serves nobody.
    public static func start(
        keeping keeper: (@escaping @Sendable (ServingCertificate) async throws -> Void) -> CertificateKeeper, clientAuthorities: String? = nil,
        metrics: ServerMetrics, logger: Logger, spans: Spans = .none, now: @escaping @Sendable () -> Timestamp,
        looked: @escaping @Sendable (CertificateStatus) async -> Void = { _ in }
    ) async throws -> CertificateService {
        let shown = Shown(clientAuthorities)
        let keeper = keeper { try shown.show($0) }
        let status = try await spans.within("certificates") { _ in try await keeper.look(now: now()) }
        for line in status.done { logger.info("certificates", metadata: ["done": "\(line)"]) }
        guard let identity = shown.identity else { throw CertificateFault("there is no serving certificate: no authority can sign one") }
        if let expires = status.authorityExpires { metrics.authorityExpiry.set(Double(expires.secondsSinceEpoch)) }
        await looked(status)
        return CertificateService(identity: identity, keeper: keeper, metrics: metrics, logger: logger, spans: spans, now: now, looked: looked)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(30))) != nil {
                do {
                    let status = try await spans.within("certificates") { _ in try await keeper.look(now: now()) }
                    for line in status.done { logger.info("certificates", metadata: ["done": "\(line)"]) }
                    if let expires = status.authorityExpires { metrics.authorityExpiry.set(Double(expires.secondsSinceEpoch)) }
                    await looked(status)
                } catch {
                    logger.error(
                        "certificates", metadata: ["error": "\(error)", "valid_until": "\(Timestamp(secondsSinceEpoch: identity.notAfter))"])
                }
            }
        }
    }

    /// For readiness: who shows an expired certificate cannot be called.
    public var check: HealthCheck {
        let isOver = identity.notAfter <= now().secondsSinceEpoch
        return HealthCheck("certificate", problem: isOver ? "the serving certificate has expired" : nil)
    }

    /// The identity, made by the first certificate.
    private final class Shown: Sendable {
        private let current = Mutex<ServingIdentity?>(nil)
        private let clientAuthorities: String?

        init(_ clientAuthorities: String?) { self.clientAuthorities = clientAuthorities }

        var identity: ServingIdentity? { current.withLock { $0 } }

        func show(_ certificate: ServingCertificate) throws {
            let chain = certificate.chain.map { PEMDocument(type: "CERTIFICATE", derBytes: $0).pemString }.joined(separator: "\n")
            let key = PEMDocument(type: "PRIVATE KEY", derBytes: certificate.key).pemString
            try current.withLock { identity in
                if let identity { return try identity.replace(chain: chain, key: key) }
                identity = try ServingIdentity(chain: chain, key: key, clientAuthorities: clientAuthorities)
            }
        }
    }
}
