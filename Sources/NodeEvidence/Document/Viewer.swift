public import Documents

/// Whose view of the file systems is meant: the machine's own, or that of a process in a container.
///
/// Whoever runs a Pod may give a process any name, so the number decides wherever an entry has one.
public struct Viewer: Sendable, Hashable {
    /// Empty for the machine itself.
    let process: String
    let pid: Int64?

    public static let machine = Viewer(process: "", pid: nil)

    private init(process: String, pid: Int64?) {
        self.process = process
        self.pid = pid
    }

    /// What one program sees. Outside of any container that is what the machine has.
    public init(_ component: Component) {
        let isOnMachine = component.pid != nil && component.container.isEmpty
        self.init(process: isOnMachine ? "" : component.kind.rawValue, pid: isOnMachine ? nil : component.pid)
    }

    /// Whoever sees this entry.
    init(of file: EvidenceFile) { self.init(process: file.process, pid: file.pid) }

    /// A program by its name alone, for entries that name programs without their numbers. What only a process sees that counts for
    /// none of Kubernetes' programs stays out.
    fileprivate init(named program: String, in document: EvidenceDocument) {
        let known = (document.found.elements ?? []).filter { $0.kind.rawValue == program }
        self.init(process: program, pid: known.lazy.compactMap(\.pid).first)
    }

    /// Where the collector's refusals have its root.
    var prefix: String { pid.map { "/proc/\($0)/root" } ?? "" }

    func sees(_ file: EvidenceFile) -> Bool {
        if let other = file.pid { return pid == other }
        return file.process == process
    }
}

extension EvidenceDocument {
    /// The file that a program sees of which only the name is known; an empty name means the machine itself.
    public func file(_ path: String, seenBy program: String) throws(WrongType) -> EvidenceFile? {
        try file(path, seenBy: Viewer(named: program, in: self))
    }
}
