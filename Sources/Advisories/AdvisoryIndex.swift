public import Documents

/// All advisories of one run, found by the name of a package.
///
/// Immutable, and two are the same when they are one: nothing compares a hundred thousand records. A row is read when a package
/// asks for it, so that a tracker of a hundred megabytes costs one pass over its bytes.
public final class AdvisoryIndex: Sendable, Equatable {
    /// No advisory at all.
    public static let none = AdvisoryIndex([])

    /// Records in the form of OSV by the name of the package.
    private let records: [String: [OSVRecord]]
    /// Rows of Debian's tracker by the name of the source package.
    private let trackers: [String: [Value]]
    /// Ecosystems that some record is about.
    public let ecosystems: Set<String>
    public let hasTracker: Bool
    /// Faults told of, withdrawn ones included.
    public let count: Int
    /// What in the sources could not be read.
    public let problems: [AdvisoryProblem]

    public init(_ sources: [AdvisorySource]) {
        var records: [String: [OSVRecord]] = [:]
        var trackers: [String: [Value]] = [:]
        var ecosystems: Set<String> = []
        var count = 0
        for source in sources {
            for record in source.records {
                count += 1
                var byName: [String: [Value]] = [:]
                for entry in record.affected {
                    byName[entry.name, default: []].append(entry.value)
                    ecosystems.insert(entry.ecosystem)
                }
                for (name, affected) in byName { records[name, default: []].append(OSVRecord(record: record.value, affected: affected)) }
            }
            for package in source.trackers {
                trackers[package.key, default: []].append(package)
                count += package.count
            }
        }
        self.records = records
        self.trackers = trackers
        self.ecosystems = ecosystems
        self.count = count
        hasTracker = !trackers.isEmpty
        problems = sources.flatMap(\.problems)
    }

    public static func == (one: AdvisoryIndex, other: AdvisoryIndex) -> Bool { one === other }

    public var isEmpty: Bool { records.isEmpty && trackers.isEmpty }

    /// Whether anything is told about a distribution's release. Where nothing is, that no advisory fits means nothing.
    public func covers(_ distribution: Distribution) -> Bool {
        hasTracker && distribution.codename != nil || ecosystems.contains(where: distribution.isMeant)
    }

    public var coversKubernetes: Bool { ecosystems.contains("kubernetes") }

    // MARK: - Questions

    /// What a package of a distribution is affected by, one standing for each fault, by its name. The distribution's own tracker has
    /// the last word over records made from it.
    public func standings(of package: InstalledPackage, on distribution: Distribution) -> Answer {
        var answer = Answer()
        if let codename = distribution.codename {
            for table in trackers[package.source] ?? [] {
                for row in answer.rows(of: table) {
                    answer.add { () throws(WrongType) in try TrackerEntry(entry: row).standing(of: package.sourceVersion, release: codename) }
                }
            }
        }
        answer.tracked = Set(answer.standings.keys)
        var names = [(package.source, package.sourceVersion)]
        if package.name != package.source { names.append((package.name, package.version)) }
        for (name, version) in names {
            for record in records[name] ?? [] {
                answer.add { () throws(WrongType) in
                    try record.standing(of: version, ecosystem: distribution.isMeant, order: distribution.order)
                }
            }
        }
        return answer
    }

    /// What a component of Kubernetes is affected by: `k8s.io/kubelet` in one of its releases.
    public func standings(ofKubernetes names: [String], version: String) -> Answer {
        var answer = Answer()
        for name in names {
            for record in records[name] ?? [] {
                answer.add { () throws(WrongType) in try record.standing(of: version, ecosystem: { $0 == "kubernetes" }, order: .kubernetes) }
            }
        }
        return answer
    }

    /// The standings of one question, with what could not be read.
    public struct Answer: Sendable {
        /// By the name of the fault.
        public private(set) var standings: [String: PatchStanding] = [:]
        public private(set) var unreadable: [WrongType] = []

        /// Worst first, then by name.
        public var sorted: [PatchStanding] {
            standings.values.sorted { $0.severity == $1.severity ? $0.advisory < $1.advisory : $0.severity > $1.severity }
        }

        /// Faults that the distribution's tracker has a row for.
        fileprivate var tracked: Set<String> = []

        /// A row or record that nobody can read must not hide the next one.
        fileprivate mutating func add(_ find: () throws(WrongType) -> PatchStanding?) {
            do throws(WrongType) {
                if let found = try find() { take(found) }
            } catch {
                unreadable.append(error)
            }
        }

        fileprivate mutating func rows(of table: Value) -> [Value] {
            do throws(WrongType) {
                return Array(try table.entries())
            } catch {
                unreadable.append(error)
                return []
            }
        }

        private mutating func take(_ standing: PatchStanding) {
            let fault = AdvisoryIndex.fault(standing.advisory)
            guard let known = standings[fault] else { return standings[fault] = standing }
            if tracked.contains(fault) {
                // What the tracker leaves unrated, the record may rate.
                if known.severity == .unknown { standings[fault] = known.with(severity: standing.severity) }
            } else if known.state.weight < standing.state.weight {
                standings[fault] = standing
            }
        }
    }

    /// The name under which different databases have the same fault: `CVE-2024-0727` for `DEBIAN-CVE-2024-0727`.
    static func fault(_ id: String) -> String {
        for prefix in ["DEBIAN-", "UBUNTU-", "ALPINE-"] where id.hasPrefix(prefix + "CVE-") { return String(id.dropFirst(prefix.count)) }
        return id
    }
}
