// `stat` belongs to it wherever the compiler has read it for another file of the batch, as X509 makes it do.
internal import CoreFoundation
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The beginning of a file.
struct FileBeginning {
    var bytes: [UInt8]
    /// Whether there is more of it than was asked for.
    var isTruncated: Bool
}

extension RootDirectory.Place {
    /// Reads a regular file. Anything else is not opened: a FIFO would block, a device may act on being opened.
    ///
    /// - Parameter limit: bytes that are read at most.
    func read(limit: Int) throws(Errno) -> FileBeginning {
        guard status.kind == .file else { throw .invalidArgument }
        return try parent.read(bytes, limit: limit)
    }

    /// The names in a directory, sorted by their bytes.
    ///
    /// - Parameter limit: names that are read at most; one more than that is returned when there are more.
    func names(limit: Int) throws(Errno) -> [FilePath.Component] {
        guard status.kind == .directory else { throw .notDirectory }
        return try parent.names(limit: limit)
    }
}

extension OwnedDescriptor {
    /// Opens and reads the regular file of this name in the directory, never through a link.
    func read(_ name: FilePath, limit: Int) throws(Errno) -> FileBeginning {
        // Should the file have turned into a FIFO meanwhile, this does not wait for a writer.
        let number = name.withPlatformString { openat(self.number, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
        guard number >= 0 else { throw Errno.last }
        let file = OwnedDescriptor(number)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw Errno.last }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidArgument }
        // Files of /proc say that they are empty.
        return try file.readAll(expecting: Int(status.st_size), limit: limit)
    }

    private func readAll(expecting size: Int, limit: Int) throws(Errno) -> FileBeginning {
        var bytes = [UInt8](repeating: 0, count: min(max(size, 4095), limit) + 1)
        var filled = 0
        while true {
            let count: Int
            do {
                count = try bytes.withUnsafeMutableBytes { try FileDescriptor(rawValue: number).read(into: .init(rebasing: $0[filled...])) }
            } catch {
                throw error as? Errno ?? .ioError
            }
            filled += count
            if count == 0 || filled > limit { break }
            if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: min(bytes.count, limit + 1 - filled))) }
        }
        let isTruncated = filled > limit
        bytes.removeLast(bytes.count - min(filled, limit))
        return FileBeginning(bytes: bytes, isTruncated: isTruncated)
    }

    func names(limit: Int) throws(Errno) -> [FilePath.Component] {
        let number = openat(self.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw Errno.last }
        guard let stream = fdopendir(number) else {
            close(number)
            throw Errno.last
        }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while names.count <= limit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
                    FilePath.Component(platformString: $0)
                }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
        return names.sorted { $0.rawBytes.lexicographicallyPrecedes($1.rawBytes) }
    }
}

extension FilePath.Component {
    /// The name as the kernel has it, which need not be UTF-8.
    var rawBytes: [UInt8] { withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } }
}

extension FilePath {
    /// The path as text. Bytes that are no UTF-8 are written as `\xNN`, and backslashes as `\x5c`, so that two different names stay different.
    var evidenceText: String {
        withPlatformString { pointer in
            let bytes = UnsafeRawBufferPointer(start: pointer, count: strlen(pointer))
            guard bytes.contains(UInt8(ascii: "\\")) else { return EvidenceText.of(bytes) }
            return EvidenceText.of(bytes.flatMap { $0 == UInt8(ascii: "\\") ? Array("\\x5c".utf8) : [$0] })
        }
    }
}

/// Text of bytes that may be anything.
enum EvidenceText {
    static func of(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            // The longest character that is valid here has at most four bytes.
            let length = (1...4).first { rest.count >= $0 && String(validating: rest.prefix($0), as: UTF8.self) != nil }
            if let length {
                text += String(decoding: rest.prefix(length), as: UTF8.self)
                rest = rest.dropFirst(length)
            } else {
                text += "\\x" + (first < 16 ? "0" : "") + String(first, radix: 16)
                rest = rest.dropFirst()
            }
        }
        return text
    }
}
