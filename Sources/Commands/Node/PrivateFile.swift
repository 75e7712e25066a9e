internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A file that only its owner may read, unless told otherwise, and that is either the old one or the whole new one.
enum PrivateFile {
    /// Writes a new file beside the old one and puts it in its place.
    /// - Parameter permissions: what others may do with it, less what the process's mask takes away.
    /// - Throws: `Failure` when it cannot be written.
    static func replace(_ path: String, with bytes: [UInt8], permissions: FilePermissions = [.ownerReadWrite]) throws {
        // A device or FIFO, such as /dev/stdout, is written to and never replaced.
        if let identity = FileIdentity(of: path), identity.kind == .other {
            let descriptor = try opened(path, path, .writeOnly, [], permissions)
            return try descriptor.closeAfter { try bytes.withUnsafeBytes { try Output(descriptor: descriptor, name: path).write($0) } }
        }
        try Prepared(path, with: bytes, permissions: permissions).finish()
    }

    /// A new file on the disk, beside the old one whose place it takes when something else has been done that must come first.
    struct Prepared {
        private let path: String
        private let unfinished: String

        /// - Throws: `Failure` when it cannot be written; then nothing is left of it.
        init(_ path: String, with bytes: [UInt8], permissions: FilePermissions) throws {
            (self.path, unfinished) = (path, "\(path).\(getpid()).unfinished")
            // `exclusiveCreate` follows no link that somebody laid there before.
            let descriptor = try PrivateFile.opened(unfinished, path, .writeOnly, [.create, .exclusiveCreate], permissions)
            do { try PrivateFile.write(bytes, to: descriptor, path) } catch {
                unlink(unfinished)
                throw error
            }
        }

        func finish() throws {
            guard rename(unfinished, path) == 0 else {
                let reason = Errno(rawValue: errno)
                unlink(unfinished)
                throw Failure.usage("\(path) cannot be written: \(reason); check the directory")
            }
        }

        func discard() { unlink(unfinished) }
    }

    /// Writes a file that must not be there yet. Where two programs do so at once, the file of one of them stands.
    /// - Throws: `Failure` when it cannot be written.
    static func create(_ path: String, with bytes: [UInt8]) throws {
        let unfinished = "\(path).\(getpid()).unfinished"
        let descriptor = try opened(unfinished, path, .writeOnly, [.create, .exclusiveCreate], [.ownerReadWrite])
        defer { unlink(unfinished) }
        try write(bytes, to: descriptor, path)
        // A link, unlike a rename, never takes the place of a file.
        guard link(unfinished, path) == 0 || errno == EEXIST else {
            throw Failure.usage("\(path) cannot be written: \(Errno(rawValue: errno)); check the directory")
        }
    }

    /// On the disk when it returns: what is signed with a key may outlast the power, and so must the key.
    private static func write(_ bytes: [UInt8], to descriptor: FileDescriptor, _ path: String) throws {
        try descriptor.closeAfter {
            try bytes.withUnsafeBytes { try Output(descriptor: descriptor, name: path).write($0) }
            guard fsync(descriptor.rawValue) == 0 else {
                throw Failure.usage("\(path) cannot be written: \(Errno(rawValue: errno)); check the disk")
            }
        }
    }

    private static func opened(
        _ path: String, _ shown: String, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions,
        _ permissions: FilePermissions
    ) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(FilePath(path), mode, options: options, permissions: permissions)
        } catch {
            throw Failure.usage("\(shown) cannot be written: \(error); check the directory and its permissions")
        }
    }
}
