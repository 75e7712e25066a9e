import Access
import Documents
import Kubernetes
import Responsibility

extension Blamer {
    /// Who set a value in the object that was asked about, and then in each object from whose template it came, up to the root.
    /// - Parameter path: empty for the object itself.
    func answers(about path: FieldPath, along chain: [ChainLink]) -> [FieldAnswer] {
        var answers: [FieldAnswer] = []
        var place: FieldPath? = path
        for (index, link) in chain.enumerated() {
            guard let here = place else { break }
            let answer = answer(about: here, of: link)
            if let last = answers.last, let value = last.value, !path.steps.isEmpty {
                // What the owner does not say, it did not bring: an admission plugin did, or somebody who wrote the object itself.
                guard let own = answer.value else { break }
                guard value == own else {
                    answers[answers.count - 1].reasons.append("\(link.subject) says \(answer.shown(own)) here, so the value is not from there")
                    break
                }
            }
            answers.append(answer)
            // Controllers write what the owner says. Whoever else wrote the value is the one.
            guard index + 1 < chain.count, Blamer.comesFromOwner(answer) else { break }
            place = here.steps.isEmpty ? here : PodTemplates.counterpart(of: here, in: link.subject.kind, at: chain[index + 1].subject.kind)
        }
        return answers
    }

    /// Whether a value may be that of the owner's template: a controller wrote it, or nobody is proven to have.
    static func comesFromOwner(_ answer: FieldAnswer) -> Bool {
        guard answer.strength == .proven, let identity = answer.identity else { return true }
        return WorkloadControllers.contains(user: identity.user)
    }

    // MARK: - One object

    private func answer(about path: FieldPath, of link: ChainLink) -> FieldAnswer {
        let life = link.history.current
        let known = path.steps.isEmpty ? nil : Blamer.find(path, in: life?.state)
        let place = link.object.flatMap { path.value(in: $0.root) }
        let now = place.map { RequestResult.trimmed(FieldValue($0)) }
        var answer = FieldAnswer(subject: link.subject, path: path, strength: .presumed)
        if path.steps.isEmpty {
            aboutObject(&answer, link)
            return answer
        }
        switch known {
        case .field(let field, let origin):
            answer.value = field.plain
            if let now, now != field.plain, link.isCurrent {
                // The record ends with another value than the estate has.
                answer.value = now
                answer.reasons.append(
                    "no event of the log wrote the current value \(answer.shown(now)); the last one known is \(answer.shown(field.plain))")
                byManagers(&answer, link, place)
            } else {
                byRecord(&answer, origin, wasAsked: field.isAsked(by: origin), link, place)
                byEnd(&answer, link)
            }
        case .removed(let origin) where now == nil:
            byRecord(&answer, origin, wasAsked: true, link, nil)
            byEnd(&answer, link)
            answer.reasons.append("the field was removed")
        default:
            answer.value = now
            if now == nil, life?.state != nil || link.object != nil { answer.reasons.append("nobody has set the field") }
            byManagers(&answer, link, place)
        }
        return answer
    }

    enum Found {
        case field(BlamedField, Authorship)
        case removed(Authorship)
    }

    /// The value at a place, or who removed it; the author of a value with parts is the one of its latest part.
    /// - Parameter position: where the item of a key stands, for whoever asks about many items of one list.
    static func find(
        _ path: FieldPath, in state: BlamedField?,
        position: (ItemKey, [BlamedField.Item], FieldPath) -> Int? = { key, items, _ in items.firstIndex { $0.key == key } }
    ) -> Found? {
        guard var current = state else { return nil }
        for (depth, step) in path.steps.enumerated() {
            var next: BlamedField?
            if case .item(let key) = step, case .list(let items) = current.content {
                next = position(key, items, FieldPath(Array(path.steps.prefix(depth)))).map { items[$0].field }
            } else {
                next = current.child(step)
            }
            guard let next else { return current.removed[step].map { .removed($0) } }
            current = next
        }
        return .field(current, current.origins.first ?? current.origin)
    }

    /// Who brought the object: its creator, by the record or by the oldest entry of the fields' managers.
    private func aboutObject(_ answer: inout FieldAnswer, _ link: ChainLink) {
        guard let life = link.history.current else { return byOldestManager(&answer, link) }
        guard let number = life.created else {
            answer.reasons.append("no event of the log creates it: the record begins later")
            return byOldestManager(&answer, link)
        }
        take(link.history.changes[number], into: &answer)
        answer.strength = .proven
    }

