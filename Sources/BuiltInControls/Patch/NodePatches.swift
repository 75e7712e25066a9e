import Advisories
import Controls
import Documents
import Kubernetes
import NodeEvidence

/// The packages of one machine with what advisories say about them.
struct NodePatches {
    /// The binary packages of one source package, with what the advisories say about it.
    struct Source {
        let name: String
        let packages: [EvidencePackage]
        /// Of the source package, as installed.
        let version: String
        /// Worst first.
        let standings: [PatchStanding]

        /// The source has to do with the kernel, of which what runs counts and not what is installed.
        let isKernel: Bool

        var place: Value { packages[0].place }

        func standings(where isWanted: (PatchStanding) -> Bool) -> [PatchStanding] { standings.filter(isWanted) }
    }

    let sources: [Source]
    /// The first row or record that could not be read.
    let unreadable: WrongType?

    init(_ packages: [EvidencePackage], _ distribution: Distribution, _ advisories: AdvisoryIndex) {
        var order: [String] = []
        var bySource: [String: [EvidencePackage]] = [:]
        for package in packages {
            let source = package.installed.source
            if bySource[source] == nil { order.append(source) }
            bySource[source, default: []].append(package)
        }
        var unreadable: WrongType?
        sources = order.map { name in
            let members = bySource[name] ?? []
            var standings: [String: PatchStanding] = [:]
            // Versions of one source may differ where a machine is half upgraded; the oldest has all the faults.
            for installed in Set(members.map(\.installed)) {
                let answer = advisories.standings(of: installed, on: distribution)
                unreadable = unreadable ?? answer.unreadable.first
                standings.merge(answer.standings) { $0.state.isOpen || !$1.state.isOpen ? $0 : $1 }
            }
            return Source(
                name: name, packages: members, version: members[0].installed.sourceVersion,
                standings: standings.values.sorted { $0.severity == $1.severity ? $0.advisory < $1.advisory : $0.severity > $1.severity },
                isKernel: KernelPackage.isKernel(source: name))
        }
        self.unreadable = unreadable
    }
}

extension EvidencePackage {
    var installed: InstalledPackage { InstalledPackage(name: name, version: version, source: source, sourceVersion: sourceVersion) }
}

extension Report {
    /// What the advisories say about the packages of the machine under judgement; where nothing can be said, that is reported and
    /// nothing comes back.
    ///
    /// - Parameter saysWhy: report what is missing; one control of several that need the same does.
    mutating func patches(of evidence: EvidenceDocument, saysWhy: Bool = false) throws(WrongType) -> NodePatches? {
        guard let distribution = try distribution(of: evidence, saysWhy: saysWhy) else { return nil }
        guard let packages = try evidence.packages else {
            unjudged(evidence.root, "the evidence has no list 'packages'", saysWhy)
            return nil
        }
        return NodePatches(packages, distribution, settings.advisories)
    }

    /// The machine's distribution, when advisories for it were given.
    mutating func distribution(of evidence: EvidenceDocument, saysWhy: Bool) throws(WrongType) -> Distribution? {
        if settings.advisories.isEmpty {
            unjudged(evidence.root, "no advisories were given, so nothing is known about its packages; give --advisories", saysWhy)
            return nil
        }
        guard let system = try evidence.system, !system.id.isEmpty else {
            unjudged(evidence.root, "the evidence does not say which system runs, so no advisory can be matched", saysWhy)
            return nil
        }
        guard let distribution = Distribution(id: system.id, version: system.version) else {
            unjudged(system.place["id"], "no advisories of '\(system.id)' are read here; those of \(Distribution.known) are", saysWhy)
            return nil
        }
        guard settings.advisories.covers(distribution) else {
            unjudged(system.place["id"], "the advisories that were given say nothing about \(system.id) \(system.version)", saysWhy)
            return nil
        }
        return distribution
    }

    private mutating func unjudged(_ place: Value, _ message: String, _ saysWhy: Bool) {
        if saysWhy { notObservable(place, message) } else { notApplicable() }
    }

    /// Reports the advisories of one source package as one finding.
    mutating func fail(
        _ source: NodePatches.Source, _ standings: [PatchStanding], _ rest: String, patch: PatchCondition? = nil
    ) {
        guard !standings.isEmpty else { return }
        let names = source.packages.map(\.name).sorted()
        let others = names == [source.name] ? "" : " (\(Advice.list(names, most: 8)))"
        fail(
            source.place, "\(source.name) \(source.version)\(others): \(Advice.count(standings)) \(rest): \(Advice.list(of: standings))",
            value: standings.map(\.advisory).sorted().joined(separator: ","), patch: patch)
    }
}

/// How advisories are put into words.
enum Advice {
    static func count(_ standings: [PatchStanding]) -> String { "\(standings.count) \(standings.count == 1 ? "advisory" : "advisories")" }

    /// `CVE-2024-0001 (critical), CVE-2024-0002`: twenty at most, the worst first.
    static func list(of standings: [PatchStanding]) -> String {
        list(standings.map { $0.severity == .unknown ? $0.advisory : "\($0.advisory) (\($0.severity.noun))" }, most: 20)
    }

    static func list(_ names: [String], most: Int) -> String {
        names.count <= most ? names.joined(separator: ", ") : names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
    }

    /// The version that mends all of them, as far as their records name one.
    static func newestFix(_ standings: [PatchStanding], _ order: VersionOrder) -> String? {
        standings.compactMap { standing in
            if case .vulnerable(let fixed) = standing.state { fixed } else { nil }
        }.max { order.compare($0, $1) == .less }
    }

    /// `mended in 3.0.11-1`, or that the records do not say where.
    static func mended(_ standings: [PatchStanding], _ order: VersionOrder) -> String {
        newestFix(standings, order).map { "mended in \($0)" } ?? "with a fix whose version the records do not name"
    }
}

extension PatchStanding {
    /// A fix is out and not installed.
    var isFixable: Bool { if case .vulnerable = state { true } else { false } }
    var isWithoutFix: Bool { if case .noFixYet = state { true } else { false } }
    /// Bad, or not rated by anybody.
    var isGrave: Bool { severity >= .high }
}
