internal import BuiltInControls
internal import Controls
internal import Documents
internal import Kubernetes
internal import Reports
internal import Responsibility

/// One scan from paths to a result: read, judge, attribute.
struct ScanRun {
    let result: ScanResult
    let attributor: Attributor

    /// - Parameter cluster: what was read of a cluster, judged together with what lies at the paths.
    init(_ paths: [String], plan: ScanPlan, cluster: ClusterReading? = nil, quiet: Bool, recordsQuietVerdicts: Bool = false) async {
        let walk = SourceWalk(paths + plan.grants, cloudRecords: plan.cloudRecords, excluding: plan.exclude)
        let estate = await Estate.read(
            walk, options: Estate.Options(limits: plan.limits, defaultNamespace: plan.namespace, quiet: quiet), cluster: cluster)
        let inventory = estate.inventory
        let advisories = await AdvisoryFiles.read(plan.advisories, excluding: plan.exclude, limits: plan.limits)
        var settings = plan.settings
        settings.advisories = advisories.index
        let subjects = Subjects(inventory, selector: plan.selector, namespace: cluster?.namespace)
        let controls = plan.catalogue.controls
        let audit = plan.auditLogs.isEmpty ? nil : AuditEvidence(plan.auditLogs, inventory: inventory)
        let judge = EstateJudge(
            inventory: inventory, catalogue: plan.catalogue, model: plan.model, settings: settings, now: plan.now, exceptions: plan.exceptions,
            writes: audit?.writes)
        let attributor = judge.attributor
        let judged = judge.conclude(await judge.run(on: subjects.ranges, recordsQuiet: recordsQuietVerdicts))
        let judgement = judged.judgement
        let evidence = NodeEvidenceSummary.gaps(of: inventory, benchmark: plan.benchmark)
        let gaps =
            estate.gaps + advisories.gaps + (audit?.gaps ?? []) + evidence + subjects.gaps + judgement.gaps + attributor.unreadable.map { Gap($0) }
        let coverage = Coverage(
            files: estate.files, objects: subjects.count, controls: controls.count, evaluated: judgement.evaluated,
            notObservable: judgement.notObservable, gaps: gaps.distinct)
        var result = ScanResult(
            toolVersion: Version.current, model: plan.model, catalogue: plan.catalogue, inventory: inventory, scannedAt: plan.now.description,
            coverage: coverage, findings: judged.findings, quiet: judgement.quiet, passed: judgement.passed, notApplicable: judgement.notApplicable)
        result.loadBalancerPlatforms = plan.settings.loadBalancerPlatforms
        for grant in attributor.grants.grants { result.justifications[grant.key] = grant.justification }
        for exception in plan.exceptions.exceptions { result.justifications[exception.name] = exception.reason }
        self.result = result
        self.attributor = attributor
    }
}
