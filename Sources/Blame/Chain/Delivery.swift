import Access
import Documents
import Kubernetes
import Responsibility

/// A tool that delivers objects from somewhere else, followed to the repository or the person behind it.
struct Delivery {
    private let link: Link
    private let answer: FieldAnswer
    private let root: ChainLink
    private let blamer: Blamer

    init(_ link: Link, of answer: FieldAnswer, _ root: ChainLink, _ blamer: Blamer) {
        (self.link, self.answer, self.root, self.blamer) = (link, answer, root, blamer)
    }

    /// The service accounts under which the tools act where they are installed as their authors say.
    private var isTool: Bool {
        guard let account = answer.identity?.serviceAccount else { return false }
        switch link.kind {
        case .argoCD: return account.name.contains("argocd")
        case .flux: return account.name.hasSuffix("kustomize-controller") || account.name.hasSuffix("helm-controller")
        case .helm, .owner: return false
        }
    }

    /// - Returns: where the trail ends; nil when this link says nothing about the answer.
    func tell(_ steps: inout [TrailStep]) -> String? {
        switch link.kind {
        case .owner: return nil
        case .helm:
            tellRelease(&steps)
            return nil
        case .argoCD, .flux:
            // A mark on an object that somebody else wrote since is no reason to blame the tool.
            if answer.identity != nil, !isTool { return nil }
            let how =
                isTool ? "the request was its service account's" : "a label or annotation says so, which anybody who writes the object may write"
            steps.append(
                TrailStep(
                    "\(root.subject) is delivered by \(link.kind.rawValue) \(link.subject.name.namespace)/\(link.subject.name.name): \(how)",
                    .recorded))
            return source(&steps)
        }
    }

    // MARK: - Helm

    /// The chart and whether the value is its own. The trail goes on to whoever ran Helm, who is the author already.
    private func tellRelease(_ steps: inout [TrailStep]) {
        let name = String(link.subject.name.name.dropFirst("sh.helm.release.v1.".count))
        let place = "\(link.subject.name.namespace)/\(name)"
        if let record = blamer.lastWrite(ofRelease: link.subject.name) {
            steps.append(
                TrailStep(
                    "Helm release \(place) was last written by \(record.actor.name) at \(record.received) (\(record.name))", .proven,
                    evidence: "audit event \(record.place)"))
        }
        let found = blamer.release(link.subject.name)
        guard let release = found.release else {
            let why = found.problem.map { "cannot be read: \($0)" } ?? "is neither in the log nor in the estate"
            steps.append(TrailStep("\(root.subject) belongs to Helm release \(place), as an annotation says; its Secret \(why)", .recorded))
            return
        }
        let chart = "chart \(release.chart), revision \(release.revision) (\(release.status), \(release.deployed))"
        steps.append(TrailStep("\(root.subject) belongs to Helm release \(place): \(chart)", .recorded, evidence: found.evidence))
        guard let value = answer.value, !answer.path.steps.isEmpty else { return }
        switch release.source(of: value, named: answer.path.lastKey) {
        case .chart: steps.append(TrailStep("the user of Helm gave no values, so this is the chart's default", .recorded, evidence: found.evidence))
        case .probablyChart:
            steps.append(
                TrailStep(
                    "no value that the user of Helm gave is like this one, so it is probably the chart's default", .presumed, evidence: found.evidence
                ))
        case .override(let path):
            steps.append(TrailStep("the user of Helm gave it: value \(path) overrides the chart", .recorded, evidence: found.evidence))
        case .unclear:
            steps.append(
                TrailStep(
                    "both the chart and the user of Helm give such a value; which one made it is not recorded", .presumed, evidence: found.evidence))
        }
    }

    // MARK: - GitOps

    /// From where the tool takes what it delivers.
    private func source(_ steps: inout [TrailStep]) -> String {
        let history = blamer.history(of: link.subject)
        let state = history.current?.state?.plain ?? blamer.object(link.subject).map { FieldValue($0.root) }
        guard let state else { return "at \(link.subject): neither the log nor the estate has it" }
        var places = [state["spec"]?["source"]].compactMap(\.self)
        places += state["spec"]?["sources"]?.list ?? []
        var names = places.compactMap { place in
            place["repoURL"]?.text.map { url in
                "\(url)\(place["path"]?.text.map { " path \($0)" } ?? "")\(place["targetRevision"]?.text.map { " at \($0)" } ?? "")"
            }
        }
        let reference = state["spec"]?["sourceRef"] ?? state["spec"]?["chart"]?["spec"]?["sourceRef"]
        if let kind = reference?["kind"]?.text, let name = reference?["name"]?.text {
            names.append(repository(kind, name, reference?["namespace"]?.text ?? link.subject.name.namespace))
        }
        if let who = state["operation"]?["initiatedBy"]?["username"]?.text
            ?? state["status"]?["operationState"]?["operation"]?["initiatedBy"]?["username"]?.text
        {
            steps.append(TrailStep("\(link.subject) was last synchronised by \(who), as it says itself", .recorded))
        }
        if let number = history.current?.created ?? history.changes.indices.last {
            let change = history.changes[number]
            steps.append(
                TrailStep(
                    "\(link.subject) was \(change.deed.rawValue) by \(change.actor.name) at \(change.time)", .proven,
                    evidence: "audit event \(change.place)"))
        }
        guard !names.isEmpty else { return "at \(link.subject), which names no repository" }
        steps.append(TrailStep("\(link.subject) takes it from \(names.joined(separator: ", "))", .recorded))
        return "at \(names.joined(separator: ", ")): who changed it there, its history tells, not the cluster"
    }

    /// A source of Flux is an object of its own.
    private func repository(_ kind: String, _ name: String, _ namespace: String) -> String {
        let subject = Subject(apiVersion: "source.toolkit.fluxcd.io/v1", kind: kind, namespace: namespace, name: name, in: blamer.table)
        let url = blamer.object(subject).flatMap { try? $0.spec["url"].string() }
        return url.map { "\($0) (\(kind) \(namespace)/\(name))" } ?? "\(kind) \(namespace)/\(name)"
    }
}
