public import Documents
internal import FoundationEssentials

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A folder of audit logs, one event a line, bounded in size and age: the newest file is added to, the oldest go. What `demarc blame --audit` reads.
public actor AuditStore {
    public struct Settings: Sendable {
        /// A file that has so much is closed.
        public var fileBytes = 64 << 20
        public var totalBytes = 1 << 30
        /// Seconds after which a file goes, counted from its last event.
        public var age: Int64 = 7 * 86_400

        public init() {}
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    nonisolated let folder: String
    private let settings: Settings
    private let now: @Sendable () -> Timestamp
    private var current: (file: Int32, name: String, bytes: Int, lines: Int)?
    private var opened = 0
    private var listener: Listener?

    /// Lines as they were stored, for whoever goes on reading: the name of the file, the number of the first, and all of them.
    typealias Listener = @Sendable (_ file: String, _ first: Int, _ lines: [[UInt8]]) -> Void

    /// A file and how much of it was stored before somebody listened.
    struct Stored: Sendable {
        let path: String
        let name: String
        let bytes: Int
    }

    private static let (prefix, suffix) = ("audit-", ".jsonl")

    public init(folder: String, settings: Settings = Settings(), now: @escaping @Sendable () -> Timestamp) {
        (self.folder, self.settings, self.now) = (folder, settings, now)
    }

    deinit { if let current { close(current.file) } }

    /// Adds lines; it returns when they are handed to the system, which is told to write them when a file is full.
    func append(_ lines: [[UInt8]]) throws(Fault) {
        for line in lines {
            if let current, current.bytes > 0, current.bytes + line.count > settings.fileBytes { end() }
            if current == nil { try begin() }
            guard let current else { continue }
            try write(line, to: current.file)
            self.current?.bytes += line.count
            self.current?.lines += 1
            listener?(current.name, current.lines + 1, [line])
        }
        sweep()
    }

    /// Hands all that is stored from now on to somebody.
    /// - Returns: what was stored before, the oldest first.
    func follow(_ listener: @escaping Listener) -> [Stored] {
        self.listener = listener
        return files().map { Stored(path: "\(folder)/\($0.name)", name: $0.name, bytes: $0.bytes) }
    }

    /// What all files take.
    var bytes: Int { files().reduce(0) { $0 + $1.bytes } }

    private func begin() throws(Fault) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Fault(description: "\(folder) cannot be made: \(error)") }
        // In the order of their names: the time, then the how-manieth of this run.
        opened += 1
        let stamp = "\(now())".filter { $0.isNumber }
        let number = String(opened)
        let name = "\(Self.prefix)\(stamp)-\(getpid())-\(String(repeating: "0", count: max(0, 6 - number.count)))\(number)\(Self.suffix)"
        let file = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Fault(description: "\(folder)/\(name) cannot be written: \(String(cString: strerror(errno)))") }
        current = (file, name, 0, 0)
    }

    private func end() {
        guard let current else { return }
        fsync(current.file)
        close(current.file)
        self.current = nil
    }

    private func write(_ line: [UInt8], to file: Int32) throws(Fault) {
        var offset = 0
        while offset < line.count {
            let count = line[offset...].withUnsafeBytes { bytes in
                #if canImport(Glibc)
                    Glibc.write(file, bytes.baseAddress, bytes.count)
                #else
                    Musl.write(file, bytes.baseAddress, bytes.count)
                #endif
            }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                // Half a line is no event; the next file begins cleanly.
                end()
                throw Fault(description: "\(folder) cannot be written: \(reason)")
            }
            offset += count
        }
    }

    /// Removes what is too old or too much, never the file that is being written.
    private func sweep() {
        var files = files().filter { $0.name != current?.name }
        var total = files.reduce(current?.bytes ?? 0) { $0 + $1.bytes }
        while let oldest = files.first, total > settings.totalBytes || oldest.changed.seconds(to: now()) > settings.age {
            guard unlink("\(folder)/\(oldest.name)") == 0 else { return }
            total -= oldest.bytes
            files.removeFirst()
        }
    }

    /// Our own files, the oldest first.
    private func files() -> [(name: String, bytes: Int, changed: Timestamp)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(Self.suffix) }.sorted().compactMap { name in
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return (name, Int(status.st_size), Timestamp(secondsSinceEpoch: Int64(status.st_mtim.tv_sec)))
        }
    }
}
