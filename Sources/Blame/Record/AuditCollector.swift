import Documents
import Responsibility

/// What of an audit log could not be taken as it stands.
public struct LogCounts: Sendable, Equatable {
    public var lines = 0
    public var events = 0
    /// Events that concern what was asked.
    public var needed = 0
    /// Lines that are no event: cut off, broken, of another program.
    public var unreadable = 0
    /// The same event once more.
    public var repeated = 0
    /// Needed events that stand behind later ones.
    public var late = 0
    /// Needed events that there was no more room for.
    public var dropped = 0
    /// Times of the first and the last event, empty without any.
    public var first = ""
    public var last = ""

    public init() {}
}

/// Takes in the lines of audit logs and keeps the events that a question needs. Memory grows with those, never with the logs.
public struct AuditCollector {
    public let selection: Selection
    public private(set) var records: [AuditRecord] = []
    public private(set) var counts = LogCounts()
    /// What was wrong with a line, the first few of them.
    public private(set) var problems: [Problem] = []
    /// Different events with one id, the first few of them. Clients may choose the id of a request (header `Audit-ID`), so both count.
    public private(set) var reused: [Problem] = []
    /// Digests of the events that are kept.
    private var seen: Set<String> = []
    private var places: [Key: AuditRecord.Place] = [:]
    private var keptBytes = 0
    private var latest = ""

    public struct Problem: Sendable, Equatable {
        public let place: AuditRecord.Place
        public let message: String
    }

    private struct Key: Hashable {
        let id: String
        let stage: AuditRecord.Stage
    }

    /// A log may be written to fill the memory of whoever reads it.
    private let mostBytes: Int
    private static let listedProblems = 20
    /// An object of the API takes 1.5 MiB at most, and an event holds two.
    private static let limits = Limits(bytes: 32 << 20, depth: 128, nodes: 4_000_000, problems: 1)

    /// - Parameter mostBytes: of the events that are kept.
    public init(_ selection: Selection, mostBytes: Int = 512 << 20) {
        self.selection = selection
        self.mostBytes = mostBytes
    }

    /// Takes whole lines, the last one ended or at the end of its log. Many are read at once, since a line by itself costs more to
    /// set up than to read; where one of them is broken, each is read by itself.
    ///
    /// - Parameters:
    ///   - first: the number of the first line.
    public mutating func take(_ lines: [UInt8], of source: String, first: Int) {
        let spans = AuditCollector.spans(of: lines)
        let parsed = DocumentTree.parse(lines, source: source, syntax: .json, limits: AuditCollector.limits)
        let filled = spans.filter { !$0.isBlank }
        counts.lines += filled.count
        let roots = parsed.tree.roots
        // One that goes on into the next line would make that begin behind its end.
        let isWhole =
            parsed.problems.isEmpty && roots.count == filled.count
            && zip(roots, filled).allSatisfy { $0.position.line == $1.number + 1 && $0.position.column == $1.indent + 1 }
        for (index, span) in filled.enumerated() {
            let place = AuditRecord.Place(source: source, line: first + span.number)
            if isWhole {
                read(roots[index], at: place, lines[span.range])
            } else {
                readAlone(lines[span.range], at: place)
            }
        }
    }

    /// Takes up where an earlier run has ended.
    /// - Parameters:
    ///   - kept: the events that it kept, each with its place.
    ///   - earlier: what it had counted.
    public mutating func resume(_ kept: [(line: ArraySlice<UInt8>, place: AuditRecord.Place)], after earlier: LogCounts) {
        for (line, place) in kept { readAlone(line, at: place) }
        counts = earlier
        counts.needed = records.count
    }

    /// A line that was not kept, since it is longer than any event.
    public mutating func skip(_ message: String, at place: AuditRecord.Place) {
        counts.lines += 1
        unreadable(message, at: place)
    }

    private struct Span {
        let range: Range<Int>
        /// From zero.
        let number: Int
        /// Bytes before the first that is no blank.
        let indent: Int

        var isBlank: Bool { indent == range.count }
    }

