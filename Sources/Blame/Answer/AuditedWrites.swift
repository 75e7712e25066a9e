import Access
public import Documents
public import Kubernetes
public import Responsibility

/// What audit logs prove about the fields of an estate, for attribution: worked out once for all objects that the logs tell of.
public struct AuditedWrites: WriteRecord {
    private let histories: [ObjectName: ObjectHistory]
    private let table: ResourceTable
    private var listKeys = ListKeys()

    /// The objects of an estate whose events are needed.
    public static func selection(for inventory: Inventory) -> Selection {
        let table = inventory.analysis(ResourceTable.self)
        var selection = Selection()
        selection.skipsStatus = true
        for object in inventory.objects where object.cloud == nil && !object.name.isEmpty {
            selection.insert(Subject(object, in: table).name)
        }
        return selection
    }

    /// - Parameter records: as they were collected for `selection(for:)`.
    public init(_ records: [AuditRecord], inventory: Inventory) {
        table = inventory.analysis(ResourceTable.self)
        let grouped = RecordsByObject(records)
        var histories: [ObjectName: ObjectHistory] = [:]
        for name in grouped.names { histories[name] = ObjectHistory(of: name, grouped.records(of: name)) }
        self.histories = histories
    }

    /// - Parameter live: histories as they are kept of a cluster.
    public init(_ live: LiveHistories.Moment, inventory: Inventory) {
        table = inventory.analysis(ResourceTable.self)
        histories = live.histories
    }

    /// The same for objects that are not those of the estate, such as one that is to be stored: what is remembered of places is by where
    /// they stand, which says nothing about another text.
    public var anew: AuditedWrites {
        var copy = self
        copy.listKeys = ListKeys()
        return copy
    }

    public var isEmpty: Bool { histories.isEmpty }

    public func writer(of place: Value, missing: String, in object: KubernetesObject) -> ProvenWriter? {
        let name = Subject(object, in: table).name
        guard let history = histories[name], let life = history.current, life.deleted == nil, let state = life.state
        else { return nil }
        // A record of a namesake that is gone proves nothing about this object.
        let uid = (try? object.metadata["uid"].string()) ?? ""
        guard uid.isEmpty || life.uid.isEmpty || uid == life.uid,
            let path = FieldPath(of: place, in: object.root, keys: { listKeys.keys(of: $0, named: $1, in: object.root, of: name) })
        else { return nil }
        guard history.beyond(path, of: object) == nil else { return nil }
        guard missing.isEmpty else { return remover(missing, at: path, state, history) }
        guard case .field(let field, let origin)? = find(path, in: state, of: name), case .change(let number) = origin,
            history.changes.indices.contains(number), field.plain == FieldValue(place), field.origins.allSatisfy(\.isProven)
        else { return nil }
        return ProvenWriter(history.changes[number], wasAsked: field.isAsked(by: origin))
    }

    private func find(_ path: FieldPath, in state: BlamedField, of name: ObjectName) -> Blamer.Found? {
        Blamer.find(path, in: state) { listKeys.position(of: $0, among: $1, at: $2, of: name) }
    }

    /// Who removed a field, if somebody did; who never wrote it is nobody.
    private func remover(_ missing: String, at path: FieldPath, _ state: BlamedField, _ history: ObjectHistory) -> ProvenWriter? {
        let steps = missing.split(separator: ".").map { FieldStep.key(.init(String($0))) }
        guard case .removed(.change(let number))? = find(FieldPath(path.steps + steps), in: state, of: history.name),
            history.changes.indices.contains(number)
        else { return nil }
        return ProvenWriter(history.changes[number], wasAsked: true)
    }
}

extension ProvenWriter {
    convenience init(_ change: Change, wasAsked: Bool) {
        self.init(
            user: change.actor.authenticated.user, groups: change.actor.authenticated.groups, impersonated: change.actor.impersonated?.user,
            time: change.time, evidence: "audit event \(change.place)", wasAsked: wasAsked)
    }
}

extension BlamedField {
    /// Whether the request of an author named what it wrote here; of a value with parts, all but what the server fills in by itself.
    func isAsked(by origin: Authorship) -> Bool {
        var (named, foreign) = (0, 0)
        forEachLeaf { path, leaf in
            guard leaf.origin == origin else { return }
            if leaf.wasAsked {
                named += 1
            } else if path.steps.isEmpty || !ServerDefaults.mayMake(leaf.plain, at: path.keys) {
                foreign += 1
            }
        }
        return named > 0 && foreign == 0
    }
}

/// Events by the object that they are about. One about a collection is about each object that may have been in it.
struct RecordsByObject {
    private var byName: [ObjectName: [AuditRecord]] = [:]
    private var collections: [AuditRecord] = []

    init(_ records: [AuditRecord]) {
        for record in records {
            guard record.verb != "deletecollection" else {
                collections.append(record)
                continue
            }
            let object = record.object
            byName[ObjectName(group: object.group, resource: object.resource, namespace: object.namespace, name: record.name), default: []].append(
                record)
        }
    }

    /// Those of the Secrets of a release.
    func releases(_ name: ObjectName) -> [AuditRecord] {
        byName.filter { $0.key.isSecret && $0.key.namespace == name.namespace && Selection.isRevision($0.key.name, of: name.name) }.flatMap(\.value)
    }

    var names: Dictionary<ObjectName, [AuditRecord]>.Keys { byName.keys }

    func records(of name: ObjectName) -> [AuditRecord] {
        (byName[name] ?? [])
            + collections.filter {
                $0.object.group == name.group && $0.object.resource == name.resource
                    && ($0.object.namespace.isEmpty || $0.object.namespace == name.namespace)
            }
    }
}
