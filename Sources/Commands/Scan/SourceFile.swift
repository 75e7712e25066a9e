internal import SystemPackage

/// Reading a source as bytes.
enum SourceFile {
    struct ReadError: Error {
        /// What and the remedy.
        let message: String
    }

    /// - Parameter path: `-` reads standard input.
    /// - Throws: `ReadError` when it cannot be read or holds more than `limit` bytes.
    static func read(_ path: String, limit: Int) throws(ReadError) -> [UInt8] {
        do {
            if path == "-" { return try read(.standardInput, sizeHint: 1 << 16, limit: limit) }
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly)
            return try descriptor.closeAfter {
                let size = (try? descriptor.seek(offset: 0, from: .end)) ?? 0
                _ = try? descriptor.seek(offset: 0, from: .start)
                guard size <= Int64(limit) else { throw tooLarge(limit) }
                return try read(descriptor, sizeHint: Int(size) + 1, limit: limit)
            }
        } catch let error as ReadError {
            throw error
        } catch {
            throw ReadError(message: remedy(for: error))
        }
    }

    private static func read(_ descriptor: FileDescriptor, sizeHint: Int, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = max(sizeHint, 4096)
        while true {
            let before = bytes.count
            var isEnd = false
            var failure: (any Error)?
            // Grows in place, so that a file is never in memory twice.
            bytes.append(contentsOf: repeatElement(0, count: chunk))
            bytes.withUnsafeMutableBytes { buffer in
                var filled = before
                do {
                    while filled < buffer.count, !isEnd {
                        let count = try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                        filled += count
                        isEnd = count == 0
                    }
                } catch {
                    failure = error
                }
                chunk = buffer.count - filled
            }
            if let failure { throw failure }
            bytes.removeLast(chunk)
            guard bytes.count <= limit else { throw tooLarge(limit) }
            if isEnd { return bytes }
            chunk = max(bytes.count, 1 << 16)
        }
    }

    private static func tooLarge(_ limit: Int) -> ReadError {
        ReadError(message: "more than the limit of \(limit) bytes a source; split it or raise --max-bytes")
    }

    /// What went wrong with a file, and what helps.
    static func remedy(for error: any Error) -> String {
        if let error = error as? ReadError { return error.message }
        guard let errno = error as? Errno else { return "cannot be read: \(error)" }
        switch errno {
        case .permissionDenied, .notPermitted: return "no permission to read; run as a user who may, or leave it out with --exclude"
        case .noSuchFileOrDirectory: return "there is no such file; check the path"
        case .isDirectory: return "is a directory, where a file was expected"
        default: return "cannot be read: \(errno)"
        }
    }
}
