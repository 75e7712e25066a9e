internal import Controls
internal import Documents
internal import Kubernetes
internal import Responsibility

/// Judges and attributes an inventory on all cores. Each part is a pure function of its range, so the result does
/// not depend on how the work was cut.
struct Judging: Sendable {
    let inventory: Inventory
    let catalogue: Catalogue
    let settings: Settings
    let attributor: Attributor
    let recordsQuiet: Bool

    struct Result: Sendable {
        /// Counts and gaps; the findings have moved on.
        var judgement = Judgement()
        /// In the order of the objects, those of one object by their place.
        var findings: [AttributedFinding] = []
    }

    /// - Parameter subjects: ascending ranges of the inventory.
    func run(on subjects: [Range<Int>]) async -> Result {
        let parts = await Parallel.ranges(of: inventory.objects.count) { range in
            subjects.lazy.map { $0.clamped(to: range) }.filter { !$0.isEmpty }.map(self.judge)
        }.flatMap { $0 }
        var result = Result()
        result.findings.reserveCapacity(parts.reduce(0) { $0 + $1.findings.count })
        for part in parts {
            result.judgement.append(part.judgement)
            result.findings += part.findings
        }
        return result
    }

    private func judge(_ range: Range<Int>) -> Result {
        var judgement = catalogue.judge(inventory, objects: range, settings: settings, recordsQuiet: recordsQuiet)
        let findings = attributor.attribute(judgement.findings, controls: catalogue.controls)
        judgement.findings = []
        return Result(judgement: judgement, findings: Judging.byPlace(findings))
    }

    /// Objects stand in the order of their sources already; within one, people read from top to bottom.
    static func byPlace(_ findings: [AttributedFinding]) -> [AttributedFinding] {
        let keys = findings.map { ($0.finding.object, $0.finding.place.position) }
        return findings.indices.sorted { one, other in
            let ((object, place), (otherObject, otherPlace)) = (keys[one], keys[other])
            if object != otherObject { return object < otherObject }
            if place.line != otherPlace.line { return place.line < otherPlace.line }
            return place.column == otherPlace.column ? one < other : place.column < otherPlace.column
        }.map { findings[$0] }
    }
}
