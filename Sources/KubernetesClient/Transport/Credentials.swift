internal import Documents
internal import NIOSSL
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What one request proves itself with.
struct Credential: Sendable {
    var token: Secret?
    var identity: ClientIdentity?
    var expires: Timestamp?
    /// Counts the credentials of one connection, so that of many requests refused at once only the first asks for a new one.
    var generation = 0
}

/// Hands out the credential of a connection and gets a new one when it has run out or was refused.
///
/// What cannot be had is an error. Nothing here ever falls back to a request without a credential.
actor Credentials {
    private let source: Connection.CredentialSource
    private let now: @Sendable () -> Timestamp
    private let isInteractive: Bool
    private var kept: Credential?
    private var generation = 0
    /// What the kept certificate was read from.
    private var identityText: IdentityFiles.Text?
    /// One plugin runs at a time; who comes meanwhile waits for what it gives, be it a failure.
    private var isAsking = false
    private let patience: Duration
    /// Counts the runs, and which was the last that failed.
    private var run = 0
    private var failed: (run: Int, error: ClusterError)?
    private let queue = WaitingQueue()

    init(
        _ source: Connection.CredentialSource, isInteractive: Bool = false, patience: Duration = ExecRun.patience,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(time(nil))) }
    ) {
        (self.source, self.isInteractive, self.patience, self.now) = (source, isInteractive, patience, now)
    }

    func current() async throws(ClusterError) -> Credential {
        switch source {
        case .none: return Credential()
        case .token(let token): return Credential(token: token)
        case .certificate(let identity): return Credential(identity: identity)
        case .certificateFiles(let files): return try readIdentity(files)
        case .tokenFile(let path): return try readToken(path)
        case .exec(let plugin, let cluster): return try await ask(plugin, cluster)
        }
    }

    /// The server has refused this credential.
    /// - Returns: whether another one may be had.
    func refuse(_ credential: Credential) -> Bool {
        switch source {
        case .none, .token, .certificate, .certificateFiles: return false
        case .tokenFile, .exec:
            if kept?.generation == credential.generation { kept = nil }
            return true
        }
    }

    /// Mounted tokens are replaced about hourly; the file is small, so it is simply read.
    private func readToken(_ path: String) throws(ClusterError) -> Credential {
        let token = try Connection.token(in: path)
        if let kept, kept.token == token { return kept }
        generation += 1
        let fresh = Credential(token: token, generation: generation)
        kept = fresh
        return fresh
    }

    /// Certificates are replaced while a server runs. Two files cannot be replaced at once: until they belong together, the former pair goes on.
    private func readIdentity(_ files: IdentityFiles) throws(ClusterError) -> Credential {
        let text: IdentityFiles.Text
        do { text = try files.read() } catch { throw .credential(error.description) }
        if let kept, identityText == text { return kept }
        let identity: ClientIdentity
        do { identity = try files.identity(text) } catch {
            guard let kept else { throw error }
            return kept
        }
        generation += 1
        let fresh = Credential(identity: identity, generation: generation)
        (kept, identityText) = (fresh, text)
        return fresh
    }

    private func ask(_ plugin: ExecPlugin, _ cluster: ExecPlugin.ClusterInfo) async throws(ClusterError) -> Credential {
        while isAsking {
            let run = run
            await queue.wait()
            guard !Task.isCancelled else { throw plugin.failure(ExecRun.unwanted) }
            // Else each would wait anew for a program that does not answer.
            if let failed, failed.run == run { throw failed.error }
        }
        if let kept, kept.expires.map({ now().secondsSinceEpoch + Credentials.margin < $0.secondsSinceEpoch }) ?? true { return kept }
        isAsking = true
        run += 1
        defer {
            isAsking = false
            queue.go()
        }
        do throws(ClusterError) {
            let fresh = try await obtain(plugin, cluster)
            kept = fresh
            return fresh
        } catch {
            // Whoever gave up has learned nothing for the others.
            if !Task.isCancelled { failed = (run, error) }
            throw error
        }
    }

    private func obtain(_ plugin: ExecPlugin, _ cluster: ExecPlugin.ClusterInfo) async throws(ClusterError) -> Credential {
        let answer = try await ExecRun.run(plugin, cluster: cluster, isInteractive: isInteractive, patience: patience)
        var fresh = Credential(token: answer.token, expires: answer.expires)
        if let certificate = answer.certificate, let key = answer.key {
            fresh.identity = try ClientIdentity(
                certificate: Array(certificate.utf8), key: Array(key.text.utf8), of: "the exec plugin '\(plugin.command)'")
        }
        generation += 1
        fresh.generation = generation
        return fresh
    }

    /// How many wait for a plugin.
    var waiting: Int { queue.count }

    /// Seconds before its end from which on a credential is replaced: a request takes time to arrive.
    private static let margin: Int64 = 5
}

/// Those who wait for the same thing. Who is cancelled leaves.
private final class WaitingQueue: Sendable {
    private struct State {
        var next = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.waiting.count } }

    func wait() async {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isIn = state.withLock { state in
                    // Cancelled before this, the handler has found nobody here.
                    guard !Task.isCancelled else { return false }
                    state.waiting[ticket] = continuation
                    return true
                }
                if !isIn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
        }
    }

    /// Lets all go who wait now.
    func go() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }
}
