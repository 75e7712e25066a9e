internal import ArgumentParser
internal import Controls
internal import Documents
internal import Kubernetes
internal import Responsibility

struct GrantList: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List grants: how far each has come, who is to act, and when it ends.",
        discussion: """
            demarc grant list --grants grants/
            demarc grant list --cluster -A

            Exit code 3 when a grant cannot be read; it is listed as malformed.
            """)

    @OptionGroup var options: GrantOptions

    @Flag(name: [.customShort("A"), .long], help: "All namespaces; in files that is the default.")
    var allNamespaces = false

    @Option(help: ArgumentHelp("table or json.", valueName: "format"))
    var format = Format.table

    @Option(help: ArgumentHelp("The instant grants are judged by, RFC 3339 (default: the clock).", valueName: "time"))
    var now: String?

    func validate() throws {
        if allNamespaces, options.namespace != nil { throw ValidationError("--all-namespaces and --namespace exclude each other") }
    }

    func run() async throws {
        let plan = try options.plan(now: now)
        if options.cluster {
            return try await GrantCluster.connected(options) { cluster in
                let namespace = allNamespaces ? nil : plan.namespace ?? "default"
                try print(try await cluster.list(namespace: namespace, limits: plan.limits), plan, gaps: [])
            }
        }
        guard !plan.paths.isEmpty else {
            throw Failure.usage("where are the grants? Give --grants PATH, write grants: in .demarc.yaml, or ask a cluster with --cluster")
        }
        let reading = GrantFiles(plan.paths, limits: plan.limits).read()
        let objects = reading.objects.filter { allNamespaces || options.namespace.map($0.namespace.elementsEqual) ?? true }
        try print(objects, plan, gaps: reading.gaps.map { "\($0.source): \($0.message)" })
    }

    private func print(_ objects: [KubernetesObject], _ plan: GrantPlan, gaps: [String]) throws {
        let readings = objects.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }.map { ($0, PrivilegeGrant.read($0)) }
        var faults = gaps
        for (_, reading) in readings { faults += reading.faults.map(\.description) }
        switch format {
        case .table: try Output.standard.write(table(readings, plan))
        case .json: try Output.standard.write(json(readings, plan))
        }
        if readings.isEmpty, gaps.isEmpty, !options.quiet { Output.note("no grants") }
        for fault in faults { Output.note(fault) }
        if !faults.isEmpty { throw Failure(code: .incomplete, description: "") }
    }

    private func table(_ readings: [(KubernetesObject, PrivilegeGrant.Reading)], _ plan: GrantPlan) -> String {
        var table = GrantTable(["NAMESPACE", "NAME", "WORKLOAD", "PHASE", "ACCOUNTABLE", "EXPIRES", "NEXT"])
        for (object, reading) in readings {
            guard let grant = reading.grant else {
                table.add([object.namespace, object.name, "", "malformed", "", "", ""])
                continue
            }
            let cycle = plan.cycle(of: grant)
            let phase = cycle.phase.rawValue + (cycle.isBypass ? " (break-glass)" : "")
            table.add([
                grant.namespace, grant.name, cycle.workloadText, phase, grant.accountable.description, cycle.endText, cycle.next.description,
            ])
        }
        return readings.isEmpty ? "" : table.text
    }

    private func json(_ readings: [(KubernetesObject, PrivilegeGrant.Reading)], _ plan: GrantPlan) -> String {
        let items = readings.map { object, reading -> ManifestText in
            var entries: [ManifestText.Entry] = [.init("namespace", .text(object.namespace)), .init("name", .text(object.name))]
            guard let grant = reading.grant else {
                return .map(entries + [.init("phase", .text("malformed")), .init("faults", .list(reading.faults.map { .text($0.description) }))])
            }
            let cycle = plan.cycle(of: grant)
            entries += [
                .init("workload", .text(cycle.workloadText)), .init("phase", .text(cycle.phase.rawValue)),
                .init("inForce", .boolean(cycle.isInForce)),
                .init("breakGlass", .boolean(cycle.isBypass)), .init("unreviewed", .number(Int64(cycle.unreviewed.count))),
                .init("accountable", .text(grant.accountable.description)), .init("notBefore", .text(grant.notBefore.description)),
                .init("expires", .text(cycle.end.description)), .init("next", .text(cycle.next.description)),
                .init("specHash", .text(grant.specHash)),
                .init("conditions", .list(cycle.conditions.map(\.manifest))),
            ]
            return .map(entries)
        }
        return GrantJSON.text(.map(["schemaVersion": .text("1"), "grants": .list(items)]))
    }
}

/// Documents of the commands about grants as JSON on one line.
enum GrantJSON {
    static func text(_ manifest: ManifestText) -> String {
        DocumentTree.parse(manifest.yaml).tree.roots.first.map { CanonicalJSON.text(of: $0) + "\n" } ?? ""
    }
}
