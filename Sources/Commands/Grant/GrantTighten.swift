internal import ArgumentParser
internal import Controls
internal import Documents
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
        let tightening = GrantTightening(
            of: held, attributed: scan.result.findings, controls: plan.catalogue.controls, inventory: scan.attributor.inventory, model: plan.model)
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
        let gaps = scan.result.coverage.gaps
        for gap in gaps where !options.estate.quiet { Output.note("\(gap.source):\(gap.line): \(gap.message)") }
        if !gaps.isEmpty { throw Failure.incomplete("not everything could be read, so something that is used may have been left out") }
    }
}
