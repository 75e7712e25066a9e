import Access
import Documents
import Kubernetes

/// All that a record tells about the object of one name: who did what to it, in order, and who is the author of each of its fields.
///
/// Only requests that succeeded and were no trial count. Where the record has the answers of the server, the object is what they
/// show; where it has requests alone, they are carried out here on the last state that is known.
public struct ObjectHistory: Sendable {
    public let name: ObjectName
    public private(set) var changes: [Change] = []
    public private(set) var lives: [Life] = []
    /// Requests that were refused or failed, and trials; they changed nothing.
    public private(set) var refused = 0
    public private(set) var trials = 0

    private var context = Context()

    /// What is known of the object besides its fields.
    private struct Context {
        var resourceVersion = ""
        var generation: Int64?
        /// How far the server must have counted by all that is known: the last generation it showed, and what changed the spec since.
        var counted: Int64?
        var apiVersion = ""
        /// The state goes back to an answer that showed the whole object.
        var isWhole = false
        /// The object was deleted, or may have been; only its uid shows that it lives on.
        var mayBeGone = false
        /// Changes without a body since the last state that was seen.
        var blind: [BlindChange] = []
        /// Managers that have applied before.
        var appliers: Set<String> = []
    }

    private static let mostChanges = 20_000

    /// - Parameter records: those of this object, and of collections in which it may have been, in any order.
    public init(of name: ObjectName, _ records: [AuditRecord]) {
        self.name = name
        take(records)
    }

    /// Goes on with what came later. Of a history that grows without end only what attribution asks is kept: who did what, not what else it changed.
    mutating func append(_ records: [AuditRecord]) {
        let first = changes.count
        take(records)
        for number in changes.indices.dropFirst(first) { changes[number].differences = [] }
    }

    private mutating func take(_ records: [AuditRecord]) {
        let answered = Set(records.lazy.filter { $0.stage != .received }.map(RequestKey.init))
        var started: Set<RequestKey> = []
        var rest = 0
        for record in RecordOrder.sorted(records) {
            guard ObjectHistory.changes(record) else { continue }
            // The first stage of a request whose end is here too tells nothing.
            if record.stage == .received, answered.contains(RequestKey(record)) { continue }
            // Of a request that goes on for long there is an event when it starts to be answered, and one at its end.
            if record.stage == .complete, started.contains(RequestKey(record)) { continue }
            if record.stage == .started { started.insert(RequestKey(record)) }
            if changes.count < ObjectHistory.mostChanges { take(record) } else { rest += 1 }
        }
        if rest > 0, !lives.isEmpty { lives[lives.count - 1].note(.tooMany(rest)) }
    }

    /// Clients may choose the id of a request; when it came, the server says.
    private struct RequestKey: Hashable {
        let id: String
        let received: String

        init(_ record: AuditRecord) { (id, received) = (record.id, record.received) }
    }

    private static let entering: Set<String> = ["exec", "attach", "portforward", "proxy", "token"]

    private static func changes(_ record: AuditRecord) -> Bool {
        if entering.contains(record.subresource) { return true }
        return ["create", "update", "patch", "delete", "deletecollection"].contains(record.verb)
    }

    /// What there is of the object behind the end of its record, so that somebody else may have written the same value meanwhile: the record may
    /// lag behind, have lost its end, or be newer than the object.
    enum Beyond {
        /// The generation that the record ends at, and that of the object.
        case generation(Int64, Int64)
        case version(String, String)
        /// A change without a body comes after all that shows the object.
        case blind(Change)
    }

