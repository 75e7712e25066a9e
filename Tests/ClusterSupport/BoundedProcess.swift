import Foundation

/// A program that a test runs and never waits for without end.
public struct BoundedProcess {
    /// What a program wrote, and how it ended.
    public let code: Int32
    public let output: String
    /// The last line of the error output, which says what went wrong.
    public let complaint: String

    static let env = URL(filePath: "/usr/bin/env")

    /// A child inherits the signals that are blocked in the thread that starts it; in threads of Dispatch these are nearly all, and
    /// such a child could not be asked to end. These arguments of coreutils' `env` undo that.
    static let listening = ["--default-signal=INT,TERM,HUP"]

    /// A busy machine may need many times as long as a quiet one, and where all goes well nobody waits for the bound.
    private static let slowest = 5

    /// Runs a program, found in `PATH`, to its end; after `seconds`, as a quiet machine has them, coreutils' `timeout` ends it, with the code 124.
    ///
    /// Input and output go through files: no pipe can fill up while nobody reads it.
    public static func run(
        _ program: String, _ arguments: [String], input: String = "", environment: [String: String] = [:], seconds: Int
    ) throws -> BoundedProcess {
        let (stdin, stdout, stderr) = (try namelessFile(holding: input), try namelessFile(), try namelessFile())
        let process = Process()
        process.executableURL = Self.env
        process.arguments = Self.listening + ["timeout", "--kill-after=5", "\(seconds * slowest)", program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        process.waitUntilExit()
        return BoundedProcess(
            code: process.terminationStatus, output: try text(stdout),
            complaint: try text(stderr).split(separator: "\n").last.map(String.init) ?? "")
    }

    /// A file that only its handle leads to, so that nothing is left behind by a test that is killed.
    static func namelessFile(holding text: String = "") throws -> FileHandle {
        let file = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try FileHandle(forUpdating: file)
    }

    static func text(_ handle: FileHandle) throws -> String {
        try handle.seek(toOffset: 0)
        return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
}