    private static func spans(of lines: [UInt8]) -> [Span] {
        var spans: [Span] = []
        lines.withUnsafeBufferPointer { bytes in
            var (start, number) = (0, 0)
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
                let indent = bytes[start..<end].prefix { $0 <= UInt8(ascii: " ") }.count
                spans.append(Span(range: start..<end, number: number, indent: indent))
                (start, number) = (end + 1, number + 1)
            }
        }
        return spans
    }

    private mutating func readAlone(_ line: ArraySlice<UInt8>, at place: AuditRecord.Place) {
        let root: Value
        do throws(AuditLine.Unreadable) { root = try AuditLine.root(of: Array(line), source: place.source, limit: AuditCollector.limits.bytes) } catch
        {
            return unreadable("the line is no JSON of an event: \(error.message)", at: place)
        }
        read(root, at: place, line)
    }

    private mutating func read(_ root: Value, at place: AuditRecord.Place, _ line: ArraySlice<UInt8>) {
        do throws(WrongType) {
            // An API server sends several events at once to a webhook, which may log them as they come.
            if try root["kind"].equals("EventList") {
                for item in try root["items"].items() { try read(event: item, at: place, nil) }
            } else {
                try read(event: root, at: place, line)
            }
        } catch {
            let path = error.value.fieldPath
            unreadable("\(path.isEmpty ? "the line" : path) should be \(error.expected)", at: place)
        }
    }

    /// - Parameter line: the bytes of the event, nil where it is a part of the line only.
    private mutating func read(event: Value, at place: AuditRecord.Place, _ line: ArraySlice<UInt8>?) throws(WrongType) {
        guard try event["kind"].equals("Event"), try event["apiVersion"].hasPrefix("audit.k8s.io/") else {
            throw WrongType(value: event, expected: "an Event of audit.k8s.io")
        }
        counts.events += 1
        if let time = try event["requestReceivedTimestamp"].string() { note(time) }
        guard try selection.needs(event) else { return }
        guard keptBytes < mostBytes else {
            counts.dropped += 1
            return
        }
        // The tree of the chunk would otherwise stay in memory for one event of it.
        var own = event
        if let root = ownTree(of: event, line, place) { own = root }
        let record = try AuditRecord(own, at: place)
        // Without an id nothing tells one event from another.
        guard record.id.isEmpty || isNew(record, own) else {
            counts.repeated += 1
            return
        }
        if record.reached < latest { counts.late += 1 }
        latest = max(latest, record.reached)
        counts.needed += 1
        keptBytes += own.treeMemory
        records.append(record)
    }

    /// Whether this very event was not kept before. An id that was used before proves no repetition: the content does.
    private mutating func isNew(_ record: AuditRecord, _ event: Value) -> Bool {
        var text = ""
        EventText.write(event, to: &text)
        guard seen.insert(Digest.sha256(Array(text.utf8))).inserted else { return false }
        let key = Key(id: record.id, stage: record.stage)
        if let first = places[key] {
            if reused.count < AuditCollector.listedProblems {
                let message = "has the id and stage of the event at \(first), and other content; clients may choose the id, so both count"
                reused.append(Problem(place: record.place, message: message))
            }
        } else {
            places[key] = record.place
        }
        return true
    }

    /// The event in a tree of its own.
    /// - Parameter line: its bytes; nil for one of several in a line.
    private func ownTree(of event: Value, _ line: ArraySlice<UInt8>?, _ place: AuditRecord.Place) -> Value? {
        var text = ""
        if line == nil { EventText.write(event, to: &text) }
        let bytes = line.map { Array($0) } ?? Array(text.utf8)
        return DocumentTree.parse(bytes, source: place.source, syntax: .json, limits: AuditCollector.limits).tree.roots.first
    }

    private mutating func note(_ time: String) {
        guard time.utf8.count >= 20 else { return }
        if counts.first.isEmpty || time < counts.first { counts.first = time }
        if time > counts.last { counts.last = time }
    }

    private mutating func unreadable(_ message: String, at place: AuditRecord.Place) {
        counts.unreadable += 1
        if problems.count < AuditCollector.listedProblems { problems.append(Problem(place: place, message: message)) }
    }
}
