import Access
public import Documents
public import Kubernetes
public import Responsibility
import Synchronization

/// What the review of one request proves: the API server authenticated its sender, and shows the object as it was and as it is to be. What
/// differs is the work of this request; what stays is somebody else's, of whom an earlier record may tell.
///
/// A review does not show what was sent, only what defaults and other webhooks have made of it. So it proves what its sender asked for only
/// where no other webhook is asked about such requests, where the server has no default of this value, and where `managedFields`, which
/// the server works out before webhooks are asked, have the field. Otherwise it proves nothing.
///
/// It compares nothing before it is asked, and is asked about findings only.
public final class RequestWrites: WriteRecord {
    /// One request, as its review tells of it.
    public struct Request: Sendable {
        let user: String
        let groups: [String]
        let time: String
        let evidence: String
        let isUndisturbed: Bool

        /// - Parameters:
        ///   - id: of the review.
        ///   - isUndisturbed: nobody but the server's own plugins can have changed what was sent.
        public init(user: String, groups: [String], id: String, at now: Timestamp, isUndisturbed: Bool) {
            (self.user, self.groups, self.isUndisturbed) = (user, groups, isUndisturbed)
            (time, evidence) = ("\(now)", "admission request \(id)")
        }
    }

    private let request: Request
    private let object: KubernetesObject
    private let old: KubernetesObject?
    private let earlier: (any WriteRecord)?
    private let managers: Mutex<RecordedFields?> = Mutex(nil)
    private let compared: Mutex<BlamedField?> = Mutex(nil)
    private let listKeys = ListKeys()

    /// Bytes of a review in memory that is compared. Its objects are walked a few times, while others wait.
    private static let mostMemory = 4 << 20
    /// The one change there is.
    private static let change = 1
    private static let name = ObjectName(group: "", resource: "", namespace: "", name: "")

    /// - Parameters:
    ///   - object: as it is to be stored.
    ///   - old: as it is, nil for a creation.
    ///   - earlier: what is proven about the objects of the cluster.
    public init(_ request: Request, object: KubernetesObject, old: KubernetesObject?, earlier: (any WriteRecord)? = nil) {
        (self.request, self.object, self.old, self.earlier) = (request, object, old, earlier)
    }

    public func writer(of place: Value, missing: String, in object: KubernetesObject) -> ProvenWriter? {
        guard place.isInside(self.object.root) else { return earlier?.writer(of: place, missing: missing, in: object) }
        guard request.isUndisturbed || earlier != nil else { return nil }
        guard let old else { return missing.isEmpty && isAsked(place) ? author : nil }
        guard old.root.treeMemory <= RequestWrites.mostMemory,
            let path = FieldPath(of: place, in: self.object.root, keys: { listKeys.keys(of: $0, named: $1, in: self.object.root, of: Self.name) })
        else { return nil }
        guard missing.isEmpty else {
            guard isRemoved(path.appending(missing: missing), from: old) else { return earlierWriter(path, missing, old) }
            return request.isUndisturbed ? author : nil
        }
        guard case .field(let field, _)? = find(path, from: old) else { return nil }
        let origins = field.origins
        if origins == [.change(RequestWrites.change)] { return isAsked(place) ? author : nil }
        // What is partly of this request has two authors, and the review knows one of them.
        return origins.contains(where: \.isProven) ? nil : earlierWriter(path, "", old)
    }

    /// Who wrote what this request leaves as it is. The server has counted this request already in the new object.
    private func earlierWriter(_ path: FieldPath, _ missing: String, _ old: KubernetesObject) -> ProvenWriter? {
        guard let earlier, let place = path.value(in: old.root) else { return nil }
        return earlier.writer(of: place, missing: missing, in: old)
    }

    private var author: ProvenWriter {
        ProvenWriter(user: request.user, groups: request.groups, time: request.time, evidence: request.evidence, wasAsked: true)
    }

    // MARK: - What differs

    /// The same comparison as between two answers in an audit log.
    private func find(_ path: FieldPath, from old: KubernetesObject) -> Blamer.Found? {
        let state = compared.withLock { known in
            if let known { return known }
            var start = Advance { _, _, _ in .before(0) }
            let before = start.advance(nil, to: RequestResult.trimmed(FieldValue(old.root)), .unknown)
            var step = Advance { _, _, _ in .change(RequestWrites.change) }
            let made = step.advance(before, to: RequestResult.trimmed(FieldValue(object.root)), .unknown)
            known = made
            return made
        }
        return Blamer.find(path, in: state) { listKeys.position(of: $0, among: $1, at: $2, of: Self.name) }
    }

    /// Whether the field was there, and this request took it away.
    private func isRemoved(_ path: FieldPath, from old: KubernetesObject) -> Bool {
        if case .removed(.change)? = find(path, from: old) { path.value(in: old.root) != nil } else { false }
    }

    // MARK: - What was asked for

    /// Whether the sender named the value with all its parts, and nobody else can have made one of them.
    private func isAsked(_ place: Value) -> Bool {
        guard request.isUndisturbed, ServerDefaults.areKnown(ofGroup: object.group) else { return false }
        let recorded = managers.withLock { known in
            if let known { return known }
            let made = RecordedFields(of: object.root)
            known = made
            return made
        }
        var asked = Asking(root: object.root, recorded: recorded)
        asked.read(place)
        return asked.isAuthor
    }
}

/// Goes through the parts of a value: the sender has asked for it where each part is on record, but for those that the server fills in.
private struct Asking {
    let root: Value
    let recorded: RecordedFields
    private var (named, foreign, count) = (0, 0, 0)

    /// Parts that are looked at.
    private static let mostParts = 256

    init(root: Value, recorded: RecordedFields) { (self.root, self.recorded) = (root, recorded) }

    var isAuthor: Bool { named > 0 && foreign == 0 }

    /// Depth of a document is limited by whoever parses it.
    mutating func read(_ value: Value) {
        guard count < Asking.mostParts, foreign == 0 else {
            foreign += 1
            return
        }
        count += 1
        if value.kind == .mapping, let entries = try? value.entries(), value.count > 0 {
            for entry in entries { read(entry) }
        } else if value.kind == .sequence, let items = try? value.items(), value.count > 0 {
            for item in items { read(item) }
        } else {
            var keys: [String] = []
            value.walk(from: root) { if $1 == nil { keys.append($0.key) } }
            if ServerDefaults.mayMake(FieldValue(value), at: keys) { return }
            if recorded.writer(of: value) == nil { foreign += 1 } else { named += 1 }
        }
    }
}
