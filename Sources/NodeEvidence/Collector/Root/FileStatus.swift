// `stat` belongs to it wherever the compiler has read it for another file of the batch, as X509 makes it do.
internal import CoreFoundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What `fstatat` tells of a file, as far as it is evidence.
struct FileStatus: Sendable, Hashable {
    var mode: UInt32
    var uid: UInt32
    var gid: UInt32
    var size: Int64
    /// Seconds since the epoch.
    var modified: Int
    var device: UInt64
    var inode: UInt64

    /// What one of the C library's calls fills in.
    /// - Returns: nil when the call fails; `errno` then says why.
    init?(filledBy call: (UnsafeMutablePointer<stat>) -> Int32) {
        var status = stat()
        guard call(&status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        mode = UInt32(status.st_mode)
        uid = status.st_uid
        gid = status.st_gid
        size = Int64(status.st_size)
        modified = Int(status.st_mtim.tv_sec)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    var kind: CollectedFile.Kind {
        switch mode & 0o170000 {
        case 0o100000: .file
        case 0o040000: .directory
        case 0o120000: .symlink
        case 0o140000: .socket
        default: .other
        }
    }

    /// Four octal digits, with the bits for set-user-id, set-group-id and sticky.
    var octalMode: String {
        let digits = String(mode & 0o7777, radix: 8)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    /// Whether two paths lead to one file.
    func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

    /// The number of the device as `/proc/PID/maps` writes it.
    var deviceText: String {
        // glibc's gnu_dev_major and gnu_dev_minor, which are inline functions there.
        let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
        let minor = device & 0xFF | (device >> 12) & ~0xFF
        func hexadecimal(_ number: UInt64) -> String { (number < 16 ? "0" : "") + String(number, radix: 16) }
        return "\(hexadecimal(major)):\(hexadecimal(minor))"
    }
}