    /// - Parameter object: as an estate has it, nil where it has none.
    /// - Returns: nil when the record goes as far as the object, as far as that can be told.
    func beyond(_ path: FieldPath, of object: KubernetesObject?) -> Beyond? {
        if let metadata = object?.metadata {
            let version = (try? metadata["resourceVersion"].string()) ?? ""
            if !version.isEmpty, version == context.resourceVersion { return nil }
            if path.top == "spec", let counted = context.counted, let own = (try? metadata["generation"].int()) ?? nil {
                return own == counted ? nil : .generation(counted, own)
            }
            if KubernetesKinds.versionTellsAll(of: name), !version.isEmpty, !context.resourceVersion.isEmpty {
                return .version(context.resourceVersion, version)
            }
        }
        let writesStatus = !KubernetesKinds.hasStatusSubresource(name)
        let blind = context.blind.last { KubernetesKinds.mayWrite($0.deed, path, writesStatus: writesStatus) }
        return blind.flatMap { changes.indices.contains($0.number) ? .blind(changes[$0.number]) : nil }
    }

    /// The life that the object leads or led last.
    public var current: Life? { lives.last }

    /// Who wrote what in objects of the same name that are gone: as much as each of them took.
    mutating func forgetEarlierLives() {
        for life in lives.indices.dropLast() where lives[life].state != nil { lives[life].state = nil }
    }

    // MARK: - One request

    private mutating func take(_ record: AuditRecord) {
        if record.stage == .panic || record.stage == .received {
            if !lives.isEmpty { lives[lives.count - 1].note(.unknownOutcome(record.received)) }
            return
        }
        if record.isDryRun {
            trials += 1
            return
        }
        guard record.succeeded else {
            refused += 1
            return
        }
        if record.verb == "deletecollection" { return takeCollection(record) }
        let deed = ObjectHistory.deed(of: record)
        beginLife(record, deed)
        let number = changes.count
        changes.append(ObjectHistory.change(record, deed, in: lives.count - 1))
        switch deed {
        case .deleted, .evicted:
            delete(record, as: number)
        case .entered, .acted: break
        default: follow(record, deed, as: number)
        }
        lives[lives.count - 1].lastSeen = record.reached
    }

    /// Of a deletion only the body may say that it was a trial.
    private mutating func delete(_ record: AuditRecord, as number: Int) {
        context.mayBeGone = true
        let life = lives.count - 1
        if record.level == .metadata {
            changes[number].isBlind = true
            lives[life].note(.mayBeGone(record.received))
        } else if lives[life].deleted == nil {
            lives[life].deleted = number
        }
    }

    private static func change(_ record: AuditRecord, _ deed: Change.Deed, in life: Int) -> Change {
        var change = Change(
            id: record.id, deed: deed, verb: record.verb, subresource: record.subresource, object: record.object, actor: record.actor,
            time: record.received, code: record.code, level: record.level, reason: record.reason, fieldManager: record.fieldManager,
            place: record.place, webhooks: record.webhooks, issuedCredential: record.issuedCredential)
        change.life = life
        return change
    }

    private static func deed(of record: AuditRecord) -> Change.Deed {
        switch record.subresource {
        case "": break
        case "status": return .wroteStatus
        case "scale": return .scaled
        case "binding": return .bound
        case "eviction": return .evicted
        case "ephemeralcontainers": return .addedContainer
        case "resize", "finalize", "approval": return record.verb == "patch" ? .patched : .updated
        default: return entering.contains(record.subresource) ? .entered : .acted
        }
        switch record.verb {
        case "create": return .created
        case "delete": return .deleted
        case "patch": return record.isApply ? .applied : .patched
        // An apply that makes the object is logged as a patch, an update that does so as an update.
        default: return .updated
        }
    }

    /// The collection took this object with it when the answer lists it; without an answer that is not known.
    private mutating func takeCollection(_ record: AuditRecord) {
        guard let life = lives.last, life.deleted == nil else { return }
        var isListed: Bool?
        if record.response["items"].exists, let items = try? record.response["items"].items() {
            isListed = items.contains { item in
                let uid = (try? item["metadata"]["uid"].string()) ?? ""
                return (try? item["metadata"]["name"].string()) == name.name && (uid.isEmpty || life.uid.isEmpty || uid == life.uid)
            }
        }
        guard isListed != false else { return }
        let number = changes.count
        changes.append(ObjectHistory.change(record, .deleted, in: lives.count - 1))
        context.mayBeGone = true
        if isListed == true {
            lives[lives.count - 1].deleted = number
        } else {
            changes[number].isBlind = true
            lives[lives.count - 1].note(.mayBeGone(record.received))
        }
    }

