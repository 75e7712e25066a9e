internal import Controls
internal import Kubernetes
internal import Responsibility

/// Judges and attributes an inventory on all cores. Each part is a pure function of its range, so the result does
/// not depend on how the work was cut.
struct Judging: Sendable {
    let inventory: Inventory
    let catalogue: Catalogue
    let settings: Settings
    let attributor: Attributor

    struct Result: Sendable {
        var judgement = Judgement()
        var findings: [AttributedFinding] = []
    }

    func run() async -> Result {
        let parts = await Parallel.ranges(of: inventory.objects.count) { self.judge($0) }
        var result = Result()
        result.findings.reserveCapacity(parts.reduce(0) { $0 + $1.findings.count })
        for part in parts {
            result.judgement.append(part.judgement)
            result.findings += part.findings
        }
        return result
    }

    private func judge(_ range: Range<Int>) -> Result {
        var result = Result()
        result.judgement = catalogue.judge(inventory, objects: range, settings: settings)
        result.findings = sorted(result.judgement.findings).map { finding in
            attributor.attribute(finding, control: catalogue.controls[finding.control], object: inventory.objects[finding.object])
        }
        result.judgement.findings = []
        return result
    }

    /// By object, then by place: the objects already stand in the order of their sources.
    private func sorted(_ findings: [Finding]) -> [Finding] {
        findings.indices.sorted { one, other in
            let (first, second) = (findings[one], findings[other])
            if first.object != second.object { return first.object < second.object }
            let (here, there) = (first.place.position, second.place.position)
            if here.line != there.line { return here.line < there.line }
            if here.column != there.column { return here.column < there.column }
            return one < other
        }.map { findings[$0] }
    }
}
