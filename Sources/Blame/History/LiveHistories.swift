public import Documents
public import Kubernetes
import Responsibility

/// Histories that grow as events come, for whoever judges a cluster all the time. Pure.
///
/// Events of the last minutes are kept as they are, since they do not come in their order. Older ones are carried out, and what they left behind is
/// kept: who wrote which field. What is dropped for lack of room is dropped from its beginning, so that a history that is not whole looks like
/// one that begins later, and proves no more than that.
public struct LiveHistories: Sendable {
    public struct Limits: Sendable {
        /// Of all histories, by an estimate.
        public var bytes = 64 << 20
        /// Seconds in which events may come in any order. An API server sends a batch at least every 30 seconds, and again where it fails.
        public var disorder = 300
        /// Events of one object that wait for that.
        public var waiting = 64
        /// Changes of one object that are told apart.
        public var changes = 2_000
        /// Seconds after its last event, after which an object that the cluster does not have is forgotten.
        public var absence = 600

        public init() {}
    }

    /// All histories of one moment.
    public struct Moment: Sendable {
        let histories: [ObjectName: ObjectHistory]

        public var count: Int { histories.count }
    }

    private struct Entry {
        /// What is over and done.
        var settled: ObjectHistory
        /// What may still be followed by something older.
        var waiting: [AuditRecord] = []
        /// What of that is new since all was worked out.
        var fresh: [AuditRecord] = []
        /// Events about many objects, which are in memory once, and counted with another of them.
        var shared: Set<String> = []
        /// With what waits.
        var whole: ObjectHistory
        /// The time of the last event that is settled.
        var edge = ""
        var latest = ""
        /// What the object takes, by its largest event.
        var objectBytes = 0

        init(_ name: ObjectName) { (settled, whole) = (ObjectHistory(of: name, []), ObjectHistory(of: name, [])) }

        /// A change takes about so much.
        private static let changeBytes = 512

        /// An API server sends a batch again when it does not hear that it was stored. Clients may choose an id, but no time.
        func knows(_ record: AuditRecord) -> Bool {
            waiting.contains { $0.id == record.id && $0.stage == record.stage && $0.reached == record.reached && $0.actor == record.actor }
                || record.reached <= edge
                    && settled.changes.contains { $0.id == record.id && $0.time == record.received && $0.actor == record.actor }
        }

        /// Whether what is new comes after all else that waits, and belongs to no request of it. What waits is in order.
        var isFreshLast: Bool {
            let before = Set(waiting.dropLast(fresh.count).map(\.id))
            return waiting.suffix(fresh.count).elementsEqual(RecordOrder.sorted(fresh)) { $0.place == $1.place }
                && !fresh.contains { before.contains($0.id) }
        }

        var bytes: Int {
            waiting.reduce(Entry.changeBytes * (whole.changes.count + 1)) { $0 + (shared.contains($1.id) ? Entry.changeBytes : $1.memory) }
                + 3 * objectBytes
        }
    }

    public let limits: Limits
    /// Histories of which the beginning was dropped: there was no room, or an event came too late.
    public private(set) var dropped = 0
    /// Events that could not be read.
    public private(set) var unreadable = 0
    /// Events that were taken.
    public private(set) var taken = 0
    public private(set) var bytes = 0
    private var entries: [ObjectName: Entry] = [:]
    /// `group/resource`.
    private let resources: Set<String>
    private var latest = ""

    /// As the store of a server keeps a line.
    private static let longestLine = 8 << 20

    /// - Parameter kinds: whose objects are judged.
    public init(kinds: Set<String>, limits: Limits = Limits()) {
        self.limits = limits
        resources = Set(
            Inventory([]).analysis(ResourceTable.self).resources.lazy.filter { kinds.contains($0.kind) }.map { "\($0.group)/\($0.plural)" })
    }

    public var count: Int { entries.count }

    public var moment: Moment { Moment(histories: entries.mapValues(\.whole)) }

    // MARK: - Taking events

    /// Takes lines of a log, one event each.
    /// - Returns: the namespaces of the objects of which something else is known now.
    public mutating func take(_ lines: [ArraySlice<UInt8>], of source: String, first: Int) -> Set<String> {
        var touched: Set<ObjectName> = []
        for (number, line) in lines.enumerated() where !line.isEmpty {
            let place = AuditRecord.Place(source: source, line: first + number)
            guard let record = read(line, at: place) else { continue }
            if record.verb == "deletecollection" {
                let names = entries.keys.filter(record.isAboutCollection)
                for (position, name) in names.enumerated() { take(record, of: name, isShared: position > 0, &touched) }
            } else if !record.name.isEmpty {
                let object = record.object
                take(
                    record, of: ObjectName(group: object.group, resource: object.resource, namespace: object.namespace, name: record.name), &touched)
            }
        }
        let horizon = horizon
        for name in touched { settle(name, horizon) }
        if bytes > limits.bytes { shed() }
        return Set(touched.map(\.namespace))
    }