    private mutating func beginLife(_ record: AuditRecord, _ deed: Change.Deed) {
        let isOther = lives.last.map { !$0.uid.isEmpty && !record.uid.isEmpty && $0.uid != record.uid } ?? true
        // An apply that answers 201 has made the object.
        let makes = deed == .created || record.code == 201 && (deed == .applied || deed == .updated || deed == .patched)
        // After a deletion, what does not confirm that the object lives on is about another one.
        let writes = ![.deleted, .evicted, .entered, .acted].contains(deed)
        let isConfirmed = lives.last.map { !record.uid.isEmpty && $0.uid == record.uid } ?? false
        if isConfirmed, deed != .deleted { context.mayBeGone = false }
        guard isOther || makes || writes && context.mayBeGone else {
            if lives[lives.count - 1].uid.isEmpty { lives[lives.count - 1].uid = record.uid }
            return
        }
        var life = Life()
        life.uid = record.uid
        if makes { life.created = changes.count } else { life.note(.beginsLater(record.received)) }
        lives.append(life)
        context = Context()
    }

    // MARK: - What it changed

    private mutating func follow(_ record: AuditRecord, _ deed: Change.Deed, as number: Int) {
        let life = lives.count - 1
        guard let result = result(of: record, deed) else {
            changes[number].isBlind = true
            context.blind.append(BlindChange(number: number, deed: deed))
            lives[life].note(.noBody(1))
            return
        }
        let step = step(to: result, by: record, deed, as: number)
        var advance = Advance(step.origin)
        let asked = asked(record, deed, result)
        lives[life].state = advance.advance(lives[life].state, to: result.value, asked)
        // A new object is one difference, which tells nothing.
        changes[number].differences = step.isFirst ? [] : advance.differences
        changes[number].differenceCount = step.isFirst ? 0 : advance.count
        if !step.isFirst, let difference = advance.differences.first(where: { $0.origin.isIncomplete }) {
            lives[life].note(
                step.isOtherVersion
                    ? .otherVersion(record.received)
                    : step.misses(at: difference.path)
                        ? .unexplained(record.received, difference.path) : .uncertain(record.received, difference.path))
        }
        if result.isWhole {
            context.blind = []
            lives[life].isPartial = false
        }
        if result.isWhole, result.isAnswer {
            context.isWhole = true
        } else if record.verb != "patch", result.isWhole {
            // The server may have added defaults to what was sent.
            context.isWhole = false
        }
        // What the answer does not tell is not known any more.
        context.resourceVersion = result.resourceVersion
        context.generation = result.generation
        if result.generation != nil || result.isAnswer && result.isWhole {
            context.counted = result.generation
        } else if step.isCreation {
            context.counted = 1
        } else if advance.differences.contains(where: { $0.path.top == "spec" }) {
            context.counted = context.counted.map { $0 + 1 }
        }
        if !result.apiVersion.isEmpty { context.apiVersion = result.apiVersion }
    }

