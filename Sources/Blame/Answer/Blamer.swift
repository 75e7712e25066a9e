import Access
import Documents
public import Kubernetes
public import Responsibility

/// Answers who introduced what, from what was collected of audit logs and from an estate. Pure: everything it knows was given to it.
///
/// A request that the API server authenticated and wrote down proves its author. What clients choose themselves (managers of fields,
/// labels, charts) is recorded. Where there is neither, the model presumes a party and nobody is named.
public struct Blamer: Sendable {
    public let inventory: Inventory
    public let model: ResponsibilityModel
    let table: ResourceTable
    let records: RecordsByObject
    /// When the log begins and ends, empty without one.
    let logBegins: String
    let logEnds: String

    /// - Parameter counts: of the log from which the records are.
    public init(_ records: [AuditRecord], counts: LogCounts = LogCounts(), inventory: Inventory, model: ResponsibilityModel) {
        (self.inventory, self.model) = (inventory, model)
        table = inventory.analysis(ResourceTable.self)
        self.records = RecordsByObject(records)
        (logBegins, logEnds) = (counts.first, counts.last)
    }

    public func history(of subject: Subject) -> ObjectHistory { ObjectHistory(of: subject.name, records.records(of: subject.name)) }

    /// Of an owner, up to the request that made an object for it. A controller may act on what was written before whoever wrote it is answered, so
    /// versions tell which came first, and times only where there are none.
    private func history(of owner: Subject, before made: Change?, of child: ObjectName) -> ObjectHistory {
        guard let made else { return history(of: owner) }
        let version = records.records(of: child).first { $0.id == made.id && $0.place == made.place }.flatMap(RecordOrder.version)
        let own = records.records(of: owner.name).filter { record in
            guard let version, let own = RecordOrder.version(of: record) else { return record.reached <= made.time }
            return own <= version
        }
        return ObjectHistory(of: owner.name, own)
    }

    /// The object as the estate has it.
    func object(_ subject: Subject) -> KubernetesObject? {
        let found = inventory.object(kind: subject.kind, namespace: subject.name.namespace, name: subject.name.name)
        return found.flatMap { subject.isSame(as: $0) ? $0 : nil }
    }

    /// What stands behind an object, by its history or by the estate.
    func links(of subject: Subject, _ history: ObjectHistory) -> [Link] {
        let metadata = history.current?.state?.child(.key(.init("metadata")))?.plain ?? object(subject).map { FieldValue($0.metadata) }
        return ([Link.owner(metadata, of: subject, table)].compactMap(\.self)) + Link.tools(metadata, of: subject, table)
    }

    /// The newest revision of a release that the estate or the log has.
    /// - Parameter name: of its Secrets, without their number.
    func release(_ name: ObjectName) -> (release: HelmRelease?, evidence: String, problem: String?) {
        var best: (release: HelmRelease, evidence: String)?
        var problem: String?
        func take(_ secret: Value, _ evidence: String) {
            do throws(HelmRelease.Unreadable) {
                let release = try HelmRelease(secret)
                if release.revision > best?.release.revision ?? -1 { best = (release, evidence) }
            } catch {
                problem = error.message
            }
        }
        for secret in inventory.objects(ofKind: "Secret", namespace: name.namespace) where Selection.isRevision(secret.name, of: name.name) {
            if secret.root["data"]["release"].exists || secret.root["stringData"]["release"].exists {
                take(secret.root, "Secret of \(secret.root.source):\(secret.root.position.line)")
            }
        }
        for record in records.releases(name) where record.succeeded {
            let body = record.response["data"].exists ? record.response : record.request
            if body["data"]["release"].exists || body["stringData"]["release"].exists { take(body, "audit event \(record.place)") }
        }
        return (best?.release, best?.evidence ?? "", problem)
    }

    /// Who last wrote a Secret of a release.
    func lastWrite(ofRelease name: ObjectName) -> AuditRecord? {
        records.releases(name).filter { $0.succeeded && ["create", "update", "patch"].contains($0.verb) }.max { $0.reached < $1.reached }
    }

    /// Objects and releases that an answer about a subject needs the records of, as far as they are known by now.
    public func needed(for subject: Subject) -> Selection {
        var selection = Selection([subject.name])
        var pending = [subject]
        // A chain is a Pod, a ReplicaSet or Job, a Deployment or CronJob, and what deploys that.
        while let next = pending.popLast(), selection.objects.count < 32 {
            for link in links(of: next, history(of: next)) {
                if link.kind == .helm {
                    selection.insert(release: link.subject.name)
                } else if !selection.objects.contains(link.subject.name) {
                    selection.insert(link.subject.name)
                    pending.append(link.subject)
                }
            }
        }
        for account in accounts(behind: subject) { selection.insert(account) }
        return selection
    }