    /// - Returns: nil for what changes nothing that is judged.
    private mutating func read(_ line: ArraySlice<UInt8>, at place: AuditRecord.Place) -> AuditRecord? {
        guard let event = try? AuditLine.root(of: Array(line), source: place.source, limit: LiveHistories.longestLine) else {
            unreadable += 1
            return nil
        }
        let reference = event["objectRef"]
        guard resources.contains("\(reference["apiGroup"].text)/\(reference["resource"].text)"), LiveHistories.writes.contains(event["verb"].text),
            !LiveHistories.elsewhere.contains(reference["subresource"].text)
        else { return nil }
        do throws(WrongType) {
            let record = try AuditRecord(event, at: place)
            guard record.succeeded, !record.isByTemplate else { return nil }
            return record
        } catch {
            unreadable += 1
            return nil
        }
    }

    private static let writes: Set<String> = ["create", "update", "patch", "delete", "deletecollection"]
    /// Nothing of what attribution asks about stands there.
    private static let elsewhere: Set<String> = ["status", "exec", "attach", "portforward", "proxy", "token"]

    /// - Parameter isShared: the event is about other objects too, and counted with one of them.
    private mutating func take(_ record: AuditRecord, of name: ObjectName, isShared: Bool = false, _ touched: inout Set<ObjectName>) {
        let known = entries[name]
        var entry = known ?? Entry(name)
        guard !entry.knows(record) else { return }
        guard known != nil || record.reached >= horizon else {
            // What came after it may have been dropped.
            dropped += 1
            return
        }
        taken += 1
        if !entry.edge.isEmpty, record.reached <= entry.edge {
            // Where it belongs, others were carried out already. What is known of the object may not be true, so it is not known.
            dropped += 1
            bytes -= entry.bytes
            entries[name] = nil
            touched.insert(name)
            return
        }
        bytes -= known?.bytes ?? 0
        entry.waiting.append(record)
        entry.fresh.append(record)
        if isShared { entry.shared.insert(record.id) }
        entry.latest = max(entry.latest, record.reached)
        if record.verb != "deletecollection" { entry.objectBytes = max(entry.objectBytes, record.memory) }
        latest = max(latest, record.reached)
        entries[name] = entry
        bytes += entry.bytes
        touched.insert(name)
    }

    /// What is older comes too late.
    private var horizon: String { Timestamp(latest).map { "\($0.advanced(bySeconds: -Int64(limits.disorder)))" } ?? "" }

    /// Carries out what nothing older can follow any more, and works out how the object is with all that waits.
    private mutating func settle(_ name: ObjectName, _ horizon: String) {
        guard var entry = entries[name] else { return }
        bytes -= entry.bytes
        entry.waiting = RecordOrder.sorted(entry.waiting)
        let isInOrder = entry.isFreshLast
        let over = max(entry.waiting.prefix { $0.reached < horizon }.count, entry.waiting.count - limits.waiting)
        if over > 0 {
            entry.settled.append(Array(entry.waiting.prefix(over)))
            entry.edge = entry.waiting.prefix(over).reduce(entry.edge) { max($0, $1.reached) }
            entry.waiting.removeFirst(over)
            entry.shared.formIntersection(entry.waiting.map(\.id))
            entry.settled.forgetEarlierLives()
        }
        // What comes in its order, as nearly all does, is carried out once and not again with all that waits.
        if isInOrder {
            entry.whole.append(RecordOrder.sorted(entry.fresh))
        } else {
            entry.whole = entry.settled
            entry.whole.append(entry.waiting)
        }
        entry.whole.forgetEarlierLives()
        entry.fresh = []
        guard entry.whole.changes.count <= limits.changes else {
            // It begins anew with its next event.
            dropped += 1
            entries[name] = nil
            return
        }
        entries[name] = entry
        bytes += entry.bytes
    }

    // MARK: - Forgetting

    /// Drops the histories that have been silent for longest, until a tenth of the room is free.
    private mutating func shed() {
        for (name, entry) in entries.sorted(by: { $0.value.latest < $1.value.latest }) {
            guard bytes > limits.bytes / 10 * 9 else { return }
            bytes -= entry.bytes
            entries[name] = nil
            dropped += 1
        }
    }

    /// Forgets objects that the cluster does not have, once their own events are so old that it should.
    public mutating func keep(_ inventory: Inventory, at now: Timestamp) {
        let table = inventory.analysis(ResourceTable.self)
        let present = Set(inventory.objects.lazy.filter { !$0.name.isEmpty }.map { Subject($0, in: table).name })
        let horizon = "\(now.advanced(bySeconds: -Int64(limits.absence)))"
        for (name, entry) in entries where entry.latest < horizon && !present.contains(name) {
            bytes -= entry.bytes
            entries[name] = nil
        }
    }

    /// All of it may be untrue: events are missing at its end.
    public mutating func clear() {
        dropped += entries.count
        (entries, bytes) = ([:], 0)
    }
}

extension AuditRecord {
    /// Bytes that it keeps.
    fileprivate var memory: Int { event.treeMemory }

    /// A controller of Kubernetes made it of a template: whoever wrote that is asked for, and there are thousands of these. That a ReplicaSet is its
    /// Deployment's is to be proven, and there is one for each change of that.
    fileprivate var isByTemplate: Bool {
        verb == "create" && ["pods", "jobs"].contains(object.resource) && WorkloadControllers.contains(user: actor.authenticated.user)
    }

    /// Whether a deletion of a collection is about an object of this name.
    fileprivate func isAboutCollection(of name: ObjectName) -> Bool {
        object.group == name.group && object.resource == name.resource && (object.namespace.isEmpty || object.namespace == name.namespace)
    }
}
