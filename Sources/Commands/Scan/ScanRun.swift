internal import Controls
internal import Documents
internal import Kubernetes
internal import Reports
internal import Responsibility

/// One scan from paths to a result: read, judge, attribute.
struct ScanRun {
    let result: ScanResult
    let attributor: Attributor

    init(_ paths: [String], plan: ScanPlan, quiet: Bool, recordsQuietVerdicts: Bool = false) async {
        let walk = SourceWalk(paths + plan.grants, excluding: plan.exclude)
        let estate = await Estate.read(walk, options: Estate.Options(limits: plan.limits, defaultNamespace: plan.namespace, quiet: quiet))
        let (inventory, selectorGaps) = ScanRun.select(estate.inventory, plan.selector)
        let controls = plan.catalogue.controls
        let attributor = Attributor(model: plan.model, inventory: inventory, controls: controls, now: plan.now, exceptions: plan.exceptions)
        let judged = await Judging(
            inventory: inventory, catalogue: plan.catalogue, settings: plan.settings, attributor: attributor, recordsQuiet: recordsQuietVerdicts
        ).run()
        let grants = GrantAudit(attributor, controls: controls, now: plan.now).judge(judged.findings)
        var judgement = judged.judgement
        judgement.append(grants.counts)
        let repeated = RepeatedFindings(judged.findings, in: inventory)
        let own = judged.findings.filter { !repeated.contains($0) }
        let findings = grants.findings.isEmpty ? own : Judging.byPlace(own + grants.findings)
        let coverage = Coverage(
            files: estate.files, objects: inventory.objects.count, controls: controls.count, evaluated: judgement.evaluated,
            notObservable: judgement.notObservable, gaps: distinct(estate.gaps + selectorGaps + judgement.gaps))
        result = ScanResult(
            toolVersion: Version.current, model: plan.model, catalogue: plan.catalogue, inventory: inventory, scannedAt: plan.now.description,
            coverage: coverage, findings: findings, quiet: judgement.quiet, passed: judgement.passed, notApplicable: judgement.notApplicable)
        self.attributor = attributor
    }

    /// The objects with the labels asked for; grants stay, since they are no subjects but documents that decide.
    private static func select(_ inventory: Inventory, _ selector: LabelSelector?) -> (Inventory, [Gap]) {
        guard let selector else { return (inventory, []) }
        var gaps: [Gap] = []
        var selected: [KubernetesObject] = []
        for object in inventory.objects {
            do throws(WrongType) {
                let isSelected = try selector.matches(object.labels)
                if isSelected || object.kind == "PrivilegeGrant" { selected.append(object) }
            } catch {
                gaps.append(Gap(error))
            }
        }
        if selected.isEmpty {
            let terms = selector.requirements.map { "\($0.key) \($0.operator.rawValue) \($0.values.joined(separator: ","))" }.joined(separator: ", ")
            let shown = selector.requirements.map { "\($0.key)=\($0.values.joined(separator: ","))" }.joined(separator: ",")
            gaps.append(Gap(source: "--selector \(shown)", reason: .noMatch, message: "no object has these labels: \(terms)"))
        }
        return (Inventory(selected), gaps)
    }
}

/// Several controls meet the same broken field; people need to hear of it once.
private func distinct(_ gaps: [Gap]) -> [Gap] {
    var seen: Set<Gap> = []
    return gaps.filter { seen.insert($0).inserted }
}
