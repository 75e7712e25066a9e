internal import Access
internal import Blame
internal import Controls
internal import Documents
internal import Kubernetes
internal import Reports
internal import SystemPackage

/// Reads audit logs line by line: a log may be larger than the memory.
struct AuditLog {
    private(set) var counts = UsageReport.Log()
    /// What could not be read: the first few lines each, the others in one.
    private(set) var gaps: [Gap] = []
    private var unlisted = 0

    /// A request and its answer are 3 MiB at most to an API server; one line holds both.
    private static let longestLine = 16 << 20
    private static let listedLines = 20

    /// - Parameter path: `-` is standard input.
    mutating func read(_ path: String, _ take: (AuditEvent) -> Void) {
        let name = path == "-" ? "<stdin>" : path
        let before = counts.lines
        do {
            if path == "-" {
                try read(.standardInput, name, take)
            } else {
                guard FileIdentity(of: path)?.kind != .directory else {
                    throw SourceFile.ReadError(message: "is a directory; name the files of the log")
                }
                let descriptor = try FileDescriptor.open(FilePath(path), .readOnly)
                try descriptor.closeAfter { try read(descriptor, name, take) }
            }
            if counts.lines == before { gaps.append(Gap(source: name, reason: .noObjects, message: "the log is empty")) }
        } catch {
            gaps.append(Gap(source: name, reason: .unreadable, message: SourceFile.remedy(for: error)))
        }
        if unlisted > 0 {
            gaps.append(Gap(source: name, reason: .syntax, message: "\(unlisted) more lines could not be read"))
            unlisted = 0
        }
    }

    private mutating func read(_ descriptor: FileDescriptor, _ name: String, _ take: (AuditEvent) -> Void) throws {
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        var line: [UInt8] = []
        var isTooLong = false
        var number = 0
        while true {
            let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            guard count > 0 else { break }
            var rest = chunk[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                line += rest[..<end]
                rest = rest[(end + 1)...]
                readLine(line, isTooLong: isTooLong, at: number, of: name, take)
                line.removeAll(keepingCapacity: line.capacity < 4 << 20)
                isTooLong = false
            }
            if line.count + rest.count > AuditLog.longestLine { (isTooLong, line) = (true, []) }
            if !isTooLong { line += rest }
        }
        if isTooLong || !line.isEmpty { readLine(line, isTooLong: isTooLong, at: number + 1, of: name, take) }
    }

    private mutating func readLine(_ line: [UInt8], isTooLong: Bool, at number: Int, of name: String, _ take: (AuditEvent) -> Void) {
        guard !isTooLong else {
            counts.lines += 1
            return unreadable("the line is longer than \(AuditLog.longestLine >> 20) MiB", at: number, of: name)
        }
        guard line.contains(where: { $0 > UInt8(ascii: " ") }) else { return }
        counts.lines += 1
        let root: Value
        do throws(AuditLine.Unreadable) { root = try AuditLine.root(of: line, source: name, limit: AuditLog.longestLine) } catch {
            return unreadable("the line is no JSON of an event: \(error.message)", at: number, of: name)
        }
        do throws(WrongType) {
            // An API server sends several events at once to a webhook, which may log them as they come.
            let isList = try root["kind"].equals("EventList")
            if isList {
                for item in try root["items"].items() { readEvent(item, at: number, of: name, take) }
            } else {
                readEvent(root, at: number, of: name, take)
            }
        } catch {
            wrong(error, at: number, of: name)
        }
    }

    private mutating func readEvent(_ event: Value, at number: Int, of name: String, _ take: (AuditEvent) -> Void) {
        do throws(WrongType) {
            switch try AuditEvent.read(event) {
            case .allowed(let event): take(event)
            case .notAllowed: counts.refused += 1
            case .unfinished: counts.unfinished += 1
            }
        } catch {
            wrong(error, at: number, of: name)
        }
    }

    private mutating func wrong(_ error: WrongType, at number: Int, of name: String) {
        let path = error.value.fieldPath
        unreadable("\(path.isEmpty ? "the line" : path) should be \(error.expected)", at: number, of: name)
    }

    private mutating func unreadable(_ message: String, at number: Int, of name: String) {
        counts.unreadable += 1
        guard counts.unreadable <= AuditLog.listedLines else {
            unlisted += 1
            return
        }
        gaps.append(Gap(source: name, line: number, reason: .syntax, message: message))
    }
}
