internal import Access
internal import ArgumentParser
internal import Controls
internal import Kubernetes
internal import Reports

struct AccessRisks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risks",
        abstract: "List who can take over the cluster, step by step, and which binding to cut.",
        discussion: """
            demarc access risks rbac/
            demarc access risks cluster.yaml --subject ServiceAccount/ci/deployer
            demarc access risks cluster.yaml -n shop --severity high --format json

            Each way is a chain of named techniques, with its condition, the binding and the rule that give it, and what to cut. A way \
            is as severe as its most demanding technique: critical needs rights alone, high needs what nearly every cluster has, medium \
            leaves a doubt. Components of the platform have great rights by bindings that the API server makes itself; --all lists them.

            The more of the cluster the files hold (Pods, service accounts, namespaces, Secrets without values), the more is seen.
            Exit codes: 0 nobody, 1 somebody, 3 something could not be read, so that a way may be missing.
            """)

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String]

    @Option(
        name: .customLong("subject"),
        help: ArgumentHelp("Only this subject: User/NAME, Group/NAME, ServiceAccount/NAMESPACE/NAME, or a name; may repeat.", valueName: "subject"))
    var subjects: [String] = []

    @Option(help: ArgumentHelp("Only ways at least this severe: critical, high or medium.", valueName: "severity"))
    var severity: String?

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Only service accounts of this namespace and ways that begin with a binding there.", valueName: "namespace"))
    var namespace: String?

    @Flag(help: "List components of the platform too.")
    var all = false

    @Option(help: ArgumentHelp("table or json.", valueName: "format"))
    var format = "table"

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(name: .shortAndLong, help: "Name every subject of a way and every cut.")
    var verbose = false

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var options: EstateOptions

    func run() async throws {
        guard let format = RisksReport.Format(rawValue: format) else {
            throw Failure.usage("unknown format '\(format)'; known are \(RisksReport.Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let least = try leastSeverity()
        let wanted = try subjects.map(SubjectArgument.init)
        let estate = await options.read(paths, under: try Configuration.load(options.config))
        let analysis = estate.inventory.analysis(EscalationAnalysis.self)
        var gaps = estate.gaps + analysis.faults.map { Gap($0) }
        if analysis.isCut { gaps.append(Gap(source: paths.first ?? "-", reason: .limit, message: RisksReport.limitMessage)) }
        var found: Set<AccessSubject>?
        for subject in wanted {
            let matches = analysis.subjects.filter(subject.matches)
            if matches.isEmpty { gaps.append(Gap(source: "--subject", reason: .noMatch, message: subject.missing)) }
            found = (found ?? []).union(matches)
        }
        let view = RisksReport.View(subjects: found, severity: least, namespace: namespace, showsComponents: all)
        let report = RisksReport(analysis, view: view, gaps: gaps, toolVersion: Version.current)
        let target = try output.map(ReportFile.create) ?? .standard
        let look = ReportOptions(
            width: output == nil ? Terminal.width : nil, colour: output == nil && Terminal.useColor(disabled: noColor), verbose: verbose)
        try report.write(as: format, options: look) { try target.write($0) }
        if !options.quiet { report.notes.forEach { Output.note($0) } }
        for gap in gaps { Output.note("\(gap.source)\(gap.line > 0 ? ":\(gap.line)" : ""): \(gap.message)") }
        // Ways that are there stay there, whatever else could not be read.
        if !report.paths.isEmpty { throw Failure(code: .findings, description: "") }
        if !gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }

    private func leastSeverity() throws -> Technique.Severity {
        guard let severity else { return .medium }
        guard let known = Technique.Severity(rawValue: severity) else {
            let all = Technique.Severity.allCases.sorted(by: >).map(\.rawValue).joined(separator: ", ")
            throw Failure.usage("'\(severity)' is no severity of a way; known are \(all)")
        }
        return known
    }
}

/// `User/jane`, `Group/ops`, `ServiceAccount/shop/web`, `system:serviceaccount:shop:web`, or a name of whatever kind.
struct SubjectArgument {
    private let text: String
    private let exact: AccessSubject?

    /// - Throws: `Failure` with code `usage`.
    init(_ text: String) throws {
        self.text = text
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard !text.isEmpty, !(parts.last?.isEmpty ?? true) else {
            throw Failure.usage("--subject '\(text)' names nobody; write User/jane, Group/ops or ServiceAccount/shop/web")
        }
        switch (parts.count, parts[0].lowercased()) {
        case (2, "user"): exact = .user(parts[1])
        case (2, "group"): exact = .group(parts[1])
        case (2, "serviceaccount"), (2, "sa"):
            let account = parts[1].split(separator: "/").map(String.init)
            guard account.count == 2 else {
                throw Failure.usage("--subject '\(text)' needs the namespace of the service account: ServiceAccount/shop/web")
            }
            exact = .account(account[0], account[1])
        default: exact = ServiceAccountName(user: text).map { .account($0.namespace, $0.name) }
        }
    }

    func matches(_ subject: AccessSubject) -> Bool {
        if let exact { return subject == exact }
        return subject.name == text || !subject.namespace.isEmpty && "\(subject.namespace)/\(subject.name)" == text
    }

    var missing: String {
        "neither a binding nor an object of the estate names '\(text)'; whoever is called so has what system:authenticated has"
    }
}
