public import Documents
internal import FoundationEssentials
public import Logging
internal import Traces

#if canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// How log lines look.
public enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line, for whatever collects logs.
    case json
    /// For people.
    case text
}

/// Writes each event as one line, in one piece.
///
/// Values come from strangers: names, paths, what a client sent. None can begin a second line or steer a terminal, and a long one is cut.
public struct LogLines: LogHandler {
    /// Longer values help nobody and fill disks.
    static let longest = 1_024

    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: LogFormat
    private let now: @Sendable () -> Timestamp
    private let write: @Sendable ([UInt8]) -> Void

    public init(
        label: String, format: LogFormat, level: Logger.Level, now: @escaping @Sendable () -> Timestamp = LogLines.wallClock,
        write: @escaping @Sendable ([UInt8]) -> Void = LogLines.standardError
    ) {
        (self.label, self.format, logLevel, self.now, self.write) = (label, format, level, now, write)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, newer in newer } }
        if let own = event.metadata { all.merge(own) { _, newer in newer } }
        if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }
        let entries = all.sorted { $0.key < $1.key }.map { (key: $0.key, value: LogLines.cut("\($0.value)")) }
        let message = LogLines.cut("\(event.message)")
        var line: String
        switch format {
        case .json:
            line = "{\"time\":\"\(now())\",\"level\":\"\(event.level.rawValue)\",\"logger\":"
            JSONString.quote(label, to: &line)
            line += ",\"message\":"
            JSONString.quote(message, to: &line)
            for entry in entries where !LogLines.reserved.contains(entry.key) {
                line += ","
                JSONString.quote(entry.key, to: &line)
                line += ":"
                JSONString.quote(entry.value, to: &line)
            }
            line += "}\n"
        case .text:
            line = "\(now()) \(event.level.rawValue) \(LogLines.clean(message))"
            for entry in entries { line += " \(LogLines.clean(entry.key))=\(ManifestText.scalar(entry.value))" }
            line += "\n"
        }
        write(Array(line.utf8))
    }

    /// Fields of the line itself, which metadata must not imitate.
    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    private static func cut(_ text: String) -> String {
        text.utf8.count <= longest ? text : String(decoding: text.utf8.prefix(longest), as: UTF8.self) + "…"
    }

    /// What steers a terminal becomes visible.
    private static func clean(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0.properties.generalCategory != .format }
        return isPlain ? text : ManifestText.quoted(text)
    }

    public static let wallClock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)) }

    /// What cannot be written there is lost: a server does not fall over its own log.
    public static let standardError: @Sendable ([UInt8]) -> Void = { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(2, $0.baseAddress, $0.count) }
            if count < 0 { if errno == EINTR { continue } else { return } }
            rest = rest.dropFirst(count)
        }
    }
}

/// The system's `write`, which a parameter of the same name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
