#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A file of which a reader sees the old content or the new one, never a part, after a loss of power too.
enum DurableFile {
    struct Fault: Error {
        /// In the system's words.
        let reason: String
    }

    static func replace(_ path: String, by text: String, mode: mode_t) throws(Fault) {
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw fault }
        let bytes = Array(text.utf8)
        let isWritten = bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return fchmod(file, mode) == 0 && fsync(file) == 0
        }
        guard close(file) == 0, isWritten, rename(draft, path) == 0 else { throw fault }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    private static var fault: Fault { Fault(reason: String(cString: strerror(errno))) }
}