    /// The service accounts that wrote a subject, or one of its owners: who asked for their tokens stands in their own record.
    private func accounts(behind subject: Subject) -> [ObjectName] {
        var (found, seen): ([ObjectName], Set<ObjectName>) = ([], [])
        for link in chain(from: subject, history(of: subject)) {
            // The latest are those who may be asked about.
            for change in link.history.changes.reversed() where found.count < Blamer.mostAccounts {
                let user = change.actor.authenticated
                guard let account = user.serviceAccount, !WorkloadControllers.contains(user: user.user) else { continue }
                let name = TokenUse.object(account.namespace, account.name)
                if seen.insert(name).inserted { found.append(name) }
            }
        }
        return found
    }

    private static let mostAccounts = 16

    /// Owners that a Pod's name hints at. Reading their events in the same pass saves a second one; whether they own the Pod is for
    /// its record to say.
    public static func likelyOwners(of subject: Subject) -> [ObjectName] {
        guard subject.kind == "Pod" || subject.kind == "ReplicaSet" || subject.kind == "Job" else { return [] }
        var names: [ObjectName] = []
        var name = subject.name.name[...]
        while let dash = name.lastIndex(of: "-"), names.count < 64 {
            name = name[..<dash]
            for (group, resource) in [
                ("apps", "replicasets"), ("apps", "deployments"), ("apps", "statefulsets"), ("apps", "daemonsets"), ("batch", "jobs"),
                ("batch", "cronjobs"), ("", "replicationcontrollers"),
            ] {
                names.append(ObjectName(group: group, resource: resource, namespace: subject.name.namespace, name: String(name)))
            }
        }
        return names
    }

    // MARK: - The answer

    /// - Parameter question: nil asks who brought the object itself.
    public func blame(_ subject: Subject, field question: FieldQuestion? = nil) -> BlameResult {
        guard let question else { return blame(subject, at: FieldPath()) }
        let state = history(of: subject).current?.state ?? object(subject).map { ObjectHistory.state(of: $0.root) }
        return blame(subject, at: question.path(in: state))
    }

    /// - Parameter path: empty for the object itself.
    public func blame(_ subject: Subject, at path: FieldPath) -> BlameResult {
        var result = BlameResult(subject: subject, party: .customer, partyStrength: .presumed)
        let history = history(of: subject)
        let chain = chain(from: subject, history)
        result.chain = chain.map(\.subject)
        result.serviceAccount = chain.lazy.compactMap { PodTemplates.serviceAccount(of: $0.history.current?.state?.plain, in: $0.subject.kind) }.first
        result.uid = history.current?.uid ?? ""
        result.refused = history.refused
        result.trials = history.trials
        result.answers = answers(about: path, along: chain)
        result.timeline = Timeline(of: chain, in: self, asked: result.answers).entries
        (result.trail, result.trailEnd) = Trail(of: result.answers, along: chain, in: self).told
        weigh(&result.answers, along: chain)
        judge(&result)
        result.gaps = gaps(of: chain, result)
        return result
    }

    /// A chain is as sure as its weakest step: whoever wrote the template of an owner is proven to have brought in what the object has only where
    /// controllers are proven to have made the one of the other.
    private func weigh(_ answers: inout [FieldAnswer], along chain: [ChainLink]) {
        guard let last = answers.indices.last, answers[last].strength == .proven else { return }
        for (index, answer) in answers.dropLast().enumerated() {
            let (child, owner) = (chain[index].subject, chain[index + 1].subject)
            let reason: String
            if chain[index].makingController == nil {
                reason = "no event of the log shows a controller create \(child), so only its ownerReferences say that \(owner) owns it"
            } else if answer.strength != .proven {
                reason = "no event of the log proves who wrote it in \(child), so it need not be from \(owner)"
            } else {
                continue
            }
            answers[last].strength = .recorded
            answers[last].reasons.append(reason)
        }
    }

    /// The objects from the one asked about to its root, each with its history up to the time at which it made the one before.
    func chain(from subject: Subject, _ history: ObjectHistory) -> [ChainLink] {
        let object = object(subject)
        var chain = [link(subject, history, uid: (try? object?.metadata["uid"].string()) ?? "", isFirst: true)]
        var seen: Set<ObjectName> = [subject.name]
        while chain.count < 8, let last = chain.last {
            guard let next = links(of: last.subject, last.history).first(where: { $0.kind == .owner }), seen.insert(next.subject.name).inserted
            else { break }
            let made = last.history.current.flatMap { $0.created.map { last.history.changes[$0] } }
            let history = self.history(of: next.subject, before: made, of: last.subject.name)
            chain.append(link(next.subject, history, uid: next.uid, isFirst: false))
        }
        return chain
    }

