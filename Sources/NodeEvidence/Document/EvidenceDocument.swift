public import Documents

/// What one machine showed of itself, read once. A class: handing it out is one reference.
///
/// A section that was not collected is nil, and one that is no list throws for whoever asks for it. Of a list with broken entries
/// the others are read, so that what is wrong there is still found; `brokenEntries` keeps anybody from calling the rest fine.
public final class EvidenceDocument: Sendable {
    public let root: Value
    /// Empty when the document does not say.
    public let nodeName: String
    /// RFC 3339, empty when the document does not say.
    public let collectedAt: String
    let refused: RefusedPaths
    /// Configuration files that were read already.
    let configurations = ConfigurationMemo()
    private let processList: Section<EvidenceProcess>
    private let fileList: Section<EvidenceFile>
    private let socketList: Section<EvidenceSocket>
    private let filesByPath: [String: [Int]]
    private let filesByAlias: [String: [Int]]
    /// Programs of Kubernetes that run here, or that static Pods here would run.
    let found: Section<Component>
    /// Entries of the lists above that could not be read.
    public let brokenEntries: [WrongType]
    /// Processes in containers that call themselves a part of the control plane or the kubelet, though no static Pod of this machine
    /// starts such a program. Anybody who may run a Pod can name one so; they count for nothing.
    public let impostors: [EvidenceProcess]

    public init(_ root: Value) {
        self.root = root
        nodeName = (try? root["nodeName"].string()) ?? ""
        collectedAt = (try? root["collectedAt"].string()) ?? ""
        refused = RefusedPaths(root)
        processList = Section(root["processes"], EvidenceProcess.init)
        fileList = Section(root["files"], EvidenceFile.init)
        socketList = Section(root["sockets"], EvidenceSocket.init)
        var filesByPath: [String: [Int]] = [:]
        var filesByAlias: [String: [Int]] = [:]
        for (index, file) in (fileList.elements ?? []).enumerated() {
            filesByPath[file.path, default: []].append(index)
            for alias in file.aliases { filesByAlias[alias, default: []].append(index) }
        }
        self.filesByPath = filesByPath
        self.filesByAlias = filesByAlias
        brokenEntries = processList.broken + fileList.broken + socketList.broken
        (found, impostors) = EvidenceDocument.components(processList, fileList)
    }

    /// - Throws: `WrongType` of the first broken entry; likewise the other sections.
    public var processes: [EvidenceProcess]? { get throws(WrongType) { try processList.read() } }
    public var files: [EvidenceFile]? { get throws(WrongType) { try fileList.read() } }
    public var sockets: [EvidenceSocket]? { get throws(WrongType) { try socketList.read() } }

    /// The file at a path, as the machine has it or as a process in a container sees it.
    /// Where links lead elsewhere, that is the file at their end, if the evidence holds it. A process of which the evidence holds no
    /// other file there sees the machine's own, never that of another process.
    /// - Parameter viewer: whose view counts where several see different files at the path.
    /// - Returns: nil when nobody looked there.
    public func file(_ path: String, seenBy viewer: Viewer = .machine) throws(WrongType) -> EvidenceFile? {
        guard let files = try files else { return nil }
        let own = (filesByPath[path] ?? []).lazy.map { files[$0] }
        let aliased = (filesByAlias[path] ?? []).lazy.map { files[$0] }
        var other: EvidenceFile?
        for candidates in [Array(own.filter { $0.type != .symlink }), Array(aliased), Array(own.filter { $0.type == .symlink })] {
            if let seen = candidates.first(where: viewer.sees) { return seen }
            other = other ?? candidates.first { Viewer.machine.sees($0) }
        }
        return other
    }

    /// Files and directories below a directory, as deep as they were looked at, in their order: the machine's, and what the viewer sees
    /// besides.
    public func files(below directory: String, seenBy viewer: Viewer = .machine) throws(WrongType) -> [EvidenceFile] {
        let prefix = directory.hasSuffix("/") ? directory : directory + "/"
        return try (files ?? []).filter {
            $0.path.utf8.starts(with: prefix.utf8) && (Viewer.machine.sees($0) || viewer.sees($0))
        }
    }

    /// Programs of this kind that run here; nil when processes were not looked at.
    /// - Throws: `WrongType` also where there are more than any machine runs: judging each of them against all files has no end.
    public func components(_ kind: ComponentKind) throws(WrongType) -> [Component]? {
        guard let components = try found.read()?.filter({ $0.kind == kind }) else { return nil }
        guard components.count <= EvidenceDocument.mostOfOneKind else {
            throw WrongType(value: root["processes"], expected: "a list with at most 64 programs of one kind, which is more than a machine runs,")
        }
        return components
    }

    /// Some machines run several etcd, or a cluster within the cluster.
    private static let mostOfOneKind = 64

    /// Whether the machine runs a part of the control plane.
    public var isControlPlane: Bool {
        (found.elements ?? []).contains { $0.kind.isControlPlane }
    }

    /// The version of Kubernetes that the evidence names, as written: `1.31.2`.
    public var kubernetesVersion: String? { (try? root["kubernetesVersion"].string()).flatMap { $0 } }

    /// A list of the document, and what of it could not be read.
    struct Section<Element: Sendable>: Sendable {
        /// nil when the list is missing.
        var elements: [Element]?
        /// It is no list at all.
        var malformed: WrongType?
        var broken: [WrongType] = []

        init(elements: [Element]?, malformed: WrongType?) {
            self.elements = elements
            self.malformed = malformed
        }

        init(_ list: Value, _ read: (Value) throws(WrongType) -> Element) {
            guard list.exists else { return }
            var elements: [Element] = []
            do throws(WrongType) {
                for item in try list.items() {
                    do throws(WrongType) {
                        elements.append(try read(item))
                    } catch {
                        broken.append(error)
                    }
                }
            } catch {
                malformed = error
            }
            self.elements = elements
        }

        /// What could be read; `broken` says what could not.
        func read() throws(WrongType) -> [Element]? {
            if let malformed { throw malformed }
            return elements
        }

        /// All of it, or the first thing that could not be read.
        func whole() throws(WrongType) -> [Element]? {
            if let broken = broken.first { throw broken }
            return try read()
        }
    }

    /// Processes first. What a static Pod would run counts where no such process was seen: a file system judged from outside has none.
    private static func components(
        _ processes: Section<EvidenceProcess>, _ files: Section<EvidenceFile>
    ) -> (found: Section<Component>, impostors: [EvidenceProcess]) {
        let manifests = (files.elements ?? []).filter(StaticPod.isFile)
        let inManifests = manifests.flatMap(StaticPod.components)
        var components: [Component] = []
        var impostors: [EvidenceProcess] = []
        for process in processes.elements ?? [] {
            guard let component = Component(process) else { continue }
            // Where files were looked at, they tell; kube-proxy runs in a Pod that no file of the machine shows.
            let isTrusted =
                process.container.isEmpty || files.elements == nil || component.kind == .kubeProxy
                || manifests.contains { StaticPod.runs(component.kind, $0) }
            if isTrusted { components.append(component) } else { impostors.append(process) }
        }
        components += inManifests.filter { manifest in !components.contains { $0.kind == manifest.kind } }
        let isUnknown = processes.elements == nil && components.isEmpty
        return (Section(elements: isUnknown ? nil : components, malformed: processes.malformed), impostors)
    }
}
