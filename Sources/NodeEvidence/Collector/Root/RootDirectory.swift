internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// `O_PATH`, which the C library's module leaves out: opens a name without reading what it names. As in asm-generic/fcntl.h.
private let pathOnly: Int32 = 0o10_000_000

/// A directory that stands for `/`: nothing leads out of it, neither `..` nor a symbolic link.
///
/// Paths are walked one name at a time, each opened below the one before and never through a link; links are read and walked in turn. So a
/// mounted file system, and the file system of a container, cannot make the reader look at the machine it runs on, whatever they change while
/// they are read. (`openat2` would do the same in one call; it cannot be called without a shim in C, and the walk also sees each directory.)
final class RootDirectory: Sendable {
    /// Links in one walk, as many as the kernel follows.
    static let mostLinks = 40
    private let descriptor: OwnedDescriptor

    init(_ descriptor: OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// - Parameter path: as the reader's own process sees it; links in it are followed.
    convenience init(opening path: FilePath) throws(Errno) {
        let number = path.withPlatformString { open($0, pathOnly | O_DIRECTORY | O_CLOEXEC) }
        guard number >= 0 else { throw Errno.last }
        self.init(OwnedDescriptor(number))
    }

    /// A directory or link on the way to a file.
    struct Step: Sendable {
        let path: FilePath
        let status: FileStatus
        /// Where a link leads.
        let target: FilePath?
    }

    /// Where a path ends.
    struct Place: Sendable {
        /// Free of links.
        let path: FilePath
        let status: FileStatus
        /// The directory it lies in, and its name there; the root itself has no name.
        let parent: OwnedDescriptor
        let name: String
        let bytes: FilePath
    }

    struct Walk {
        var steps: [Step] = []
        var end: Result<Place, Errno>
        /// Where a walk that failed would have ended, links that were followed resolved.
        var lost: FilePath?
    }

    /// Goes to what `path` names.
    ///
    /// - Parameter followsLast: whether a link at the end is followed too.
    func walk(to path: FilePath, followsLast: Bool = true) -> Walk {
        var walker = Walker(root: descriptor)
        do throws(Errno) {
            let place = try walker.walk(path, followsLast: followsLast)
            return Walk(steps: walker.steps, end: .success(place))
        } catch {
            return Walk(steps: walker.steps, end: .failure(error), lost: walker.lost)
        }
    }

    /// The place of a path, for those to whom the way does not matter.
    func place(of path: FilePath, followsLast: Bool = true) throws(Errno) -> Place {
        try walk(to: path, followsLast: followsLast).end.get()
    }

    /// Whether this is a file system of processes that the kernel makes up, by the reader's own table of mounts; a copy of one may hold anything.
    var isProcessFileSystem: Bool {
        guard let status = FileStatus(filledBy: { fstat(descriptor.number, $0) }), let own = try? RootDirectory(opening: "/proc/self"),
            let table = try? own.place(of: "mountinfo").read(limit: 16 << 20)
        else { return false }
        return MountTable.types(ofDevice: status.device, in: table.bytes).contains("proc")
    }
}

/// A file descriptor that is closed with its last owner.
final class OwnedDescriptor: Sendable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit { close(number) }
}

extension Errno {
    /// Of the call just made.
    static var last: Errno { Errno(rawValue: errno) }
    /// A limit of our own.
    static var tooManyLinks: Errno { .tooManySymbolicLinkLevels }
}

/// One walk: the directories it is in, and the names that are still to go.
private struct Walker {
    private var directories: [(descriptor: OwnedDescriptor, path: FilePath)]
    private var rest: [FilePath.Component] = []
    private var links = 0
    private(set) var steps: [RootDirectory.Step] = []

    init(root: OwnedDescriptor) {
        directories = [(root, "/")]
    }

    private var looked: FilePath.Component?

    /// The name that was looked at last, and those behind it.
    var lost: FilePath? { looked.map { here.path.appending($0).appending(rest.reversed()) } }

    private var here: (descriptor: OwnedDescriptor, path: FilePath) { directories[directories.count - 1] }

    mutating func walk(_ path: FilePath, followsLast: Bool) throws(Errno) -> RootDirectory.Place {
        rest = path.components.reversed()
        // Whoever may write here puts another directory in the place of any below.
        steps.append(RootDirectory.Step(path: here.path, status: try Walker.status(of: ".", in: here.descriptor), target: nil))
        while let component = rest.popLast() {
            switch component.kind {
            case .currentDirectory: continue
            case .parentDirectory:
                if directories.count > 1 { directories.removeLast() }
                continue
            case .regular: break
            }
            let path = here.path.appending(component)
            looked = component
            let status = try Walker.status(of: FilePath(root: nil, components: component), in: here.descriptor)
            switch status.kind {
            case .symlink where !rest.isEmpty || followsLast:
                try follow(component, path, status)
            case .directory:
                try enter(component, path, status)
            default:
                guard rest.isEmpty else { throw .notDirectory }
                return RootDirectory.Place(
                    path: path, status: status, parent: here.descriptor, name: component.string, bytes: FilePath(root: nil, components: component))
            }
        }
        // The directory that the walk ended in; of the root nothing but itself is known.
        let (descriptor, path) = here
        return RootDirectory.Place(path: path, status: try Walker.status(of: ".", in: descriptor), parent: descriptor, name: ".", bytes: ".")
    }

    private mutating func enter(_ component: FilePath.Component, _ path: FilePath, _ status: FileStatus) throws(Errno) {
        let name = FilePath(root: nil, components: component)
        let number = name.withPlatformString { openat(here.descriptor.number, $0, pathOnly | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard number >= 0 else { throw Errno.last }
        directories.append((OwnedDescriptor(number), path))
        steps.append(RootDirectory.Step(path: path, status: status, target: nil))
    }

    private mutating func follow(_ component: FilePath.Component, _ path: FilePath, _ status: FileStatus) throws(Errno) {
        links += 1
        guard links <= RootDirectory.mostLinks else { throw .tooManyLinks }
        let target = try Walker.target(of: FilePath(root: nil, components: component), in: here.descriptor)
        steps.append(RootDirectory.Step(path: path, status: status, target: target))
        if target.isAbsolute { directories.removeLast(directories.count - 1) }
        rest += target.components.reversed()
        guard rest.count <= 4096 else { throw .fileNameTooLong }
    }

    static func status(of name: FilePath, in directory: OwnedDescriptor) throws(Errno) -> FileStatus {
        let status = name.withPlatformString { name in FileStatus(filledBy: { fstatat(directory.number, name, $0, AT_SYMLINK_NOFOLLOW) }) }
        guard let status else { throw Errno.last }
        return status
    }

    static func target(of name: FilePath, in directory: OwnedDescriptor) throws(Errno) -> FilePath {
        try directory.linkTarget(name)
    }
}

extension OwnedDescriptor {
    /// Where the link of this name in the directory leads.
    func linkTarget(_ name: FilePath) throws(Errno) -> FilePath {
        var buffer = [CChar](repeating: 0, count: 4097)
        let count = name.withPlatformString { readlinkat(number, $0, &buffer, buffer.count - 1) }
        guard count >= 0 else { throw Errno.last }
        buffer[count] = 0
        return buffer.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { FilePath(platformString: $0) } ?? ""
        }
    }
}
