import Controls
import Documents
import Foundation
import KubernetesClient
import Logging
import NIOPosix
import Reports
import Responsibility
import Synchronization
import Testing

@testable import Server

/// A controller whose cluster does not answer: its store is filled by the test.
struct BackgroundThreadsTests {
    /// Where something ran.
    private struct Place: Sendable, Equatable {
        var isOwn: Bool
        var isEventLoop: Bool

        static var here: Place {
            let own = BackgroundThreads.shared.asUnownedTaskExecutor()
            return Place(
                isOwn: withUnsafeCurrentTask { $0?.unownedTaskExecutor == own }, isEventLoop: MultiThreadedEventLoopGroup.currentEventLoop != nil)
        }
    }

    private final class Places: Sendable {
        private let noted = Mutex<[Place]>([])

        var seen: [Place] { noted.withLock { $0 } }

        func note() { noted.withLock { $0.append(.here) } }
    }

    private static let start = ContinuousClock.now

    private static func running(
        _ bypasses: @escaping @Sendable () -> BypassInspector?, now: @escaping @Sendable () -> Timestamp = { LiveCluster.now },
        _ body: @escaping @Sendable (BackgroundController) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "kubeconfig")
        try Data(
            """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            users: [{name: u, user: {}}]
            """.utf8
        ).write(to: file)
        let rules = try LiveCluster.rules()
        var settings = BackgroundSettings()
        // Only what is asked for is judged.
        (settings.schedule.quiet, settings.schedule.restOfNamespaces, settings.schedule.whole) = (.zero, 0, .seconds(3_600))
        let clock = BackgroundClock(now: now, uptime: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) })
        let (chosen, options) = (settings, ConnectionOptions(kubeconfig: file.path, environment: [:]))
        try await ClusterClient.connected(to: options.connection()) { client in
            let controller = BackgroundController(
                client: client, rules: rules, settings: chosen, clock: clock, isLeader: { false }, bypasses: bypasses, registry: MetricRegistry(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, reports: client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller.run() }
                group.addTask { try await body(controller) }
                try await group.next()
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    /// Some hundred Deployments in ten namespaces, told as by watches.
    private static func fill(_ store: EstateStore, _ count: Int) {
        let deployments = LiveCluster.resource("Deployment")
        store.watches([deployments], gaps: [])
        store.take(.beginsAnew, of: deployments)
        for index in 0..<count {
            let metadata = #"{"name":"d\#(1_000 + index)","namespace":"n\#(index % 10)","uid":"u\#(1_000 + index)","resourceVersion":"1"}"#
            let pod = #"{"containers":[{"name":"app","image":"r.example/a:1","securityContext":{"privileged":true}}]}"#
            store.take(.present(LiveCluster.value(#"{"metadata":\#(metadata),"spec":{"template":{"spec":\#(pod)}}}"#)), of: deployments)
        }
        store.take(.listed(resourceVersion: "1"), of: deployments)
    }

    /// Nothing of a pass runs where reviews are answered: neither its beginning, nor the judging of its objects.
    @Test func passesHaveThreadsOfTheirOwn() async throws {
        let places = Places()
        let (passes, pass) = AsyncStream.makeStream(of: Void.self)
        let inspector: BypassInspector = { _ in
            places.note()
            return nil
        }
        let bypasses: @Sendable () -> BypassInspector? = {
            places.note()
            pass.yield()
            return inspector
        }
        let now: @Sendable () -> Timestamp = {
            places.note()
            return LiveCluster.now
        }
        let body: @Sendable (BackgroundController) async throws -> Void = { controller in
            Self.fill(controller.store, 300)
            var begun = passes.makeAsyncIterator()
            await begun.next()
            // The next begins after the first has ended.
            controller.bypassesChanged()
            await begun.next()
            #expect(controller.findings.reports.count == 300)
        }
        try await Self.running(bypasses, now: now, body)
        let seen = places.seen
        #expect(seen.count > 300)
        #expect(seen.allSatisfy { $0 == Place(isOwn: true, isEventLoop: false) })
    }

    /// A silence that becomes known shows at once in every namespace, though no object changed.
    @Test func aSilenceShowsAtOnce() async throws {
        let isKnown = Mutex(false)
        let (passes, pass) = AsyncStream.makeStream(of: Void.self)
        let inspector: BypassInspector = { _ in "came in unseen" }
        try await Self.running {
            pass.yield()
            return isKnown.withLock { $0 ? inspector : nil }
        } _: { (controller) async throws in
            Self.fill(controller.store, 20)
            var begun = passes.makeAsyncIterator()
            await begun.next()
            isKnown.withLock { $0 = true }
            for _ in 0..<2 {
                controller.bypassesChanged()
                await begun.next()
            }
            let rows = controller.findings.reports.values.map { object in object.rows.count { $0.policy == PolicyReportRow.bypassPolicy } }
            #expect(rows == Array(repeating: 1, count: 20))
        }
    }

    /// The API goes through all of it page by page.
    @Test func programsGetAllPages() async throws {
        let (passes, pass) = AsyncStream.makeStream(of: Void.self)
        try await Self.running {
            pass.yield()
            return nil
        } _: { (controller) async throws in
            Self.fill(controller.store, 30)
            var begun = passes.makeAsyncIterator()
            await begun.next()
            controller.bypassesChanged()
            await begun.next()
            #expect(controller.routes.map(\.path) == ["/demarc/v1/findings", "/demarc/v1/gaps"])
            func answer(_ route: Int, _ query: String) async -> APIAnswer {
                await controller.routes[route].handler(
                    APIRequest(method: "GET", path: "", query: query, body: [], identity: TokenIdentity(user: "jane")))
            }
            var (token, pages, uids) = ("", 0, [String]())
            repeat {
                let page = await answer(0, "limit=40\(token.isEmpty ? "" : "&continue=" + token)")
                let root = try #require(DocumentTree.parse(page.body, source: "page", syntax: .json).tree.roots.first)
                let rows = Array(try root["findings"].items())
                #expect(page.status == 200 && !rows.isEmpty && rows.count <= 40)
                for uid in rows.map({ $0["uid"].text }) where uids.last != uid { uids.append(uid) }
                token = root["continue"].text
                pages += 1
            } while !token.isEmpty && pages < 100
            #expect(pages > 3 && uids == (0..<30).map { "u\(1_000 + $0)" })
            let refused = await answer(0, "limit=5000")
            #expect(refused.status == 400 && String(decoding: refused.body, as: UTF8.self) == "limit must be a number from 1 to 1000\n")
            let gaps = await answer(1, "")
            #expect(String(decoding: gaps.body, as: UTF8.self) == #"{"schemaVersion":"1","count":0,"gaps":[]}"#)
        }
    }
}
