import Controls
import Documents
import Kubernetes
import NodeEvidence

/// The evidence of machines in an estate, read once for all controls.
final class EvidenceAnalysis: EstateAnalysis {
    private let documents: [Int: EvidenceDocument]

    init(of inventory: Inventory) {
        var documents: [Int: EvidenceDocument] = [:]
        if inventory.contains(kind: KubernetesObject.nodeEvidenceKind) {
            for (index, object) in inventory.objects.enumerated() where object.isNodeEvidence { documents[index] = EvidenceDocument(object.root) }
        }
        self.documents = documents
    }

    /// - Parameter object: index into the inventory.
    func document(_ object: Int) -> EvidenceDocument? { documents[object] }
}

extension Report {
    /// The evidence under judgement, nil for a Pod.
    var evidence: EvidenceDocument? { inventory.analysis(EvidenceAnalysis.self).document(object) }

    /// The edition of the benchmark whose limits hold: the one asked for, else the one of the version the evidence names, else the newest.
    var benchmark: Benchmark {
        settings.benchmark.flatMap(Benchmark.named) ?? evidence?.kubernetesVersion.flatMap(Benchmark.forVersion) ?? .cis1x12
    }

    /// A list of the evidence; where it was not collected, that is said and nothing comes back.
    /// - Parameter name: of the list in the document.
    mutating func section<Element>(_ elements: [Element]?, _ name: StaticString) -> [Element]? {
        if elements == nil, let evidence { notObservable(evidence.root, "the evidence has no list '\(name)'") }
        return elements
    }
}

extension Check {
    /// Called for each program of this kind: a process in the evidence of a machine, or a container of a Pod that starts it.
    static func component(
        _ kind: ComponentKind, _ judge: @escaping @Sendable (ComponentSettings, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .components { object, report throws(WrongType) in
            guard let evidence = report.evidence else { return try judgeContainers(of: object, kind, &report, judge) }
            guard let components = report.section(try evidence.components(kind), "processes") else { return }
            if components.isEmpty { report.notApplicable() }
            for component in components { try judge(try ComponentSettings(component, in: evidence), &report) }
        }
    }

    private static func judgeContainers(
        of object: KubernetesObject, _ kind: ComponentKind, _ report: inout Report,
        _ judge: (ComponentSettings, inout Report) throws(WrongType) -> Void
    ) throws(WrongType) {
        if let malformed = object.pod?.malformed { throw malformed }
        var isFound = false
        for container in object.pod?.containers ?? [] {
            guard let component = try Component(container: container.node), component.kind == kind else { continue }
            isFound = true
            report.enter(container)
            try judge(try ComponentSettings(component, in: nil), &report)
        }
        if !isFound { report.notApplicable() }
    }
}

extension Report {
    /// What a setting is; where that is not known, it is said and nothing comes back.
    ///
    /// - Parameters:
    ///   - flag: without dashes.
    ///   - field: dotted path in the configuration file.
    ///   - type: what the file may hold there.
    ///   - standard: what holds when nobody sets it; nil where unset means that there is none.
    mutating func setting(
        _ settings: ComponentSettings, flag: String?, field: String? = nil, as type: SettingType = .any, standard: String? = nil
    ) -> Setting? {
        known(settings.reading(flag: flag, field: field, as: type, standard: standard))
    }

    mutating func featureGate(_ settings: ComponentSettings, _ name: String, standard: Bool) -> Setting? {
        known(settings.featureGate(name, standard: standard))
    }

    private mutating func known(_ reading: SettingReading) -> Setting? {
        switch reading {
        case .known(let setting): return setting
        case .unknown(let reason, let place):
            notObservable(place, reason)
            return nil
        }
    }
}

extension Control {
    /// The same control, which never calls evidence with broken entries fine: what could not be read may be the very fault it looks for.
    var heedingBrokenEvidence: Control {
        Control(
            id: id, title: title, severity: severity, duty: duty, summary: summary, remedy: remedy, references: references, overrides: overrides,
            passing: passing, failing: failing, checks: checks.map { VersionedCheck(since: $0.since, $0.check.heedingBrokenEvidence) })
    }
}

extension Check {
    fileprivate var heedingBrokenEvidence: Check {
        switch self {
        case .components(let judge):
            .components { object, report throws(WrongType) in try Check.judge(object, &report, by: judge) }
        case .objects(let kinds, let judge) where kinds.contains(KubernetesObject.nodeEvidenceKind):
            .objects(kinds) { object, report throws(WrongType) in try Check.judge(object, &report, by: judge) }
        case .pods, .containers, .objects, .afterAttribution: self
        }
    }

    private static func judge(
        _ object: KubernetesObject, _ report: inout Report, by check: (KubernetesObject, inout Report) throws(WrongType) -> Void
    ) throws(WrongType) {
        try check(object, &report)
        if report.outcome == .pass || report.outcome == .notApplicable, let broken = report.evidence?.brokenEntries.first { throw broken }
    }
}
