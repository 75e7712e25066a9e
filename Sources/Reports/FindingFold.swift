import Controls
import Responsibility

/// Findings of one control that the same party must act on for the same reason: one line for people instead of many.
struct FindingFold {
    let control: Int
    let verdict: Verdict
    let party: Party
    /// Indexes into the result's findings, in their order.
    fileprivate(set) var findings: [Int]

    private struct Key: Hashable {
        let control: Int
        let verdict: Verdict
        let party: Party
        let basis: Attribution.Basis
        let strength: Attribution.Strength
        let principal: String?
    }

    /// Folds of one control brought together, for where it does not matter why they are somebody's.
    static func merged(_ folds: [FindingFold]) -> [FindingFold] {
        var merged: [FindingFold] = []
        for fold in folds {
            if let index = merged.firstIndex(where: { $0.control == fold.control }) {
                merged[index].findings += fold.findings
            } else {
                merged.append(fold)
            }
        }
        return merged
    }

    /// A few findings that stand for all: of different objects as far as possible, in their order.
    func examples(_ count: Int, in result: ScanResult) -> [Int] {
        guard findings.count > count else { return findings }
        var chosen: [Int] = []
        var objects: Set<Int> = []
        for index in findings where chosen.count < count && objects.insert(result.findings[index].finding.object).inserted { chosen.append(index) }
        let known = Set(chosen)
        for index in findings where chosen.count < count && !known.contains(index) { chosen.append(index) }
        return chosen.sorted()
    }

    /// Worst first, then the most frequent, then by id, so that the order never depends on chance.
    static func folds(of result: ScanResult) -> [FindingFold] {
        var positions: [Key: Int] = [:]
        var folds: [FindingFold] = []
        for (index, attributed) in result.findings.enumerated() {
            let finding = attributed.finding
            let attribution = attributed.attribution
            let key = Key(
                control: finding.control, verdict: finding.verdict, party: attribution.party, basis: attribution.basis,
                strength: attribution.strength, principal: attribution.principal)
            if let position = positions[key] {
                folds[position].findings.append(index)
            } else {
                positions[key] = folds.count
                folds.append(FindingFold(control: finding.control, verdict: finding.verdict, party: attribution.party, findings: [index]))
            }
        }
        let controls = result.catalogue.controls
        return folds.sorted { one, other in
            let (left, right) = (controls[one.control], controls[other.control])
            if left.severity != right.severity { return left.severity > right.severity }
            if one.findings.count != other.findings.count { return one.findings.count > other.findings.count }
            return left.id == right.id ? one.findings[0] < other.findings[0] : left.id < right.id
        }
    }
}
