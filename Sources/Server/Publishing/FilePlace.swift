internal import FoundationEssentials
public import Ledger

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A file, on another disk or a share that the ledger's host may only add to.
public struct FilePlace: CheckpointPlace {
    private let path: String

    public init(path: String) { self.path = path }

    public var name: String { "file \(path)" }

    /// Of a note with many witnesses; no checkpoint comes near.
    private static let limit = 1 << 19

    public func read() async throws(PublishingFault) -> PlacedCheckpoint {
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return PlacedCheckpoint() }
            throw PublishingFault(.unreachable, "\(name) cannot be read: \(String(cString: strerror(errno))); check its permissions")
        }
        defer { close(file) }
        // Pipes and sockets have no position, directories nothing to read, and devices more than a checkpoint.
        var isReadable = lseek(file, 0, SEEK_CUR) >= 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.limit + 1) { buffer, count in
            while isReadable, count < buffer.count {
                let read = Self.read(file, into: buffer, at: count)
                isReadable = read >= 0
                guard read > 0 else { break }
                count += read
            }
        }
        guard isReadable, bytes.count <= Self.limit else {
            throw PublishingFault(.contradiction, "\(name) is no file of a checkpoint; name another one")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return try PlacedCheckpoint(text: text, version: text, in: name)
    }

    private static func read(_ file: Int32, into buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int) -> Int {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[offset...])
        #if canImport(Glibc)
            return Glibc.read(file, rest.baseAddress, rest.count)
        #else
            return Musl.read(file, rest.baseAddress, rest.count)
        #endif
    }

    public func write(_ checkpoint: SignedCheckpoint, over placed: PlacedCheckpoint) async throws(PublishingFault) -> Bool {
        guard try await read().version == placed.version else { return false }
        do { try DurableFile.replace(path, by: checkpoint.description, mode: 0o644) } catch {
            throw PublishingFault(.unreachable, "\(name) cannot be written: \(error.reason); check the directory and its permissions")
        }
        return true
    }
}
