internal import Documents
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// One collection on its way: what is known so far, and what leads to what.
struct Gathering {
    let options: CollectorOptions
    let limits: CollectorLimits
    let root: RootDirectory
    /// The file system of processes, nil where there is none.
    let processFiles: ProcessFileSystem?
    let excluded: [FilePath]
    /// Where the machine's directories are mounted below the root; nil where the root is the whole of it.
    let pieces: [FilePath]?
    var evidence = CollectedEvidence()
    var users: [UInt32: String] = [:]
    var groups: [UInt32: String] = [:]
    /// Entries that `evidence.files` may have before further files are refused.
    var fileLimit: Int
    /// Where each path stands in `evidence.files`, by the process that sees it; the viewer of the machine's own is empty.
    var fileIndexes: [FileKey: Int] = [:]
    /// Configuration that was read and whose references were followed.
    var readConfigurations: Set<Reading> = []
    var redactions = 0
    /// Refusals that were noted, so that each is noted once.
    private var noted: Set<Refusal> = []

    struct Reading: Hashable {
        var file: FileKey
        var purpose: FilePurpose
    }

    struct FileKey: Hashable {
        var path: FilePath
        /// Tells apart several entries for one path: the process that sees it, or the user of a kubeconfig.
        var viewer: String
    }

    init(_ options: CollectorOptions, root: RootDirectory) {
        self.options = options
        limits = options.limits
        fileLimit = options.limits.files
        self.root = root
        excluded = options.excluded.map { FilePath($0).lexicallyNormalized() }
        pieces = options.pieces ?? Gathering.mountedPieces(below: options.root)
        if let path = options.processes {
            processFiles = (try? RootDirectory(opening: FilePath(path))).map { ProcessFileSystem($0, path: path) }
        } else {
            processFiles = ProcessFileSystem(below: root, options.root)
        }
    }

    private static func mountedPieces(below root: String) -> [FilePath]? {
        guard let own = try? RootDirectory(opening: "/proc/self"), let table = try? own.place(of: "mountinfo").read(limit: 16 << 20),
            let whole = realpath(root, nil)
        else { return nil }
        defer { free(whole) }
        return MountTable.pieces(below: FilePath(platformString: whole), in: table.bytes)
    }

    /// Whether what lies at a path, free of links, is the machine's.
    func isMachines(_ path: FilePath) -> Bool { pieces?.contains { path.starts(with: $0) } ?? true }

    /// Whether this is the machine that the collector runs on, rather than a file system of another one.
    var isLive: Bool { processFiles?.isReal ?? false }

    var sawKubernetes: Bool {
        evidence.processes?.contains { $0.argv != nil } ?? false
            || evidence.files.contains {
                !$0.isMissing && ($0.path.hasPrefix("/etc/kubernetes") || $0.path.hasPrefix("/var/lib/kubelet") || $0.content != nil)
            }
    }

    mutating func gather() {
        evidence.collectedAt = Instant.now.description
        evidence.collector.version = options.toolVersion
        evidence.collector.root = FilePath(options.root).evidenceText
        evidence.collector.processes = processFiles?.path ?? ""
        evidence.collector.uid = Int(geteuid())
        evidence.collector.excluded = options.excluded
        if processFiles == nil { refuse(options.processes ?? "/proc", .open, .noSuchFileOrDirectory) }
        users = systemFile("/etc/passwd").map { SystemFiles.names($0) } ?? [:]
        groups = systemFile("/etc/group").map { SystemFiles.names($0) } ?? [:]
        gatherSystem()
        gatherKernel()
        gatherProcesses()
        gatherSockets()
        gatherNamedFiles(inContainers: false)
        gatherWellKnownFiles()
        // What runs in containers may be anybody's: whatever its arguments name takes no room from the machine's own files.
        fileLimit = evidence.files.count + limits.containerFiles
        gatherNamedFiles(inContainers: true)
        gatherPackages()
        gatherContainers()
        if options.probesListeners { probeListeners() }
        evidence.kubernetesVersion = options.kubernetesVersion ?? KubernetesRelease.seen(in: evidence)
        sort()
    }