    /// How far a request explains what differs after it.
    private func step(to result: RequestResult, by record: AuditRecord, _ deed: Change.Deed, as number: Int) -> AuthorshipStep {
        let former = lives[lives.count - 1]
        var step = AuthorshipStep(number: number, blind: context.blind, deed: deed)
        step.isFirst = former.state == nil
        step.isCreation = former.created == number
        step.knowsCreation = former.created != nil
        step.followsWhole = context.isWhole
        step.isAnswered = result.isAnswer
        step.sets = record.verb == "patch" || deed == .scaled || deed == .bound
        step.writesStatus = deed == .wroteStatus || !KubernetesKinds.hasStatusSubresource(name)
        guard !step.isFirst, result.isWhole else { return step }
        if !context.apiVersion.isEmpty, !result.apiVersion.isEmpty, result.apiVersion != context.apiVersion { step.isOtherVersion = true }
        let metadata = record.request["metadata"]
        let read = (try? metadata["resourceVersion"].string()) ?? ""
        // The server refuses a write that names another version than the object has.
        step.continuesVersion = context.isWhole && !read.isEmpty && read == context.resourceVersion
        if let old = context.generation, let new = result.generation, old > 0, new > 0 {
            let isNext = new >= old && new - old <= 1
            step.countsOne = isNext
            step.continuesGeneration = isNext && !read.isEmpty && ((try? metadata["generation"].int()) ?? nil) == old
            let counted = context.blind.count { $0.deed != .wroteStatus } + 1
            step.explainsGeneration = new >= old && new - old <= Int64(counted)
            step.skipsGeneration = !step.explainsGeneration
        }
        // A patch may name the version too; where a status changes it again and again, that shows no hole.
        if record.verb == "update" || record.verb == "patch" && KubernetesKinds.versionTellsAll(of: name), !read.isEmpty,
            !context.resourceVersion.isEmpty, context.blind.isEmpty
        {
            step.skipsVersion = read != context.resourceVersion
        }
        return step
    }

    private func asked(_ record: AuditRecord, _ deed: Change.Deed, _ result: RequestResult) -> Asked {
        guard record.request.exists else { return .unknown }
        let body = FieldValue(record.request)
        let operations = record.verb == "patch" ? body.list : nil
        func places(in value: FieldValue?) -> Asked {
            .of(JSONPatch(operations ?? []).places(in: value, answer: result.isAnswer && result.isWhole ? result.value : nil))
        }
        switch deed {
        case .scaled:
            let whole = operations == nil ? Asked.value(body) : places(in: nil)
            return whole.child(ExactText("spec")).child(ExactText("replicas")).placed(["spec", "replicas"])
        case .bound: return Asked.value(body).child(ExactText("target")).child(ExactText("name")).placed(["spec", "nodeName"])
        default:
            let known = lives.last?.state?.plain
            if operations != nil { return places(in: context.isWhole ? known : nil) }
            let extent = record.verb == "patch" ? Patch.extent(of: body, by: record, in: name, from: known, to: result) : .whole
            return .value(RequestResult.trimmed(body), extent)
        }
    }

    private mutating func result(of record: AuditRecord, _ deed: Change.Deed) -> RequestResult? {
        let life = lives.count - 1
        let known = lives[life].state
        if let answer = RequestResult(answer: record, deed, known: known?.plain, name: name.name) { return answer }
        guard record.request.exists else { return nil }
        let body = FieldValue(record.request)
        if record.verb != "patch" { return RequestResult(request: body, record, deed, known: known?.plain) }
        guard let patch = Patch(body, isBuiltIn: KubernetesKinds.isBuiltIn(name.group), isForced: record.isForced) else { return nil }
        if case .strategic(let changes, isCertain: false) = patch {
            lives[life].note(.unclearPatch(record.received))
            lives[life].state = known?.doubting(.value(RequestResult.trimmed(changes)), all: false) { _ in true }
        }
        if known == nil { lives[life].isPartial = true }
        if case .apply(let changes) = patch, !context.appliers.insert(record.fieldManager).inserted || lives[life].created == nil {
            lives[life].note(.unseenRemovals(record.received))
            let own = self.changes
            lives[life].state = known?.doubting(.value(RequestResult.trimmed(changes)), all: true) { number in
                own[number].deed == .applied && own[number].fieldManager == record.fieldManager
            }
        }
        do throws(Patch.Failed) {
            return RequestResult(
                value: RequestResult.trimmed(try patch.applied(to: known?.plain ?? .map([:]))), isWhole: known != nil && context.blind.isEmpty)
        } catch {
            lives[life].note(.brokenPatch(record.received, error.message))
            return nil
        }
    }
}
