import Foundation
import Synchronization
import Testing

@testable import Ledger

/// A process that appends is killed at random instants (`SIGKILL`), again and again. What it had acknowledged is there
/// afterwards, under the numbers it named, and everything verifies.
///
/// Set `DEMARC_CRASH_RUNS` for more runs than the usual ones.
struct CrashTests {
    private static let runs = ProcessInfo.processInfo.environment["DEMARC_CRASH_RUNS"].flatMap(Int.init) ?? 200
    private static let executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "LedgerCrash")

    @Test func whatWasAcknowledgedSurvivesKills() async throws {
        var random = SystemRandomNumberGenerator()
        var (acknowledged, killedWhileWriting) = (0, 0)
        // A new ledger for every twenty runs keeps verification short.
        for batch in 0..<(Self.runs + 19) / 20 {
            try await LedgerFile.with { file in
                let keyFile = file.directory.appending(path: "key")
                try file.key.secretText.write(to: keyFile, atomically: false, encoding: .utf8)
                var expected: [Int: String] = [:]
                for run in batch * 20..<min(Self.runs, batch * 20 + 20) {
                    let lines = try Self.runUntilKilled(file, keyFile, run: run, afterLines: .random(in: 0...40, using: &random), &random)
                    for line in lines {
                        let parts = line.split(separator: " ")
                        let number = try #require(parts.first.flatMap { Int($0) })
                        #expect(expected.updateValue(String(parts[1]), forKey: number) == nil, "entry \(number) was acknowledged twice")
                    }
                    acknowledged += lines.count
                    // The next writer opens it without help; it checks the end of what it finds.
                    let tip = try file.writer().checkpoint.checkpoint.size
                    #expect(tip > (expected.keys.max() ?? 0))
                    if tip > (expected.keys.max() ?? 0) + 1 { killedWhileWriting += 1 }
                }
                let reader = try LedgerReader(path: file.path)
                for (number, subject) in expected {
                    let entry = try #require(try reader.entry(number), "entry \(number) was acknowledged and is gone")
                    #expect(try Entry(entry).subject == subject)
                }
                #expect(try file.audit().faults == [])
            }
        }
        print("\(Self.runs) kills, \(acknowledged) acknowledged entries, \(killedWhileWriting) kills between writing and acknowledging")
        #expect(acknowledged > Self.runs)
    }

    /// The lines that the process wrote before it was killed: after some number of them and some microseconds more.
    private static func runUntilKilled(
        _ file: LedgerFile, _ keyFile: URL, run: Int, afterLines count: Int, _ random: inout SystemRandomNumberGenerator
    ) throws -> [Substring] {
        let process = Process()
        process.executableURL = executable
        process.arguments = [file.path, keyFile.path, "\(run)", "\(Int.random(in: 1...16, using: &random))"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var output = Data()
        while output.count(where: { $0 == UInt8(ascii: "\n") }) < count {
            let chunk = pipe.fileHandleForReading.availableData
            if chunk.isEmpty { break }
            output.append(chunk)
        }
        usleep(UInt32.random(in: 0...3000, using: &random))
        kill(process.processIdentifier, SIGKILL)
        output.append(try pipe.fileHandleForReading.readToEnd() ?? Data())
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "it ended by itself")
        let text = String(decoding: output, as: UTF8.self)
        // A line without its end was not acknowledged to anybody.
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().filter { !$0.isEmpty }
    }
}
