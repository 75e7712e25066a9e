public import Controls
public import Documents
public import Kubernetes

/// Judges an estate and says who must act: the one way from an inventory to findings, for the scan, the controller and tests.
///
/// Parts of the estate can be judged on their own, in any order and at once. What needs all findings of its part (what grants were used
/// for, what controllers' Pods repeat) is `conclude`'s. Owners and grants reach no further than their namespace, so a namespace
/// concluded alone comes to what it comes to within the whole.
public struct EstateJudge: Sendable {
    public let inventory: Inventory
    public let catalogue: Catalogue
    public let settings: Settings
    public let attributor: Attributor
    public let now: Timestamp

    /// What judging a part of the estate gave.
    public struct Part: Sendable {
        /// Counts and gaps; the findings have moved on.
        public var judgement = Judgement()
        /// In the order of the objects, those of one object by their place.
        public var findings: [AttributedFinding] = []

        public init() {}

        public mutating func append(_ other: Part) {
            judgement.append(other.judgement)
            findings += other.findings
        }
    }

    /// - Parameters:
    ///   - now: the instant by which grants and exceptions hold.
    ///   - writes: what audit logs prove about who wrote what.
    public init(
        inventory: Inventory, catalogue: Catalogue, model: ResponsibilityModel, settings: Settings = Settings(), now: Timestamp,
        exceptions: ExceptionList = ExceptionList(), writes: (any WriteRecord)? = nil
    ) {
        (self.inventory, self.catalogue, self.settings, self.now) = (inventory, catalogue, settings, now)
        attributor = Attributor(model: model, inventory: inventory, controls: catalogue.controls, now: now, exceptions: exceptions, writes: writes)
    }

    /// Judges and attributes the objects at these indexes. A pure function of its ranges, which ascend.
    public func judge(_ ranges: [Range<Int>], recordsQuiet: Bool = false) -> Part {
        var part = Part()
        for range in ranges {
            part.judgement.append(catalogue.judge(inventory, objects: range, settings: settings, recordsQuiet: recordsQuiet))
        }
        part.findings = EstateJudge.byPlace(attributor.attribute(part.judgement.findings, controls: catalogue.controls))
        part.judgement.findings = []
        return part
    }

    /// Adds what the grants' use says of them, and leaves out what Pods repeat of their controllers.
    ///
    /// - Parameters:
    ///   - part: everything that was found in the namespaces.
    ///   - namespaces: those that were judged as a whole; nil for all.
    public func conclude(_ part: consuming Part, in namespaces: Set<String>? = nil) -> Part {
        let grants = GrantAudit(attributor, controls: catalogue.controls, now: now).judge(part.findings, in: namespaces)
        part.judgement.append(grants.counts)
        let repeated = RepeatedFindings(part.findings, in: inventory)
        // In place: the findings of a large estate must not be in memory twice.
        part.findings.removeAll { repeated.contains($0) }
        if !grants.findings.isEmpty { part.findings = EstateJudge.byPlace(part.findings + grants.findings) }
        return part
    }

    /// Objects stand in the order of their sources already; within one, people read from top to bottom.
    private static func byPlace(_ findings: [AttributedFinding]) -> [AttributedFinding] {
        let keys = findings.map { ($0.finding.object, $0.finding.place.position) }
        return findings.indices.sorted { one, other in
            let ((object, place), (otherObject, otherPlace)) = (keys[one], keys[other])
            if object != otherObject { return object < otherObject }
            if place.line != otherPlace.line { return place.line < otherPlace.line }
            return place.column == otherPlace.column ? one < other : place.column < otherPlace.column
        }.map { findings[$0] }
    }
}

extension [Gap] {
    /// Several controls meet the same broken field; people need to hear of it once.
    public var distinct: [Gap] {
        var seen: Set<Gap> = []
        return filter { seen.insert($0).inserted }
    }
}
