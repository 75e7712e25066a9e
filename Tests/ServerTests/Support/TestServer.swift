import Admission
import KubernetesClient
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Traces

@testable import Server

/// A `WebhookServer` on loopback, stopped with the test.
struct TestServer: Sendable {
    let port: Int
    let identity: ServingIdentity
    let metrics: ServerMetrics
    let log: LogCatcher
    private let group: ServiceGroup

    private let delay: AsyncStream<Void>.Continuation

    /// Begins to stop it; what runs goes on.
    func beginStopping() async { await group.triggerGracefulShutdown() }

    /// Returns once the server says that it is about to stop.
    func draining() async throws {
        var status: Int?
        repeat {
            status = try await RawConnection.open(port) { connection in
                try await connection.send(RawRequest.get("/readyz", "Connection: close"))
                return try await connection.answer()?.status
            }
        } while status == 200
    }

    /// Ends the delay of a server that stops, however long it was to be.
    func endDelay() { delay.finish() }

    static let allowed = Array(#"{"response":{"uid":"1","allowed":true}}"#.utf8)

    static func answer(_ decision: AdmissionAnswer.Decision = .allow) -> AdmissionAnswer {
        AdmissionAnswer(body: allowed, decision: decision, operation: "CREATE", resource: "pods", namespace: "shop", isDryRun: false)
    }

    /// Allows everything, and counts what reached it.
    static func counting(_ count: Count) -> ReviewHandler {
        { (_, _) async throws(ReviewFault) in
            count.add()
            return answer()
        }
    }

    /// - Parameters:
    ///   - adjust: changes the settings; they are short of patience only where a test says so.
    ///   - body: runs beside the server. Once it ends the server is told to stop, and must do so.
    static func running<R: Sendable>(
        identity: MadeIdentity? = nil, clientAuthorities: String? = nil, authorizer: any RequestAuthorizer = FixedAuthorizer(),
        readiness: @escaping @Sendable () -> [HealthCheck] = { [HealthCheck("rules")] }, routes: [APIRoute] = [],
        adjust: (inout WebhookSettings) -> Void = { _ in }, review: @escaping ReviewHandler = { (_, _) async throws(ReviewFault) in answer() },
        spans: Spans = .none, _ body: @Sendable (TestServer) async throws -> R
    ) async throws -> R {
        var settings = WebhookSettings()
        (settings.host, settings.port, settings.drainDelay, settings.drainLimit) = ("127.0.0.1", 0, .zero, .seconds(120))
        // A busy machine is not a slow client, nor a slow review.
        for time in [\.handshakeTime, \.firstRequestTime, \.bodyTime, \.answerTime, \.idleTime, \.lingerTime]
            as [WritableKeyPath<WebhookSettings, TimeAmount>]
        {
            settings[keyPath: time] = .seconds(120)
        }
        adjust(&settings)
        let made = try identity ?? MadeIdentity(name: "server")
        let serving = try ServingIdentity(chain: made.certificate, key: made.key, clientAuthorities: clientAuthorities)
        let metrics = ServerMetrics(version: "1.2.3", resources: ["pods", "deployments"])
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let (delayed, delay) = AsyncStream.makeStream(of: Void.self)
        let waits = settings.drainDelay > .zero
        let log = LogCatcher()
        let logger = Logger(label: "test") { LogLines(label: $0, format: .json, level: .debug, write: log.take) }
        let server = WebhookServer(
            settings: settings, identity: serving, review: review, metrics: metrics, authorizer: authorizer, readiness: { readiness() },
            routes: routes,
            logger: logger, spans: spans, listening: { port.yield($0) }, sleep: { _ in if waits { for await _ in delayed {} } })
        let group = ServiceGroup(services: [server], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let test = TestServer(port: port, identity: serving, metrics: metrics, log: log, group: group, delay: delay)
            do {
                let result = try await body(test)
                delay.finish()
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return result
            } catch {
                tasks.cancelAll()
                throw error
            }
        }
    }
}

/// Lines of a log, for looking at afterwards.
final class LogCatcher: Sendable {
    private let caught = Mutex("")

    var text: String { caught.withLock { $0 } }
    var take: @Sendable ([UInt8]) -> Void { { [self] bytes in caught.withLock { $0 += String(decoding: bytes, as: UTF8.self) } } }

    func lines(with part: String) -> [Substring] { text.split(separator: "\n").filter { $0.contains(part) } }
}

/// Knows tokens beforehand: `good` may do everything, `poor` nothing, `lost` cannot be asked about.
struct FixedAuthorizer: RequestAuthorizer {
    func authorize(token: String, verb: String, path: String) async -> AuthorizationAnswer {
        switch token {
        case "good": .allowed(TokenIdentity(user: "jane"))
        case "poor": .forbidden(user: "joe")
        case "lost": .unavailable
        default: .unauthenticated
        }
    }
}

/// A number that several tasks change.
final class Count: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .acquiring) }

    func add() { number.wrappingAdd(1, ordering: .acquiringAndReleasing) }
}
