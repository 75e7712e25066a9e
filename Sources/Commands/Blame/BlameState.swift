internal import Blame
internal import Documents
internal import Kubernetes
internal import Responsibility
internal import SystemPackage

/// What a run of `blame --state FILE` leaves for the next one: how far each log was read, and the events that were needed. It only saves
/// work. One that cannot be read, or is of another question, is put aside, and the logs are read from their beginning.
struct BlameState {
    /// A place in a log, between two lines.
    struct Mark: Equatable {
        var offset: Int64 = 0
        var line = 1
    }

    private(set) var selection: Selection
    private var logs: [Log] = []
    private var counts = LogCounts()
    private var events: [(text: String, place: AuditRecord.Place)] = []

    /// A file by what it is, since rotation gives it another name; and by its first line, since a number may be used again.
    private struct Log {
        let device: String
        let number: String
        let head: String
        let mark: Mark
    }

    private static let title = "demarc blame state 1"
    private static let mostBytes = 1 << 30
    private static let headLength = 4096

    init(_ selection: Selection) {
        self.selection = selection
    }

    // MARK: - Taking up

    func serves(_ wanted: Selection) -> Bool { !logs.isEmpty && wanted.isPart(of: selection) }

    func resume(_ collector: inout AuditCollector) {
        collector.resume(events.map { (Array($0.text.utf8)[...], $0.place) }, after: counts)
    }

    /// How far a log was read; nil for one that is not known, or was cut off and written anew since.
    func mark(of source: BlameLog.Source) -> Mark? {
        guard source.path != "-", let identity = FileIdentity(of: source.path), identity.kind == .file else { return nil }
        return logs.first { log in
            log.device == String(identity.device) && log.number == String(identity.number) && log.mark.offset > 0
                && BlameState.head(of: source.path, length: min(log.mark.offset, Int64(BlameState.headLength))) == log.head
                && BlameState.size(of: source.path) >= log.mark.offset
        }?.mark
    }

    mutating func add(_ source: BlameLog.Source, _ mark: Mark) {
        guard source.path != "-", let identity = FileIdentity(of: source.path), identity.kind == .file,
            let head = BlameState.head(of: source.path, length: min(mark.offset, Int64(BlameState.headLength)))
        else { return }
        logs.append(Log(device: String(identity.device), number: String(identity.number), head: head, mark: mark))
    }

    mutating func keep(_ collector: AuditCollector) {
        counts = collector.counts
        events = collector.records.map { ($0.kept, $0.place) }
    }

    private static func size(of path: String) -> Int64 {
        guard let descriptor = try? FileDescriptor.open(FilePath(path), .readOnly) else { return -1 }
        return (try? descriptor.closeAfter { try descriptor.seek(offset: 0, from: .end) }) ?? -1
    }

    private static func head(of path: String, length: Int64) -> String? {
        guard let descriptor = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let count = (try? descriptor.closeAfter { try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) } }) ?? -1
        return count == Int(length) ? Digest.sha256(bytes) : nil
    }

    // MARK: - The file

    /// - Returns: an empty state where there is no file, or one that says nothing.
    static func read(_ path: String) throws -> BlameState {
        guard FileIdentity(of: path) != nil else { return BlameState(Selection()) }
        do {
            return BlameState(text: String(decoding: try SourceFile.read(path, limit: mostBytes), as: UTF8.self)) ?? BlameState(Selection())
        } catch {
            throw Failure.usage("--state \(path): \(error.message)")
        }
    }

    /// Lines of a kind and its parts, tabs between them; the last one counts the others.
    private init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
        guard lines.first == BlameState.title, lines.last == "end\t\(lines.count - 2)" else { return nil }
        var named: [String] = []
        selection = Selection()
        for line in lines.dropFirst().dropLast() {
            let parts = line.split(separator: "\t", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
            switch (parts[0], parts.count) {
            case ("object", 5), ("release", 5), ("address", 5), ("skips", 2): named.append(line)
            case ("log", 6):
                guard let offset = Int64(parts[4]), let number = Int(parts[5]) else { return nil }
                logs.append(Log(device: parts[1], number: parts[2], head: parts[3], mark: Mark(offset: offset, line: number)))
            case ("counts", _):
                let numbers = line.split(separator: "\t").dropFirst().compactMap { Int($0) }
                guard numbers.count == 6 else { return nil }
                (counts.lines, counts.events, counts.unreadable) = (numbers[0], numbers[1], numbers[2])
                (counts.repeated, counts.late, counts.dropped) = (numbers[3], numbers[4], numbers[5])
            case ("times", 3): (counts.first, counts.last) = (parts[1], parts[2])
            case ("event", _):
                let fields = line.split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
                guard fields.count == 4, let number = Int(fields[1]) else { return nil }
                events.append((fields[3], AuditRecord.Place(source: fields[2], line: number)))
            default: return nil
            }
        }
        guard let selection = Selection(text: named) else { return nil }
        self.selection = selection
    }

    /// - Throws: `Failure` when it cannot be written.
    func write(to path: String) throws {
        var lines = [BlameState.title] + selection.text
        let numbers = [counts.lines, counts.events, counts.unreadable, counts.repeated, counts.late, counts.dropped]
        lines.append("counts\t" + numbers.map(String.init).joined(separator: "\t"))
        lines.append("times\t\(counts.first)\t\(counts.last)")
        lines += logs.map { "log\t\($0.device)\t\($0.number)\t\($0.head)\t\($0.mark.offset)\t\($0.mark.line)" }
        lines += events.map { "event\t\($0.place.line)\t\($0.place.source.replacing("\t", with: " ").replacing("\n", with: " "))\t\($0.text)" }
        lines.append("end\t\(lines.count - 1)")
        try PrivateFile.replace(path, with: Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}
