import ClusterSupport
import Logging
import Synchronization
import Testing
import Tracing

@testable import Traces

/// Batches, drops, waits and the end, by a clock that only the test moves.
struct SpanExporterTests {
    /// A collector that answers as told, and time that passes only while somebody waits for it.
    private final class Bench: Sendable {
        let queue: SpanQueue
        let exporter: SpanExporter
        private let world: World

        /// What the exporter meets.
        final class World: Sendable {
            let answers: Mutex<[ExportOutcome]>
            let requests = Mutex<[String]>([])
            let timeouts = Mutex<[Duration]>([])
            let time = Mutex(Duration.zero)
            let waits = Mutex<[Duration]>([])
            let log = Mutex("")
            /// How long each answer takes.
            let takes: Duration

            init(_ answers: [ExportOutcome], takes: Duration) {
                self.answers = Mutex(answers)
                self.takes = takes
            }

            var send: SpanExporter.Send {
                { request, timeout in
                    self.requests.withLock { $0.append(String(decoding: request, as: UTF8.self)) }
                    self.timeouts.withLock { $0.append(timeout) }
                    self.time.withLock { $0 += min(self.takes, timeout) }
                    return self.answers.withLock { $0.isEmpty ? .taken(rejected: 0) : $0.removeFirst() }
                }
            }
        }

