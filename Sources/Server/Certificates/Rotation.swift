public import Documents

/// How long certificates last and when they are renewed. All in seconds.
public struct RotationPolicy: Sendable {
    public var authorityLifetime: Int64 = 365 * 86_400
    public var servingLifetime: Int64 = 90 * 86_400
    /// Certificates begin this much before they are made: clocks of a cluster differ.
    public var backdate: Int64 = 3_600
    /// From the moment a bundle was seen in every place until every API server of the cluster knows of it.
    public var settling: Int64 = 120
    /// Whether another name of the server counts at once, for clients too that do not trust the new authority yet.
    public var takesNamesAtOnce = false

    public init() {}

    /// For a server whose clients are given the bundle by people: these have a month for it. The names are those that somebody has just asked for.
    public static let standalone = {
        var policy = RotationPolicy()
        (policy.settling, policy.takesNamesAtOnce) = (30 * 86_400, true)
        return policy
    }()

    /// Where a third of the time is left.
    func renewal(_ notBefore: Timestamp, _ notAfter: Timestamp) -> Timestamp {
        notBefore.advanced(bySeconds: notBefore.seconds(to: notAfter) / 3 * 2)
    }
}

/// The authorities of a server. Whoever is in the bundle is trusted; the current one signs.
public struct AuthorityState: Sendable, Equatable {
    public internal(set) var current: Authority?
    /// It is trusted first and signs later.
    public internal(set) var next: Authority?
    /// When the bundle with `next` was first seen in every place.
    public internal(set) var nextPublished: Timestamp?
    /// Those that sign no more. They stay until they end: a replica that has not heard of the change may have signed with one long after it.
    public internal(set) var retired: [Authority] = []

    init() {}

    public var trusted: [Authority] { [current, next].compactMap { $0 } + retired }

    /// `ca.crt`: for clients, and for `caBundle`.
    public var bundle: String { get throws { try trusted.map { try $0.pem + "\n" }.joined() } }
}

/// What is to be done about the authorities now. Each step is one write of the state.
///
/// The order is what keeps every request going: a new authority is first trusted everywhere and signs only then, and an old
/// one stays trusted until it ends, and with it all it has signed.
enum RotationStep: Sendable, Equatable {
    /// There is none that could sign. Nothing is gained by waiting.
    case begin(reason: String)
    /// Add the next one to the bundle.
    case announce(reason: String)
    /// The bundle is everywhere: note since when.
    case notePublished
    /// The next one signs from now on; the old one's key is thrown away.
    case promote(reason: String)
    /// Take those out of the bundle of which nothing is valid any more.
    case forget
    /// Nothing until then; earlier looks do no harm.
    case rest(until: Timestamp)
}

extension AuthorityState {
    /// - Parameter isPublished: whether every place that clients look at has the whole bundle.
    func step(for names: CertificateNames, isPublished: Bool, policy: RotationPolicy, now: Timestamp) -> RotationStep {
        guard let current, current.isUsable(at: now) else {
            if let next, next.isUsable(at: now) { return .promote(reason: "the current authority \(fault(of: current, at: now))") }
            return .begin(reason: current == nil ? "there is no authority yet" : "the current authority \(fault(of: current, at: now))")
        }
        guard current.names.common(with: names) != nil else { return .begin(reason: "the current authority certifies none of the server's names") }
        if policy.takesNamesAtOnce, !names.isSubset(of: current.names) { return .begin(reason: "the server has another name") }
        if retired.contains(where: { $0.notAfter <= now }) { return .forget }
        if let next {
            if !next.isUsable(at: now) { return .announce(reason: "the next authority \(fault(of: next, at: now))") }
            if !names.isSubset(of: next.names) { return .announce(reason: "the server has another name") }
            // A bundle that was taken back meanwhile is not published, whatever was noted.
            guard isPublished else { return .rest(until: now.advanced(bySeconds: 60)) }
            guard let nextPublished else { return .notePublished }
            let settled = nextPublished.advanced(bySeconds: policy.settling)
            return settled <= now ? .promote(reason: "the bundle is known everywhere") : .rest(until: settled)
        }
        if !names.isSubset(of: current.names) { return .announce(reason: "the server has another name") }
        let due = policy.renewal(current.notBefore, current.notAfter)
        if due <= now { return .announce(reason: "the current authority ends at \(current.notAfter)") }
        return .rest(until: retired.map(\.notAfter).reduce(due, min))
    }

    private func fault(of authority: Authority?, at now: Timestamp) -> String {
        guard let authority, authority.key != nil else { return "has no key" }
        return authority.notAfter <= now ? "ended at \(authority.notAfter)" : "begins at \(authority.notBefore) only"
    }

    /// The state after a step.
    func taking(_ step: RotationStep, for names: CertificateNames, policy: RotationPolicy, now: Timestamp) throws -> AuthorityState {
        var state = self
        switch step {
        case .begin:
            state.retired += try retiring(now)
            state.current = try Authority.make(for: names, policy: policy, now: now)
            (state.next, state.nextPublished) = (nil, nil)
        case .announce:
            state.next = try Authority.make(for: names, policy: policy, now: now)
            state.nextPublished = nil
        case .notePublished: state.nextPublished = now
        case .promote:
            state.retired += try retiring(now)
            (state.current, state.next, state.nextPublished) = (next, nil, nil)
        case .forget: state.retired.removeAll { $0.notAfter <= now }
        case .rest: break
        }
        return state
    }

    /// The current one, as it is kept from now on: without its key, so that nobody signs with it any more.
    private func retiring(_ now: Timestamp) throws -> [Authority] {
        guard let current, now < current.notAfter else { return [] }
        return [try current.withoutKey()]
    }

    /// Why a replica needs a new serving certificate; nil when it can keep the one it has.
    func reasonToIssue(over serving: ServingCertificate?, for names: CertificateNames, policy: RotationPolicy, now: Timestamp) -> String? {
        guard let serving else { return "there is none yet" }
        guard let current, current.isUsable(at: now) else { return nil }
        if serving.authority != current.id { return "another authority signs now" }
        if let common = current.names.common(with: names), serving.names != common { return "the server has another name" }
        if now < serving.notBefore { return "it begins at \(serving.notBefore) only" }
        // Where the authority itself ends soon, a new certificate would end just as soon.
        if policy.renewal(serving.notBefore, serving.notAfter) <= now, serving.notAfter < current.notAfter { return "it ends at \(serving.notAfter)" }
        return nil
    }
}
