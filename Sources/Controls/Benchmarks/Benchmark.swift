import Kubernetes

/// One edition of a benchmark: its rows in their order, in our own words. `demarc node scan` answers for every row.
public struct Benchmark: Sendable {
    /// As references name it: `cis-1.12`.
    public let id: String
    /// "CIS Kubernetes Benchmark 1.12"
    public let title: String
    public let sections: [Section]
    public let rows: [Row]

    public struct Section: Sendable, Hashable {
        /// `1.2`; the rows whose ids begin with it.
        public let id: String
        public let title: String

        public init(_ id: String, _ title: String) {
            self.id = id
            self.title = title
        }
    }

    public struct Row: Sendable, Hashable {
        public let id: String
        /// What is asked for, in the imperative.
        public let title: String
        /// The same requirement in another edition, whose controls verify this row too; nil for one that stands nowhere else.
        public let counterpart: Reference?
        /// Whether the edition itself counts the row among those that a program can judge.
        public let isAutomated: Bool
        /// What a person looks at where no program can tell; nil for a row that controls verify.
        public let lookAt: String?
        /// What a person looks at in editions that leave the same requirement to one.
        let guidance: String?

        /// The requirement by the place where it stands first; rows of different editions with the same one ask for the same.
        public func requirement(in benchmark: Benchmark) -> Reference { counterpart ?? Reference(benchmark.id, id) }

        /// A row that controls verify, by references to it or to its counterpart.
        /// - Parameter guidance: what to look at, for editions that leave the same to a person.
        public init(_ id: String, _ title: String, guidance: String? = nil, as counterpart: Reference? = nil) {
            self.init(id: id, title: title, counterpart: counterpart, isAutomated: true, lookAt: nil, guidance: guidance)
        }

        /// A row that a person has to judge.
        /// - Parameter isAutomated: true where the edition expects a program to do so, and no control of ours can.
        public init(_ id: String, _ title: String, isAutomated: Bool = false, lookAt: String, as counterpart: Reference? = nil) {
            self.init(id: id, title: title, counterpart: counterpart, isAutomated: isAutomated, lookAt: lookAt, guidance: lookAt)
        }

        init(id: String, title: String, counterpart: Reference?, isAutomated: Bool, lookAt: String?, guidance: String?) {
            self.id = id
            self.title = title
            self.counterpart = counterpart
            self.isAutomated = isAutomated
            self.lookAt = lookAt
            self.guidance = guidance
        }
    }

    /// - Parameter rows: in groups that follow each other.
    public init(id: String, title: String, sections: [Section], rows: [Row]...) {
        self.id = id
        self.title = title
        self.sections = sections
        self.rows = Array(rows.joined())
    }

    /// The section a row stands in.
    public func section(of row: Row) -> Section? {
        sections.filter { row.id == $0.id || row.id.hasPrefix($0.id + ".") }.max { $0.id.count < $1.id.count }
    }

    /// Every edition that can be asked for.
    public static let all: [Benchmark] = [.cis1x23, .cis1x10, .cis1x11, .cis1x12, .eks, .gke, .aks]

    public static func named(_ id: String) -> Benchmark? { all.first { $0.id == id } }

    /// The edition for a version of Kubernetes.
    ///
    /// Between editions the next newer one holds: it asks for no less. Source: the versions that kube-bench names for each edition.
    /// - Parameter text: `1.31.2`, `v1.29.3-eks-2d5f260`, `1.30.1-gke.1329003`; the suffix tells the platform, whose own edition then holds.
    public static func forVersion(_ text: String) -> Benchmark? {
        if text.contains("-eks-") { return .eks }
        if text.contains("-gke.") { return .gke }
        guard let version = KubernetesVersion(text) else { return nil }
        switch version {
        case ...KubernetesVersion(1, 23): return .cis1x23
        case ...KubernetesVersion(1, 28): return .cis1x10
        case ...KubernetesVersion(1, 31): return .cis1x11
        default: return .cis1x12
        }
    }
}

extension Reference {
    /// References to every edition's row for the same requirement, the given ones first and each once.
    static func withEditions(_ references: [Reference]) -> [Reference] {
        var all = references
        for reference in references {
            for edition in editions[reference] ?? [] where !all.contains(edition) { all.append(edition) }
        }
        return all
    }

    /// The rows that ask for the same, by each of them.
    private static let editions: [Reference: [Reference]] = {
        var groups: [Reference: [Reference]] = [:]
        for benchmark in Benchmark.all {
            for row in benchmark.rows {
                let own = Reference(benchmark.id, row.id)
                groups[row.requirement(in: benchmark), default: []].append(own)
            }
        }
        return groups.reduce(into: [:]) { table, group in
            for member in group.value { table[member] = group.value }
        }
    }()
}
