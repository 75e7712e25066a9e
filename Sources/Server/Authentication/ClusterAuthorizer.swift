internal import Crypto
internal import KubernetesClient
public import Logging

/// Asks the cluster: a TokenReview for whom the token is, a SubjectAccessReview for what they may.
///
/// Answers are kept for a few seconds, so that a scrape each half minute by some replicas does not become a load, and a token that is taken back stops
/// working soon. A token itself is never kept, only its SHA-256.
public actor ClusterAuthorizer: RequestAuthorizer {
    private struct Question: Hashable {
        var token: SHA256Digest
        var verb: String
        var path: String
    }

    private let reviewer: any AccessReviewing
    private let audiences: [String]
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private var identities: BoundedCache<SHA256Digest, TokenIdentity?>
    private var permissions: BoundedCache<Question, Bool>
    /// Questions that are under way. Whoever sends tokens at random must not make the API server work for all of them.
    private var asked = 0
    private let limit: Int

    /// - Parameters:
    ///   - audiences: for whom tokens must be; empty means the API server.
    ///   - keeps: how long an answer counts.
    ///   - entries: how many answers are kept.
    ///   - limit: how many requests may wait for the API server at once.
    public init(
        _ reviewer: any AccessReviewing, audiences: [String] = [], keeps: Duration = .seconds(10), entries: Int = 1_024, limit: Int = 16,
        logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        (self.reviewer, self.audiences, self.logger, self.now, self.limit) = (reviewer, audiences, logger, now, limit)
        identities = BoundedCache(limit: entries, keeps: keeps)
        permissions = BoundedCache(limit: entries, keeps: keeps)
    }

    public func authorize(token: String, verb: String, path: String) async -> AuthorizationAnswer {
        let digest = SHA256.hash(data: Array(token.utf8))
        guard let known = await identity(of: token, digest) else { return .unavailable }
        guard let identity = known else { return .unauthenticated }
        guard let isAllowed = await may(identity, Question(token: digest, verb: verb, path: path)) else { return .unavailable }
        return isAllowed ? .allowed(identity) : .forbidden(user: identity.user)
    }

    /// - Returns: nil when nobody could be asked; nil within when nobody has this token.
    private func identity(of token: String, _ digest: SHA256Digest) async -> TokenIdentity?? {
        if let kept = identities.value(digest, now()) { return kept }
        return await asking("tokenreviews") { [reviewer, audiences] () async throws(ClusterError) in
            try await reviewer.identity(of: Secret(token), audiences: audiences)
        }.map { identity in
            identities.keep(identity, for: digest, now())
            return identity
        }
    }

    private func may(_ identity: TokenIdentity, _ question: Question) async -> Bool? {
        if let kept = permissions.value(question, now()) { return kept }
        return await asking("subjectaccessreviews") { [reviewer] () async throws(ClusterError) in
            try await reviewer.may(identity, verb: question.verb, path: question.path).isAllowed
        }.map { isAllowed in
            permissions.keep(isAllowed, for: question, now())
            return isAllowed
        }
    }

    private func asking<R: Sendable>(_ what: String, _ body: @Sendable () async throws(ClusterError) -> R) async -> R? {
        guard asked < limit else { return nil }
        asked += 1
        defer { asked -= 1 }
        do { return try await body() } catch {
            logger.warning("a token cannot be checked", metadata: ["resource": "\(what)", "error": "\(error.description)"])
            return nil
        }
    }
}

/// Answers that count for a while, at most so many.
struct BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var until: ContinuousClock.Instant
    }

    private let limit: Int
    private let keeps: Duration
    private var entries: [Key: Entry] = [:]

    init(limit: Int, keeps: Duration) { (self.limit, self.keeps) = (max(1, limit), keeps) }

    var count: Int { entries.count }

    func value(_ key: Key, _ now: ContinuousClock.Instant) -> Value? {
        guard let entry = entries[key], now < entry.until else { return nil }
        return entry.value
    }

    /// Where there is no room, what is over goes first; where nothing is over, all goes: rare, cheap, and no worse than beginning anew.
    mutating func keep(_ value: Value, for key: Key, _ now: ContinuousClock.Instant) {
        if entries.count >= limit, entries[key] == nil {
            entries = entries.filter { now < $0.value.until }
            if entries.count >= limit { entries.removeAll(keepingCapacity: true) }
        }
        entries[key] = Entry(value: value, until: now + keeps)
    }
}