    /// An object of the chain. A record of another object of its name says nothing about it.
    /// - Parameter uid: that of the object that is meant, empty where it is not known.
    private func link(_ subject: Subject, _ history: ObjectHistory, uid: String, isFirst: Bool) -> ChainLink {
        let recorded = history.current?.uid ?? ""
        let isOther = !uid.isEmpty && !recorded.isEmpty && uid != recorded
        let object = object(subject).flatMap { object in
            let own = (try? object.metadata["uid"].string()) ?? ""
            return uid.isEmpty || own.isEmpty || own == uid ? object : nil
        }
        return ChainLink(
            subject: subject, history: isOther ? ObjectHistory(of: subject.name, []) : history, isFirst: isFirst, object: object,
            mistaken: isOther ? "the record is of another object of this name (uid \(recorded), not \(uid))" : nil)
    }

    /// Which party answers, by the identity that the record proves or names.
    private func judge(_ result: inout BlameResult) {
        let root = result.introduced?.subject ?? result.subject
        let version = root.name.group.isEmpty ? "v1" : root.name.group + "/v1"
        let plane = model.planes.plane(apiVersion: version, kind: root.kind, namespace: root.name.namespace, name: root.name.name)
        let presumed = model.planes.party(of: plane)
        guard let answer = result.introduced, let identity = answer.identity, answer.strength == .proven else {
            (result.party, result.partyStrength) = (presumed, .presumed)
            if result.introduced?.strength == .recorded, presumed == .customer { result.partyStrength = .recorded }
            let why = result.introduced?.identity.map { "that \($0.user) wrote it is not proven" } ?? "nobody who was authenticated is named"
            result.partyReason = "\(plane.noun) is \(presumed.possessive); \(why)"
            return
        }
        guard answer.wasAsked, !WorkloadControllers.contains(user: identity.user) else {
            (result.party, result.partyStrength) = (presumed, .presumed)
            let why = answer.wasAsked ? "a controller wrote it, which says nothing about who answers" : "the request had no such value"
            result.partyReason = "\(why); \(plane.noun) is \(presumed.possessive)"
            return
        }
        guard let principal = model.principal(user: identity.user, groups: identity.groups) else {
            (result.party, result.partyStrength) = (presumed, .presumed)
            result.partyReason = "the model \(model.name) knows no principal for \(identity.user); \(plane.noun) is \(presumed.possessive)"
            return
        }
        (result.party, result.partyStrength) = (principal.party, .proven)
        result.partyReason = "\(identity.user) is \(principal.name) of the model \(model.name)"
    }

    /// What the record lacks for this answer.
    private func gaps(of chain: [ChainLink], _ result: BlameResult) -> [String] {
        var gaps: [String] = []
        if logBegins.isEmpty { gaps.append("no event of an audit log was read, so nothing is proven; give a log with --audit") }
        for link in chain {
            let lives = link.history.lives
            if let mistaken = link.mistaken {
                gaps.append("\(link.subject): \(mistaken)")
            } else if lives.isEmpty, !logBegins.isEmpty {
                gaps.append("the log (\(logBegins) to \(logEnds)) has no request for \(link.subject)")
            } else if let life = lives.last {
                gaps += life.gaps.map { "\(link.subject): \($0.text)" }
                if life.isPartial { gaps.append("\(link.subject): the record never shows the whole object, only what requests named") }
            }
        }
        for answer in result.answers where answer.strength != .proven {
            gaps += answer.reasons.filter { $0.hasPrefix("no event") }.map { "\(answer.subject): \($0)" }
        }
        var seen: Set<String> = []
        return gaps.filter { seen.insert($0).inserted }
    }
}

/// One object on the way from what was asked about to its root.
struct ChainLink {
    let subject: Subject
    let history: ObjectHistory
    /// It is the one that was asked about.
    let isFirst: Bool
    let object: KubernetesObject?
    /// Why the record of this name is not about the object; nil where it is.
    let mistaken: String?

    /// The request by which a controller of Kubernetes made the object, so that its owner is the one it was made for.
    var makingController: Change? {
        guard let creation = history.current.flatMap({ life in life.created.map { history.changes[$0] } }) else { return nil }
        return WorkloadControllers.contains(user: creation.actor.authenticated.user) ? creation : nil
    }
}

extension ObjectHistory {
    /// An object of an estate in the form in which histories keep it, so that places in it can be named.
    static func state(of root: Value) -> BlamedField {
        var advance = Advance { _, _, _ in .before(0) }
        return advance.advance(nil, to: RequestResult.trimmed(FieldValue(root)), .nothing)
    }
}
