import Foundation
import Synchronization
import Testing

/// `demarc serve` as a program of its own, which can be killed.
final class Serving: Sendable {
    let port: Int
    private let process: Process
    private let log: Log

    /// All that it has logged, line by line, with whoever waits for one.
    private final class Log: Sendable {
        private let text = Mutex("")
        let lines: AsyncStream<Substring>
        private let sink: AsyncStream<Substring>.Continuation
        private let isOver = DispatchSemaphore(value: 0)

        init() { (lines, sink) = AsyncStream.makeStream() }

        var all: String { text.withLock { $0 } }

        func take(_ data: Data) {
            let lines = text.withLock { text in
                let rest = text.lastIndex(of: "\n").map { String(text[text.index(after: $0)...]) } ?? text
                let new = String(decoding: data, as: UTF8.self)
                text += new
                return (rest + new).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            }
            for line in lines { sink.yield(line) }
        }

        func end() {
            sink.finish()
            isOver.signal()
        }

        /// Waits for what an ended process has written and nobody has read yet. Another may hold the other end of the pipe, but not for ever.
        func awaitEnd() { if isOver.wait(timeout: .now() + 10) == .success { isOver.signal() } }
    }

    /// Starts it and waits until it listens.
    init(_ arguments: [String], in directory: URL, environment: [String: String] = [:]) async throws {
        let errors = Pipe()
        let (process, log) = (Process(), Log())
        // A child inherits blocked signals, and could then not be asked to end.
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["--default-signal=INT,TERM,HUP", Program.executable.path, "serve", "--listen", "127.0.0.1:0", "--log-format", "json"] + arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.currentDirectoryURL = directory
        process.standardError = errors
        errors.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            guard data.isEmpty else { return log.take(data) }
            // It would be called again and again at the end.
            handle.readabilityHandler = nil
            log.end()
        }
        try process.run()
        (self.process, self.log) = (process, log)
        for await line in log.lines {
            guard line.contains(#""message":"serving""#), let match = line.firstMatch(of: #/"port":"(\d+)"/#), let port = Int(match.1) else {
                continue
            }
            self.port = port
            return
        }
        throw Failed(log: log.all)
    }

    struct Failed: Error, CustomStringConvertible {
        let log: String
        var description: String { "the server ended: \(log)" }
    }

    var output: String { log.all }

    /// Asks it to end, and waits until it has, and all that it logged is here.
    /// - Returns: its exit code.
    @discardableResult
    func stop() -> Int32 {
        if process.isRunning { for signal in [SIGTERM, SIGCONT] { kill(id, signal) } }
        process.waitUntilExit()
        log.awaitEnd()
        return process.terminationStatus
    }

    func killAtOnce() {
        kill(id, SIGKILL)
        process.waitUntilExit()
        log.awaitEnd()
    }

    var isRunning: Bool { process.isRunning }

    /// That of the process.
    var id: Int32 { process.processIdentifier }

    /// Stops it in the middle of whatever it does, until it is thawed.
    func freeze() { kill(id, SIGSTOP) }
    func thaw() { kill(id, SIGCONT) }
}

/// Asks again until it is so. The pause only keeps the machine free; what is asked has its own limits.
///
/// - Parameter seconds: far longer than it ever takes where it comes at all, on a busy machine too.
func eventually(_ seconds: Int = 300, _ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(100))
    }
    return false
}