    private func take(_ change: Change, into answer: inout FieldAnswer) {
        answer.who = change.actor.name
        answer.identity = change.actor.authenticated
        answer.actor = change.actor
        answer.time = change.time
        answer.request = change.id
        answer.deed = change.deed.rawValue
        answer.evidence = "audit event \(change.place)"
    }

    /// By what the history says of the author.
    private func byRecord(_ answer: inout FieldAnswer, _ origin: Authorship, wasAsked: Bool, _ link: ChainLink, _ place: Value?) {
        let changes = link.history.changes
        guard changes.indices.contains(origin.latest) || !origin.isProven else { return byManagers(&answer, link, place) }
        switch origin {
        case .change(let number):
            take(changes[number], into: &answer)
            answer.strength = .proven
            answer.wasAsked = wasAsked
            if !wasAsked, changes[number].level != .metadata {
                let webhooks = changes[number].webhooks
                answer.reasons.append(
                    webhooks.isEmpty
                        ? "the request had no such value: a default of the API, its normal form or an admission plugin made it"
                        : "the request had no such value: a default, a normal form or an admission webhook (\(webhooks.joined(separator: ", "))) made it"
                )
            }
        case .among(let numbers, let isIncomplete):
            let named = numbers.filter(changes.indices.contains)
            if let last = named.last { take(changes[last], into: &answer) }
            let names = named.map { "\(changes[$0].actor.name) at \(changes[$0].time)" }
            answer.strength = named.isEmpty ? .presumed : .recorded
            answer.reasons.append(
                isIncomplete
                    ? "a request that is not in the record may have written it\(names.isEmpty ? "" : ", or " + names.joined(separator: ", or "))"
                    : "one of these wrote it, and the log has no bodies to tell which: \(names.joined(separator: ", "))")
            if isIncomplete { byManagers(&answer, link, place) }
        case .before(let number):
            let time = changes.indices.contains(number) ? changes[number].time : link.history.current?.lastSeen ?? ""
            answer.reasons.append("no event of the log wrote it: it was there at \(time), when the record begins")
            byManagers(&answer, link, place)
        }
    }

    /// What the record proves holds up to its end. An owner goes on after it made the object, so that its record may end before it does.
    private func byEnd(_ answer: inout FieldAnswer, _ link: ChainLink) {
        guard answer.strength == .proven, let beyond = link.history.beyond(answer.path, of: link.isFirst ? link.object : nil) else { return }
        answer.strength = .recorded
        let same = "so that somebody else may have written the same value meanwhile"
        switch beyond {
        case .generation(let known, let own):
            answer.reasons.append("no event of the log shows how it came to generation \(own), the last known one is \(known), \(same)")
        case .version(let known, let own):
            answer.reasons.append("no event of the log shows how it came to version \(own), the last known one is \(known), \(same)")
        case .blind(let change):
            answer.reasons.append(
                "no event of the log shows it after the request of \(change.actor.name) at \(change.time), which has no body, \(same)")
        }
    }

    /// By what clients called themselves when they wrote the field.
    private func byManagers(_ answer: inout FieldAnswer, _ link: ChainLink, _ place: Value?) {
        guard let place, let object = link.object else { return }
        let fields = RecordedFields(of: object.root)
        if fields.isMalformed { return answer.reasons.append("managedFields cannot be read") }
        guard let writer = fields.writer(of: place) else { return }
        take(writer, of: object, into: &answer)
    }

    private func byOldestManager(_ answer: inout FieldAnswer, _ link: ChainLink) {
        guard let object = link.object else { return }
        let writers = RecordedFields(of: object.root).writers.filter { $0.subresource.isEmpty }
        guard let writer = writers.min(by: { ($0.time.isEmpty ? "9" : $0.time) < ($1.time.isEmpty ? "9" : $1.time) }) else { return }
        take(writer, of: object, into: &answer)
        answer.reasons.append("the oldest manager that managedFields still names")
    }

    private func take(_ writer: RecordedFields.Writer, of object: KubernetesObject, into answer: inout FieldAnswer) {
        (answer.identity, answer.actor, answer.request) = (nil, nil, "")
        answer.who = "manager \(writer.manager)"
        answer.time = writer.time
        answer.deed = writer.operation == "Apply" ? "applied" : "updated"
        answer.strength = .recorded
        answer.evidence = "managedFields of \(object.root.source):\(object.root.position.line)"
    }
}

extension ChainLink {
    /// The history goes on to the end of the log, so that its state is the current one.
    var isCurrent: Bool { isFirst }
}
