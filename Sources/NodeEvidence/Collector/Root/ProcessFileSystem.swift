internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// `/proc`, or a copy of one.
///
/// Each process is read below a descriptor of its own directory: should it end and another take its number, reading fails instead of mixing the two.
final class ProcessFileSystem: Sendable {
    let directory: RootDirectory
    /// As people call it.
    let path: String
    /// Whether the kernel makes it up. Only there are the links of a process (`root`, `fd`) more than text.
    let isReal: Bool
    /// What links of a copy are resolved in.
    private let machine: RootDirectory?

    init(_ directory: RootDirectory, path: String, machine: RootDirectory? = nil) {
        self.directory = directory
        self.path = path
        self.machine = machine
        isReal = directory.isProcessFileSystem
    }

    convenience init?(below root: RootDirectory, _ rootPath: String) {
        guard let place = try? root.place(of: "/proc"), place.status.kind == .directory else { return nil }
        let directory = RootDirectory(place.parent)
        // A mounted file system of another machine mostly has the directory and nothing in it.
        guard let names = try? place.names(limit: 8), !names.isEmpty else { return nil }
        self.init(directory, path: "/proc", machine: root)
    }

    /// The numbers of all processes.
    func identifiers(limit: Int) throws(Errno) -> [Int] {
        try directory.place(of: "/").names(limit: limit + 2_000).compactMap { Int($0.string) }.filter { $0 > 0 }.sorted()
    }

    /// The directory of a process.
    func process(_ identifier: Int) throws(Errno) -> OwnedDescriptor {
        let place = try directory.place(of: FilePath("/\(identifier)"), followsLast: false)
        guard place.status.kind == .directory else { throw .notDirectory }
        return place.parent
    }

    /// A file of the kernel.
    func read(_ path: FilePath, limit: Int) throws(Errno) -> [UInt8] {
        try directory.place(of: path).read(limit: limit).bytes
    }

    /// The root that a process sees.
    func root(of process: OwnedDescriptor) throws(Errno) -> RootDirectory {
        if isReal {
            // Followed by the kernel, it leads into the process's own mounts, wherever those lie.
            let number = openat(process.number, "root", ProcessFileSystem.directoryOnly)
            guard number >= 0 else { throw Errno.last }
            return RootDirectory(OwnedDescriptor(number))
        }
        let target = try process.linkTarget("root")
        guard let machine else { throw .noSuchFileOrDirectory }
        let place = try machine.place(of: target)
        guard place.status.kind == .directory else { throw .notDirectory }
        return RootDirectory(place.parent)
    }

    private static let directoryOnly = O_DIRECTORY | O_CLOEXEC | 0o10_000_000
}
