internal import Blame
internal import Controls
internal import FoundationEssentials
internal import SystemPackage

/// The audit logs of a question: files, directories with rotated ones, standard input. Each is read in chunks, since it may be larger
/// than the memory.
struct BlameLog {
    struct Source: Hashable {
        /// As people name it; `-` is standard input.
        let path: String

        var name: String { path == "-" ? "<stdin>" : path }
    }

    private(set) var sources: [Source] = []
    private(set) var gaps: [Gap] = []

    /// Two requests of 1.5 MiB and what surrounds them.
    private static let longestLine = 16 << 20
    private static let chunk = 1 << 20

    /// - Parameter paths: as given with `--audit`.
    init(_ paths: [String]) {
        for path in paths { add(path) }
    }

    private mutating func add(_ path: String) {
        if path == "-" {
            if !sources.contains(Source(path: path)) { sources.append(Source(path: path)) }
            return
        }
        guard let identity = FileIdentity(of: path) else {
            gaps.append(Gap(source: path, reason: .unreadable, message: "there is no such file or directory; check the path"))
            return
        }
        guard identity.kind == .directory else {
            sources.append(Source(path: path))
            return
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            gaps.append(Gap(source: path, reason: .unreadable, message: "the directory cannot be listed; check its permissions"))
            return
        }
        // Rotated files carry their time in the name, so this is their order; events are put in theirs whatever it is.
        let before = sources.count
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !name.hasPrefix(".") {
            let file = path.hasSuffix("/") ? path + name : path + "/" + name
            guard FileIdentity(of: file)?.kind == .file else { continue }
            if name.hasSuffix(".gz") || name.hasSuffix(".zst") {
                gaps.append(
                    Gap(
                        source: file, reason: .unreadable, message: "is compressed; unpack it, or pipe it in: zcat \(file) | demarc blame … --audit -"
                    ))
            } else {
                sources.append(Source(path: file))
            }
        }
        if sources.count == before { gaps.append(Gap(source: path, reason: .noObjects, message: "the directory holds no log")) }
    }

    /// Reads all sources once.
    /// - Returns: those that could not be read, or hold nothing.
    func read(into collector: inout AuditCollector) -> [Gap] {
        var nothing: BlameState?
        return read(into: &collector, resuming: &nothing)
    }

    /// Reads what an earlier run has not read, where it kept what is needed now; all otherwise.
    /// - Parameter state: what to take up; afterwards what the next run can.
    func read(into collector: inout AuditCollector, resuming state: inout BlameState?) -> [Gap] {
        var gaps: [Gap] = []
        let known = state.flatMap { $0.serves(collector.selection) ? $0 : nil }
        known?.resume(&collector)
        var next = BlameState(collector.selection)
        for source in sources {
            let before = collector.counts.lines
            let mark = known?.mark(of: source)
            do {
                let end = try BlameLog.read(source, from: mark ?? BlameState.Mark(), into: &collector)
                if mark == nil, collector.counts.lines == before {
                    gaps.append(Gap(source: source.name, reason: .noObjects, message: "the log is empty"))
                }
                next.add(source, end)
            } catch {
                gaps.append(Gap(source: source.name, reason: .unreadable, message: SourceFile.remedy(for: error)))
            }
        }
        if state != nil {
            next.keep(collector)
            state = next
        }
        return gaps
    }

    /// What a collector could not take in.
    static func gaps(of collector: AuditCollector) -> [Gap] {
        var gaps = collector.problems.map { Gap(source: $0.place.source, line: $0.place.line, reason: .syntax, message: $0.message) }
        let more = collector.counts.unreadable - collector.problems.count
        if more > 0 { gaps.append(Gap(source: "--audit", reason: .syntax, message: "\(more) more lines could not be read")) }
        gaps += collector.reused.map { Gap(source: $0.place.source, line: $0.place.line, reason: .notObservable, message: $0.message) }
        if collector.counts.dropped > 0 {
            gaps.append(
                Gap(source: "--audit", reason: .limit, message: "\(collector.counts.dropped) events were left out, since too many are about this"))
        }
        return gaps
    }

    var readsStandardInput: Bool { sources.contains { $0.path == "-" } }

    /// Reads one source from a place on.
    /// - Returns: the place behind the last whole line.
    private static func read(_ source: Source, from mark: BlameState.Mark, into collector: inout AuditCollector) throws -> BlameState.Mark {
        if source.path == "-" { return try read(.standardInput, source.name, BlameState.Mark(), &collector) }
        let descriptor = try FileDescriptor.open(FilePath(source.path), .readOnly)
        return try descriptor.closeAfter {
            if mark.offset > 0 { try descriptor.seek(offset: mark.offset, from: .start) }
            return try read(descriptor, source.name, mark, &collector)
        }
    }

    private static func read(
        _ descriptor: FileDescriptor, _ name: String, _ mark: BlameState.Mark, _ collector: inout AuditCollector
    ) throws -> BlameState.Mark {
        var mark = mark
        var buffer: [UInt8] = []
        var isSkipping = false
        while true {
            let start = buffer.count
            let isEnd = try Array.appending(chunk, to: &buffer) { try descriptor.read(into: $0) } == 0
            var whole = isEnd ? buffer.count : 0
            if !isEnd, let last = buffer[start...].lastIndex(of: newline) { whole = last + 1 }
            if isSkipping, whole > 0 {
                // The rest of a line that was too long.
                let first = min((buffer.firstIndex(of: newline) ?? buffer.count) + 1, buffer.count)
                mark = BlameState.Mark(offset: mark.offset + Int64(first), line: mark.line + 1)
                buffer.removeFirst(first)
                whole -= first
                isSkipping = false
            }
            if whole > 0 { take(whole, of: &buffer, name, &mark, &collector) }
            if isEnd { return mark }
            guard buffer.count > longestLine else { continue }
            if !isSkipping { collector.skip("the line is longer than \(longestLine >> 20) MiB", at: .init(source: name, line: mark.line)) }
            mark.offset += Int64(buffer.count)
            (isSkipping, buffer) = (true, [])
        }
    }

    private static let newline = UInt8(ascii: "\n")

    /// Hands over the first bytes of a buffer, which are whole lines. A last line without its end may still be being written: the
    /// next run reads it anew.
    private static func take(_ count: Int, of buffer: inout [UInt8], _ name: String, _ mark: inout BlameState.Mark, _ collector: inout AuditCollector)
    {
        let lines = count == buffer.count ? buffer : Array(buffer[..<count])
        collector.take(lines, of: name, first: mark.line)
        mark.line += lines.count { $0 == newline }
        mark.offset += Int64((lines.lastIndex(of: newline) ?? -1) + 1)
        buffer = count == buffer.count ? [] : Array(buffer[count...])
    }
}

extension [UInt8] {
    /// Makes room at the end, lets `fill` write there, and gives back what it did not use.
    fileprivate static func appending(_ room: Int, to bytes: inout [UInt8], _ fill: (UnsafeMutableRawBufferPointer) throws -> Int) throws -> Int {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: room))
        var count = 0
        defer { bytes.removeLast(room - count) }
        count = try bytes.withUnsafeMutableBytes { try fill(UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
        return count
    }
}
