#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Which file a path leads to, through all links: two paths with the same identity are the same file.
struct FileIdentity: Hashable {
    enum Kind { case file, directory, other }

    let kind: Kind
    let device: UInt64
    let number: UInt64

    /// nil when the path leads nowhere, or nobody may look.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            default: .other
            }
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }
}
