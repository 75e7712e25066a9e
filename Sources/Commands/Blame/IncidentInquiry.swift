internal import Blame
internal import Controls
internal import Documents
internal import Kubernetes
internal import Reports
internal import Responsibility

/// `demarc blame --incident FILE`: from an alert to a report of what happened and who is behind it.
struct IncidentInquiry {
    let file: String
    let options: BlameOptions

    private static let mostAlerts = 100

    func run(_ paths: [String], _ cluster: ClusterOptions) async throws {
        guard let format = IncidentReport.Format(rawValue: options.format ?? "markdown") else {
            throw Failure.usage(
                "unknown format '\(options.format ?? "")' for an incident; known are \(IncidentReport.Format.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        guard file != "-" || !paths.contains("-") && !options.logs.contains("-") else {
            throw Failure.usage("standard input cannot be the alert and something else; put one of them into a file")
        }
        // The alert by itself is little, but it is where an inquiry begins.
        let estate =
            options.logs.isEmpty && paths.isEmpty && !cluster.cluster
            ? Estate(inventory: Inventory([]), files: 0, gaps: []) : try await options.estate(paths, cluster)
        let table = estate.inventory.analysis(ResourceTable.self)
        let (alerts, faults) = try read(table)
        let subjects = IncidentInquiry.subjects(of: alerts, estate.inventory, table)
        guard let subject = subjects.lazy.compactMap(\.self).first else {
            throw Failure.incomplete("\(file): no alert names a Pod (k8s.pod.name), and the estate has no container with its id")
        }
        let own = zip(alerts, subjects).filter { $1 == subject }.map(\.0)
        var inquiry = try BlameInquiry(options, estate)
        var result = try inquiry.blame(subject) { $0.blame(subject) }
        result.add(own)
        var gaps = inquiry.gaps + faults
        gaps += IncidentInquiry.leftOut(alerts, subjects, but: subject).map { Gap(source: file, reason: .noMatch, message: $0) }
        let object =
            estate.inventory.index(kind: subject.kind, namespace: subject.name.namespace, name: subject.name.name)
            ?? result.chain.dropFirst().lazy.compactMap {
                estate.inventory.index(kind: $0.kind, namespace: $0.name.namespace, name: $0.name.name)
            }.first
        let radius = BlastRadius(of: object, account: result.serviceAccount, namespace: subject.name.namespace, in: estate.inventory)
        let report = IncidentReport(
            result, alerts: own, radius: radius, log: inquiry.counts, gaps: gaps, model: inquiry.model.name, toolVersion: Version.current)
        try options.write { _, sink in try report.write(as: format, to: sink) }
        if !gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }

    /// The alerts of the file: one a document, or in a list.
    private func read(_ table: ResourceTable) throws -> ([Alert], [Gap]) {
        let bytes: [UInt8]
        do {
            bytes = try SourceFile.read(file, limit: 64 << 20)
        } catch {
            throw Failure.incomplete("\(file): \(error.message)")
        }
        let parsed = DocumentTree.parse(bytes, source: file == "-" ? "<stdin>" : file, syntax: .json)
        var alerts: [Alert] = []
        var gaps = parsed.problems.map { Gap($0) }
        let roots = parsed.tree.roots.flatMap { root in root.kind == .sequence ? (try? Array(root.items())) ?? [] : [root] }
        for root in roots.prefix(IncidentInquiry.mostAlerts) {
            do throws(Alert.Unreadable) {
                alerts.append(try Alert(root, in: table))
            } catch {
                gaps.append(Gap(source: root.source, line: root.position.line, reason: .notAnObject, message: error.message))
            }
        }
        if roots.count > IncidentInquiry.mostAlerts {
            gaps.append(Gap(source: file, reason: .limit, message: "only the first \(IncidentInquiry.mostAlerts) alerts were read"))
        }
        guard !alerts.isEmpty else { throw Failure.incomplete("\(file): \(gaps.first?.message ?? "there is no alert in it")") }
        return (alerts, gaps)
    }

    // MARK: - What an alert is about

    /// What each alert is about, nil where nothing tells: each by itself, since one file may hold those of a whole node. Where an alert names no
    /// Pod, its container does: by another alert that names both, or by the estate.
    private static func subjects(of alerts: [Alert], _ inventory: Inventory, _ table: ResourceTable) -> [Subject?] {
        var byContainer: [Substring: Subject] = [:]
        for pod in inventory.objects(ofKind: "Pod") {
            for list in ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] {
                for status in (try? pod.root["status"].entry(named: list).items()).map(Array.init) ?? [] {
                    // `containerd://0123…`
                    let id = ((try? status["containerID"].string()) ?? "").split(separator: "/").last ?? ""
                    if let known = shortened(id) { byContainer[known] = Subject(pod, in: table) }
                }
            }
        }
        for alert in alerts {
            if let id = shortened(alert.containerID[...]), let subject = alert.subject, subject.kind == "Pod" { byContainer[id] = subject }
        }
        return alerts.map { alert in alert.subject ?? shortened(alert.containerID[...]).flatMap { byContainer[$0] } }
    }

    /// Falco shortens the id of a container to twelve digits. What is shorter is none.
    private static func shortened(_ id: Substring) -> Substring? { id.utf8.count >= 12 ? id.prefix(12) : nil }

    /// In words, the alerts that say nothing about the subject.
    private static func leftOut(_ alerts: [Alert], _ subjects: [Subject?], but subject: Subject) -> [String] {
        func alerts(_ count: Int, _ words: String) -> String? {
            count == 0 ? nil : "\(count) \(count == 1 ? "alert is" : "alerts are") \(words) left out"
        }
        return [
            alerts(subjects.count { $0 != nil && $0 != subject }, "about something else and"),
            alerts(
                subjects.count { $0 == nil },
                "about no Pod that is known (the machine itself, or a container that neither an alert nor the estate names) and"),
        ].compactMap(\.self)
    }
}
