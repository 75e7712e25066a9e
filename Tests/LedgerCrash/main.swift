internal import Foundation
internal import Ledger

// Appends to a ledger from several tasks and prints the number of each entry that was acknowledged, until it is killed.
//
//     LedgerCrash PATH SKEYFILE RUN WRITERS [ENTRIES]
//
// An entry's subject is `RUN/WRITER/COUNT`, printed beside its number, so that whoever reads the lines knows what must be there.
// With ENTRIES it stops after so many by each writer.

let arguments = CommandLine.arguments
guard arguments.count >= 5, let writers = Int(arguments[4]) else {
    FileHandle.standardError.write(Data("usage: LedgerCrash PATH SKEYFILE RUN WRITERS [ENTRIES]\n".utf8))
    exit(2)
}
let (path, run) = (arguments[1], arguments[3])
let limit = arguments.count > 5 ? Int(arguments[5]) ?? .max : .max
let key = try SigningKey(String(contentsOfFile: arguments[2], encoding: .utf8).trimmingCharacters(in: .newlines))
let ledger = try LedgerWriter(path: path, key: key)

try await withThrowingTaskGroup { group in
    for writer in 0..<writers {
        group.addTask {
            for count in 0..<limit {
                let subject = "\(run)/\(writer)/\(count)"
                let receipt = try await ledger.append(
                    Entry(kind: "test.appended", actor: "crash", subject: subject, time: "2026-11-27T13:00:00Z"))
                // One write each: a killed process leaves whole lines.
                FileHandle.standardOutput.write(Data("\(receipt.number) \(subject)\n".utf8))
            }
        }
    }
    try await group.waitForAll()
}