        init(_ answers: [ExportOutcome] = [], queue size: Int = 10, batch: Int = 4, takes: Duration = .zero) throws {
            let reading = TracingSettings.read(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"], version: "1")
            var settings = try #require(reading.settings)
            (settings.limits.queue, settings.limits.batch) = (size, batch)
            let world = World(answers, takes: takes)
            let log = Log(world)
            queue = SpanQueue(settings.limits)
            let clock = SpanExporter.Clock(
                uptime: { world.time.withLock { $0 } },
                sleep: { pause in
                    try Task.checkCancellation()
                    world.waits.withLock { $0.append(pause) }
                    world.time.withLock { $0 += pause }
                })
            exporter = SpanExporter(
                settings, queue, logger: Logger(label: "test") { _ in log }, clock: clock, chance: { 0.5 }, connected: { _ in })
            self.world = world
        }

        func end(_ names: ClosedRange<Int>) {
            let tracer = SpanTracer(.standard) { [queue] in queue.add($0) }
            for name in names { tracer.startSpan("span-\(name)").end() }
        }

        func drain() async { await exporter.drain(world.send) }
        func flush() async { await exporter.flush(world.send) }

        /// Numbers of the spans in each request.
        var sent: [[Int]] { world.requests.withLock { $0 }.map { text in text.matches(of: /span-(\d+)"/).compactMap { Int($0.1) } } }
        var waits: [Duration] { world.waits.withLock { $0 } }
        var timeouts: [Duration] { world.timeouts.withLock { $0 } }
        var log: String { world.log.withLock { $0 } }
        func passes(_ time: Duration) { world.time.withLock { $0 += time } }
    }

    private struct Log: LogHandler {
        let world: Bench.World
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(_ world: Bench.World) { self.world = world }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { world.log.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" } }
    }

    @Test func spansLeaveInBatches() async throws {
        let bench = try Bench()
        bench.end(1...10)
        await bench.drain()
        #expect(bench.sent == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]] && bench.queue.count == 0)
        #expect(bench.exporter.tally == SpanExporter.Tally(sent: 10) && bench.log == "")
        await bench.drain()
        #expect(bench.sent.count == 3, "an empty request was sent")
    }

    /// The newest find no place; nobody waits for one.
    @Test func whatFindsNoPlaceIsCounted() async throws {
        let bench = try Bench()
        bench.end(1...25)
        #expect(bench.queue.count == 10 && bench.queue.dropped == 15)
        await bench.drain()
        #expect(bench.sent.flatMap(\.self) == Array(1...10))
    }

    @Test func whatIsRefusedForAWhileIsSentAgain() async throws {
        let bench = try Bench([.again(after: nil, why: "it answers 503"), .again(after: .seconds(7), why: "it answers 429"), .taken(rejected: 1)])
        bench.end(1...2)
        await bench.drain()
        #expect(bench.sent == [[1, 2], [1, 2], [1, 2]])
        // Half a second with a quarter of chance taken off; what was asked for and a little more.
        #expect(bench.waits == [.milliseconds(375), .milliseconds(7_250)])
        #expect(bench.exporter.tally == SpanExporter.Tally(sent: 1, rejected: 1))
        #expect(bench.log.split(separator: "\n").count == 3 && bench.log.contains("spans are sent again"))
    }

    /// Who asks for more than a batch may take is left alone for so long; the batch is given up.
    @Test func aLongWaitIsHonoured() async throws {
        let bench = try Bench([.again(after: .seconds(60), why: "it answers 503")])
        bench.end(1...2)
        await bench.drain()
        bench.end(3...4)
        bench.passes(.seconds(59))
        await bench.drain()
        #expect(bench.sent == [[1, 2]] && bench.waits == [] && bench.exporter.tally.failed == 2 && bench.queue.count == 2)
        bench.passes(.seconds(2))
        await bench.drain()
        #expect(bench.sent == [[1, 2], [3, 4]])
    }

    /// A collector that hangs costs its batch, after all attempts together took their time.
    @Test func aCollectorThatHangsCostsItsBatch() async throws {
        let bench = try Bench(Array(repeating: .again(after: nil, why: "no answer in time"), count: 20), takes: .seconds(3_600))
        bench.end(1...1)
        await bench.drain()
        #expect(bench.exporter.tally.failed == 1 && bench.timeouts.first == .seconds(10))
        #expect(bench.timeouts.reduce(.zero, +) + bench.waits.reduce(.zero, +) <= .seconds(30) && bench.sent.count == 3)
        #expect(bench.log.split(separator: "\n").count == 1, "trouble is told once: \(bench.log)")
    }

    @Test func whatMustNotBeSentAgainIsNot() async throws {
        let bench = try Bench([.refused(why: "it answers 400")])
        bench.end(1...5)
        await bench.drain()
        #expect(bench.sent == [[1, 2, 3, 4], [5]] && bench.exporter.tally == SpanExporter.Tally(sent: 1, failed: 4))
    }

    /// What was under way when the process was told to end is sent by the flush.
    @Test func whatIsCutIsPutBack() async throws {
        let bench = try Bench()
        bench.end(1...6)
        await Task {
            await bench.exporter.drain { _, _ in
                withUnsafeCurrentTask { $0?.cancel() }
                return .again(after: nil, why: "cancelled")
            }
        }.value
        #expect(bench.queue.count == 6)
        await bench.flush()
        #expect(bench.sent.suffix(2) == [[1, 2, 3, 4], [5, 6]] && bench.exporter.tally.sent == 6)
    }

    /// Three seconds at the end, whatever the collector does.
    @Test func theEndIsShort() async throws {
        let bench = try Bench(Array(repeating: .again(after: nil, why: "no answer in time"), count: 9), takes: .seconds(2))
        bench.end(1...10)
        await bench.flush()
        #expect(bench.timeouts == [.seconds(3), .seconds(1)] && bench.waits == [])
        #expect(bench.exporter.tally.failed == 8 && bench.queue.count == 2 && bench.log.contains("spans were not sent before the end"))
    }

    @Test func putBackKeepsTheLimit() throws {
        let bench = try Bench()
        bench.end(1...10)
        let batch = bench.queue.take()
        bench.end(11...12)
        bench.queue.putBack(batch)
        #expect(bench.queue.count == 10 && bench.queue.dropped == 2 && bench.queue.take().map(\.name) == ["span-1", "span-2", "span-5", "span-6"])
    }
}
