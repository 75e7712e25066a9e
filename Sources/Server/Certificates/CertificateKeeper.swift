public import Documents

/// What is so after a look at the certificates.
public struct CertificateStatus: Sendable, Equatable {
    /// PEM, for `caBundle` and for clients; empty while there is no authority.
    public var bundle = ""
    /// Until when the authority that signs is valid. For a gauge, and for an alert well before it.
    public var authorityExpires: Timestamp?
    /// The same of the serving certificate; nil while the server has none, and cannot be ready.
    public var servingExpires: Timestamp?
    /// What was done, for the log.
    public var done: [String] = []
}

/// Keeps the certificates of one server: asks what is to be done, does it, and hands over each new serving certificate.
///
/// Call `look` at the start and every minute. It may be called late or twice; it never waits by itself.
public actor CertificateKeeper {
    private let store: any AuthorityStore
    private let names: CertificateNames
    private let policy: RotationPolicy
    private let mayWrite: @Sendable () -> Bool
    private let isPublished: @Sendable (_ bundle: String) async throws -> Bool
    private let serve: @Sendable (ServingCertificate) async throws -> Void

    private var known = AuthorityState()
    private var serving: ServingCertificate?

    /// - Parameters:
    ///   - mayWrite: whether this replica holds the lease now. Only one may change the authorities.
    ///   - isPublished: whether each place where clients look has all of the bundle; for a cluster `Installer.isPublished`.
    ///   - serve: is handed a new serving certificate, which counts from the next connection on.
    public init(
        store: any AuthorityStore, names: CertificateNames, policy: RotationPolicy = RotationPolicy(), mayWrite: @escaping @Sendable () -> Bool,
        isPublished: @escaping @Sendable (_ bundle: String) async throws -> Bool, serve: @escaping @Sendable (ServingCertificate) async throws -> Void
    ) {
        (self.store, self.names, self.policy) = (store, names, policy)
        (self.mayWrite, self.isPublished, self.serve) = (mayWrite, isPublished, serve)
    }

    /// Does what is due.
    ///
    /// Where the store cannot be reached the server goes on with what it knows, and renews its own certificate from that; the error is
    /// thrown all the same, for the log.
    public func look(now: Timestamp) async throws -> CertificateStatus {
        var done: [String] = []
        do {
            try await advance(now, &done)
        } catch {
            try await renew(now, &done)
            throw error
        }
        try await renew(now, &done)
        return CertificateStatus(
            bundle: try known.bundle, authorityExpires: known.current?.notAfter, servingExpires: serving?.notAfter, done: done)
    }

    private func advance(_ now: Timestamp, _ done: inout [String]) async throws {
        // Each step leads to another one, and a rotation has four.
        for _ in 0..<8 {
            let (state, version) = try await store.load()
            known = state
            let isPublished = state.next == nil ? false : try await self.isPublished(try state.bundle)
            let step = state.step(for: names, isPublished: isPublished, policy: policy, now: now)
            if case .rest = step { return }
            guard mayWrite() else { return }
            let changed = try state.taking(step, for: names, policy: policy, now: now)
            guard try await store.save(changed, over: version) else { continue }
            known = changed
            done.append(step.description)
        }
    }

    private func renew(_ now: Timestamp, _ done: inout [String]) async throws {
        guard let reason = known.reasonToIssue(over: serving, for: names, policy: policy, now: now), let authority = known.current,
            authority.isUsable(at: now), let names = authority.names.common(with: names)
        else { return }
        let issued = try ServingCertificate.issue(by: authority, for: names, policy: policy, now: now)
        try await serve(issued)
        serving = issued
        done.append("a new serving certificate until \(issued.notAfter): \(reason)")
    }
}

extension RotationStep {
    /// For the log.
    var description: String {
        switch self {
        case .begin(let reason): "a new authority that signs at once: \(reason)"
        case .announce(let reason): "a new authority that is trusted first: \(reason)"
        case .notePublished: "the bundle with the next authority is published"
        case .promote(let reason): "the next authority signs from now on: \(reason)"
        case .forget: "an authority that has ended is trusted no more"
        case .rest(let until): "nothing until \(until)"
        }
    }
}
