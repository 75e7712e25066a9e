internal import Access
internal import ArgumentParser
internal import Controls
internal import Documents
internal import Kubernetes
internal import KubernetesClient
internal import Reports
internal import Responsibility

struct GrantTighten: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tighten", abstract: "Print the smallest grant that the use of one needs.",
        discussion: """
            demarc grant tighten shop/probe manifests/ --grants grants/ > tighter.yaml
            demarc grant tighten shop/probe --cluster

            Privileges that nothing uses are left out, images are named by the digests that were seen, a selector becomes the name of the one workload it \
            selects, and what is only read is granted for reading. Each change is said in a comment. It never covers more than before. The result is an \
            application like any other: a changed spec needs a new approval.

            Exit codes: 0 printed, or nothing to change; 1 nothing of the grant is used, or it is not in force; 2 there is no such grant; 3 not everything could be read.
            """)

    @Argument(help: ArgumentHelp("The grant: namespace/name, or its name.", valueName: "grant"))
    var grant: String

    @Argument(help: "Files and directories with the workload, or - for standard input.")
    var paths: [String] = []

    @Option(
        name: .customLong("audit-log"),
        help: ArgumentHelp("An audit log from the beginning of the grant on, for whether people enter its Pods; may repeat.", valueName: "file"))
    var logs: [String] = []

    @OptionGroup var options: ScanOptions

    @OptionGroup var cluster: ClusterOptions

    func run() async throws {
        let plan = try ScanPlan(options)
        let quiet = options.estate.quiet
        let scan: ScanRun
        if cluster.cluster {
            let connection = try cluster.connection()
            let reading = ClusterReading.Options(limits: plan.limits, quiet: quiet)
            do {
                let read = try await ClusterClient.connected(to: connection, settings: cluster.settings) { client in
                    try await ClusterReading.read(client, for: plan.catalogue.controls, options: reading)
                }
                scan = await ScanRun(paths, plan: plan, cluster: read, quiet: quiet)
            } catch let error as ClusterError {
                throw Failure(error)
            }
        } else {
            guard !paths.isEmpty else {
                throw Failure.usage("where is the workload? Give files, directories, or --cluster: demarc grant tighten GRANT DIR")
            }
            scan = await ScanRun(paths, plan: plan, quiet: quiet)
        }
        try report(scan, plan)
    }

    private func report(_ scan: ScanRun, _ plan: ScanPlan) throws {
        let register = scan.attributor.grants
        let found = register.grants.filter { $0.key == grant || $0.name == grant }
        guard let held = found.first, found.count == 1 else {
            throw Failure.usage(
                found.isEmpty
                    ? "there is no grant \(grant) here; add --grants PATH" : "\(grant) is the name of \(found.count) grants; write namespace/name")
        }
        guard register.isInForce(held.key) else {
            throw Failure(code: .findings, description: "\(held.key) is not in force, so nothing is used under it; demarc grant show says why")
        }
        let (entries, logGaps) = entries(of: held)
        let tightening = GrantTightening(
            of: held, attributed: scan.result.findings, controls: plan.catalogue.controls, inventory: scan.attributor.inventory, model: plan.model,
            entries: entries)
        for remark in tightening.remarks { Output.note("note: \(remark)") }
        guard let manifest = tightening.manifest else {
            throw Failure(code: .findings, description: "nothing that \(held.key) grants is used; revoke it: demarc grant revoke \(held.key)")
        }
        if tightening.changes.isEmpty {
            Output.note("\(held.key) is as small as its use")
        } else {
            for change in tightening.changes { try Output.standard.line("# \(TerminalText.clean("\(change.field): \(change.why)"))") }
            try Output.standard.write(manifest.yaml)
        }
        let gaps = scan.result.coverage.gaps + logGaps
        for gap in gaps where !options.estate.quiet { Output.note("\(gap.source):\(gap.line): \(gap.message)") }
        if !gaps.isEmpty { throw Failure.incomplete("not everything could be read, so something that is used may have been left out") }
    }

    /// Requests to enter Pods whose names begin as the workload's do: rather one too many than one too few.
    private func entries(of grant: PrivilegeGrant) -> (GrantTightening.Entries?, [Gap]) {
        guard !logs.isEmpty else { return (nil, []) }
        let doors: Set = ["pods/exec", "pods/attach", "pods/portforward"]
        var entries = GrantTightening.Entries()
        var log = AuditLog()
        for path in logs {
            log.read(path) { event in
                if let time = Timestamp(event.time) {
                    entries.first = min(entries.first ?? time, time)
                    entries.last = max(entries.last ?? time, time)
                }
                guard case .resource(let resource, let namespace, let name) = event.request.target, doors.contains(resource.path),
                    resource.group.isEmpty, namespace == grant.namespace, name.isEmpty || name.hasPrefix(grant.workload.name ?? "")
                else { return }
                entries.count += 1
            }
        }
        return (entries, log.gaps)
    }
}
