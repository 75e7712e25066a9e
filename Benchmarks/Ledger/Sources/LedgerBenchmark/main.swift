import Foundation
import Ledger

// Measures a ledger on a disk of your choice:
//
//     swift run -c release --package-path Benchmarks/Ledger LedgerBenchmark DIRECTORY [ENTRIES]
//
// How often the disk can be waited for, how many entries one writer and 64 writers get onto it, each acknowledged only when it is there,
// and how long the verification of ENTRIES (1,000,000) takes. Rates are the best of three; the directory is made, and removed again.

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    print("usage: LedgerBenchmark DIRECTORY [ENTRIES]")
    exit(2)
}
let directory = URL(filePath: arguments[1]).appending(path: "ledger-benchmark")
let entries = arguments.count > 2 ? Int(arguments[2]) ?? 1_000_000 : 1_000_000
try? FileManager.default.removeItem(at: directory)
try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
let time = "2026-11-27T13:00:00Z"
let key = try SigningKey(name: "ledger.example/benchmark")
/// As a denial has it.
let payload = Array(
    #"{"control":"pod-privileged","count":3,"namespace":"shop","party":"customer","resource":"deployments","verdict":"denied"}"#.utf8)

@Sendable func entry(_ subject: String) throws -> Entry {
    try Entry(kind: "admission.denied", actor: "system:serviceaccount:shop:deployer", subject: subject, time: time, payload: payload)
}

func ledger(_ name: String) throws -> LedgerWriter {
    let path = directory.appending(path: name).path
    try LedgerWriter.create(path: path, key: key, actor: "benchmark", time: time)
    return try LedgerWriter(path: path, key: key)
}

func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let elapsed = try await ContinuousClock().measure { try await body() }
    return elapsed / .seconds(1)
}

/// Writes of a page each, and a wait for the disk after each: what one append cannot be faster than.
func waits(_ count: Int) async -> Double {
    let file = open(directory.appending(path: "waits").path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let page = [UInt8](repeating: 7, count: 4096)
    let taken = await seconds {
        for _ in 0..<count {
            _ = page.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            fdatasync(file)
        }
    }
    close(file)
    return Double(count) / taken
}

/// Entries a second with so many writers, each of which waits for its own entry before it appends the next.
func rate(_ name: String, writers: Int, each count: Int) async throws -> Double {
    let ledger = try ledger(name)
    let taken = try await seconds {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask { for number in 0..<count { _ = try await ledger.append(entry("\(writer)/\(number)")) } }
            }
            try await group.waitForAll()
        }
    }
    return Double(writers * count) / taken
}

func line(_ what: String, _ value: Double, _ unit: String) {
    print("\(what.padding(toLength: 34, withPad: " ", startingAt: 0)) \(String(format: unit == "s" ? "%12.2f" : "%12.0f", value)) \(unit)")
}

var (waiting, single, many) = (0.0, 0.0, 0.0)
for round in 0..<3 {
    waiting = max(waiting, await waits(2000))
    single = max(single, try await rate("single-\(round).db", writers: 1, each: 2000))
    many = max(many, try await rate("many-\(round).db", writers: 64, each: 2000))
}
line("waits for the disk", waiting, "/s")
line("1 writer", single, "entries/s")
line("64 writers", many, "entries/s")
line("64 writers / 1 writer", many / single, "times")
line("64 writers / waits for the disk", many / waiting, "times")

line("filled by 2,048 writers", try await rate("large.db", writers: 2048, each: entries / 2048), "entries/s")
let reader = try LedgerReader(path: directory.appending(path: "large.db").path)
var best = Double.infinity
var report: AuditReport?
for _ in 0..<3 { best = min(best, try await seconds { report = try reader.audit(AuditOptions(keys: [key.verifier])) }) }
guard let report, report.faults.isEmpty else {
    print("the ledger does not verify: \(report?.faults ?? [])")
    exit(1)
}
line("verification of \(report.size) entries", best, "s")
try? FileManager.default.removeItem(at: directory)
