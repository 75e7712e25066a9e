public import Foundation

/// What a Service does, for servers that a test runs itself: each new connection goes to a replica that is ready.
public final class Balancer: Sendable {
    public let port: Int
    private let file: URL
    private let process: Process
    private let input = Pipe()

    public init(in folder: URL) throws {
        file = folder.appending(path: "replicas")
        try Data().write(to: file)
        let output = Pipe()
        process = Process()
        process.executableURL = BoundedProcess.env
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "balancer.py")
        process.arguments = BoundedProcess.listening + ["python3", script.path, file.path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .newlines)) else {
            throw APIServer.Failure(description: "balancer.py said '\(line)' instead of its port")
        }
        self.port = port
    }

    /// The ports of the replicas there are from now on.
    public func serve(_ ports: [Int]) throws {
        try Data(ports.map { "\($0)\n" }.joined().utf8).write(to: file, options: .atomic)
    }

    public func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
