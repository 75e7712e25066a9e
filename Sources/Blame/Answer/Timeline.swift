import Access
import Documents
import Kubernetes
import Responsibility

/// What happened to the objects of a chain, oldest first.
struct Timeline {
    private(set) var entries: [TimelineEntry] = []

    private static let listedDetails = 8

    /// - Parameter answers: what was asked about is shown, whatever it is.
    init(of chain: [ChainLink], in blamer: Blamer, asked answers: [FieldAnswer]) {
        for link in chain {
            let asked = answers.first { $0.subject == link.subject }?.path
            for change in link.history.changes { entries.append(Timeline.entry(change, link, asked: asked)) }
            addManagers(link)
        }
        entries = entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        fold()
    }

    private static func entry(_ change: Change, _ link: ChainLink, asked: FieldPath?) -> TimelineEntry {
        var deed = change.subresource.isEmpty || change.deed != .entered ? change.deed.rawValue : "\(change.deed.rawValue) (\(change.subresource))"
        let mayHaveDeleted = change.isBlind && [.deleted, .evicted].contains(change.deed)
        if mayHaveDeleted { deed = "may have \(deed) (or tried)" }
        var entry = TimelineEntry(
            time: change.time, subject: link.subject, who: change.actor.name, deed: deed, strength: mayHaveDeleted ? .recorded : .proven,
            evidence: "audit event \(change.place)")
        entry.tool = change.actor.tool
        entry.addresses = change.actor.addresses
        entry.request = change.id
        entry.code = change.code
        entry.details = change.differences.prefix(listedDetails).map { words($0, of: link.subject, asked: asked) }
        entry.furtherDetails = change.differenceCount - entry.details.count
        if change.isBlind, !mayHaveDeleted { entry.details.append("the log has no body, so what it changed is not known") }
        return entry
    }

    /// `spec.replicas: 2 → 3`; of what may be a secret only that it changed.
    static func words(_ difference: Difference, of subject: Subject, asked: FieldPath?) -> String {
        let hides = difference.path.hidesValue(of: subject)
        func text(_ value: FieldValue) -> String {
            if hides { return "(not shown)" }
            let shown = difference.path.hiding(value, of: subject, but: asked)
            return shown == FieldPath.hidden ? "(hidden)" : shown.summary()
        }
        let path = difference.path.description
        let doubt = difference.origin.isProven ? "" : " (perhaps by another request)"
        switch (difference.old, difference.new) {
        case (nil, let new?): return "\(path): added \(text(new))\(doubt)"
        case (let old?, nil): return "\(path): removed, was \(text(old))\(doubt)"
        case (let old?, let new?): return "\(path): \(text(old)) → \(text(new))\(doubt)"
        case (nil, nil): return path
        }
    }

    /// What managedFields tell of times that the log does not have.
    private mutating func addManagers(_ link: ChainLink) {
        guard let object = link.object else { return }
        let begins = link.history.changes.first?.time ?? ""
        for writer in RecordedFields(of: object.root).writers where begins.isEmpty || writer.time < begins {
            let part = writer.subresource.isEmpty ? "" : " (\(writer.subresource))"
            entries.append(
                TimelineEntry(
                    time: writer.time, subject: link.subject, who: "manager \(writer.manager)",
                    deed: (writer.operation == "Apply" ? "applied" : "updated") + part, strength: .recorded,
                    evidence: "managedFields of \(object.root.source):\(object.root.position.line)"))
        }
    }

    /// Status is written again and again by the same controllers; one line tells it.
    private mutating func fold() {
        var folded: [TimelineEntry] = []
        for entry in entries {
            if entry.deed == Change.Deed.wroteStatus.rawValue, let last = folded.lastIndex(where: { $0.subject == entry.subject }),
                folded[last].deed == entry.deed, folded[last].who == entry.who
            {
                folded[last].repetitions += 1
                folded[last].furtherDetails += entry.details.count + entry.furtherDetails
            } else {
                folded.append(entry)
            }
        }
        entries = folded
    }
}

extension FieldPath {
    /// Whether what stands here, or in parts of it, may be the content of a Secret. kubectl keeps the whole of what was applied last in
    /// an annotation, which is long besides.
    func hidesValue(of subject: Subject) -> Bool {
        if steps.last == .key(ExactText("kubectl.kubernetes.io/last-applied-configuration")) { return true }
        guard subject.name.isSecret else { return false }
        return top.isEmpty || ["data", "stringData"].contains(top) || top == "metadata" && steps.count < 3
    }
}