    /// The order of what was found must not depend on the order it was found in: two documents of one machine compare well.
    private mutating func sort() {
        evidence.processes?.sort { $0.pid < $1.pid }
        evidence.files.sort { ($0.path, $0.pid ?? 0) < ($1.path, $1.pid ?? 0) }
        for index in evidence.files.indices {
            evidence.files[index].programs.sort()
            evidence.files[index].aliases.sort()
        }
        // Several programs may name the file of a certificate, of which the first had it read.
        let programs = Dictionary(evidence.files.map { ("\($0.pid ?? 0) \($0.path)", $0.programs) }) { one, _ in one }
        for index in evidence.certificates.indices {
            guard let path = evidence.certificates[index].path else { continue }
            evidence.certificates[index].programs = programs["\(evidence.certificates[index].pid ?? 0) \(path)"] ?? []
        }
        evidence.certificates.sort {
            ($0.path ?? "", $0.pid ?? 0, $0.user ?? "", $0.cluster ?? "", $0.listener ?? "")
                < ($1.path ?? "", $1.pid ?? 0, $1.user ?? "", $1.cluster ?? "", $1.listener ?? "")
        }
        evidence.sockets?.sort { ($0.port, $0.networkProtocol, $0.address) < ($1.port, $1.networkProtocol, $1.address) }
        evidence.refusals.sort { ($0.path, $0.operation.rawValue) < ($1.path, $1.operation.rawValue) }
    }

    // MARK: - Refusals

    mutating func refuse(_ path: String, _ operation: Refusal.Operation, _ error: Errno) {
        // What is gone while it is read, of a process: nothing is missing that would have been there.
        let isVanished = error == .noSuchProcess
        note(Refusal(path: path, operation: operation, error: error.description, isVanished: isVanished))
    }

    mutating func note(_ refusal: Refusal) {
        // A machine that refuses everything would fill the document with it.
        if noted.count < 2_000, noted.insert(refusal).inserted { evidence.refusals.append(refusal) }
    }

    // MARK: - Small files of the machine

    enum SystemFile {
        case whole([UInt8])
        /// Not there, or none of the collector's business.
        case absent
        /// It is there and was not read; a refusal says why.
        case refused
    }

    /// A file of the machine that is read for what it says and is no evidence itself.
    mutating func readSystemFile(_ path: FilePath, limit: Int? = nil) -> SystemFile {
        guard !isExcluded(path) else { return .absent }
        do throws(Errno) {
            let place = try root.place(of: path)
            guard isMachines(place.path) else { return .absent }
            let beginning = try place.read(limit: limit ?? limits.database)
            guard beginning.isTruncated else { return .whole(beginning.bytes) }
            // Half of a table reads like a whole one.
            refuse(path.evidenceText, .limit, .fileTooLarge)
            return .refused
        } catch {
            if error == .noSuchFileOrDirectory || error == .notDirectory { return .absent }
            refuse(path.evidenceText, .read, error)
            return .refused
        }
    }

    /// The content of such a file; nil where there is none or it was refused.
    mutating func systemFile(_ path: FilePath, limit: Int? = nil) -> [UInt8]? {
        guard case .whole(let bytes) = readSystemFile(path, limit: limit) else { return nil }
        return bytes
    }

    /// The names in a directory of the machine; nil where it is not there.
    mutating func systemNames(_ path: FilePath) -> [FilePath.Component]? {
        guard !isExcluded(path) else { return nil }
        do throws(Errno) {
            let place = try root.place(of: path)
            return isMachines(place.path) ? bounded(try place.names(limit: limits.countedNames), of: path) : nil
        } catch {
            if error != .noSuchFileOrDirectory, error != .notDirectory { refuse(path.evidenceText, .list, error) }
            return nil
        }
    }

    /// What is not mounted is not missing.
    mutating func noteHidden(_ path: FilePath) {
        note(Refusal(path: path.evidenceText, operation: .look, error: "not mounted below the root of the collector"))
    }

    mutating func bounded(_ names: [FilePath.Component], of path: FilePath) -> [FilePath.Component] {
        let rest = names.count - limits.names
        if rest > 0 {
            let others = names.count > limits.countedNames ? "others, at least \(rest)," : rest == 1 ? "last one" : "last \(rest)"
            let verb = others == "last one" ? "was" : "were"
            note(Refusal(path: path.evidenceText, operation: .limit, error: "more than \(limits.names) names; the \(others) \(verb) not looked at"))
        }
        return Array(names.prefix(limits.names))
    }

    func isExcluded(_ path: FilePath) -> Bool {
        excluded.contains { path.starts(with: $0) }
    }
}
