internal import Controls
internal import Documents
internal import Kubernetes
internal import KubernetesClient

/// The objects of a cluster by kind, kept up to date by what watches tell. Pure.
///
/// Objects stand in the order in which a scan reads them: by resource, then by namespace and name. So a scan and the controller judge
/// the same inventory, and come to the same.
struct ObjectTable: Sendable {
    /// What a change may have an effect on.
    struct Effect: Equatable {
        /// Namespaces in which something changed; empty for what is in none.
        var namespaces: Set<String> = []
        /// A grant is among it, which holds from now on.
        var concernsGrants = false
        /// All namespaces are to be judged anew.
        var concernsAll = false

        mutating func form(_ other: Effect) {
            namespaces.formUnion(other.namespaces)
            concernsGrants = concernsGrants || other.concernsGrants
            concernsAll = concernsAll || other.concernsAll
        }
    }

    private struct Kind: Sendable {
        /// `namespace/name`, ascending.
        var keys: [String] = []
        var objects: [KubernetesObject] = []
        /// Keys told since the list began anew, nil once it is complete. What exists but is not told is gone.
        var told: Set<String>?
        var gaps: [String: Gap] = [:]
        /// Objects that are not here as a whole.
        var cut: Set<String> = []
        /// What all of it costs.
        var bytes = 0

        func place(of key: String) -> (index: Int, isThere: Bool) {
            var (low, high) = (0, keys.count)
            while low < high {
                let middle = (low + high) / 2
                if keys[middle] < key { low = middle + 1 } else { high = middle }
            }
            return (low, low < keys.count && keys[low] == key)
        }
    }

    private var kinds: [Resource: Kind] = [:]
    /// Resources that cannot be read as a whole, with what is to be said of that.
    private var gapsOfKinds: [Resource: Gap] = [:]
    /// Resources that were given up since they are too much. What is told of them is not kept, until it is told anew.
    private(set) var shed: Set<Resource> = []
    private(set) var count = 0
    /// What all objects cost, see `EstateLimits.totalBytes`.
    var bytes: Int { kinds.values.reduce(0) { $0 + $1.bytes } }
    private let limits: EstateLimits
    /// How reports call the cluster.
    private var source = ""
    /// The part that admissions ask, as of the last event.
    var admission = OwnerSnapshot()

    init(limits: EstateLimits = EstateLimits()) { self.limits = limits }

    /// Takes one event of the watch of a resource.
    /// - Parameter isCut: the object was larger than it is here.
    mutating func take(_ event: WatchEvent, of resource: Resource, source: String, isCut: Bool = false) -> Effect {
        self.source = source
        if case .beginsAnew = event { shed.remove(resource) }
        guard !shed.contains(resource) else { return Effect() }
        switch event {
        case .beginsAnew:
            kinds[resource, default: Kind()].told = []
            return Effect()
        case .present(let root):
            let effect = put(root, resource, isCut)
            return shedding(effect)
        case .unreadable(let object):
            let key = "\(object.namespace)/\(object.name)"
            kinds[resource, default: Kind()].told?.insert(key)
            let effect = miss(key, resource, Gap(object, of: resource, source: source))
            return shedding(effect)
        case .deleted(let root): return remove(ObjectTable.key(root), resource)
        case .listed:
            gapsOfKinds[resource] = nil
            admission.knows(resource, kinds[resource]?.gaps.isEmpty ?? true)
            guard let told = kinds[resource]?.told else { return Effect() }
            kinds[resource]?.told = nil
            let known = kinds[resource].map { $0.keys + $0.gaps.keys } ?? []
            var effect = Effect()
            for key in known where !told.contains(key) { effect.form(remove(key, resource)) }
            return effect
        }
    }

    /// Uids of the grants there are, and the names of those that cannot be read; nil while not all of them were told.
    var allGrants: (uids: Set<String>, unreadable: Set<String>)? {
        let all = kinds.filter { $0.key.kind == "PrivilegeGrant" && $0.key.group == "demarc.dev" }
        guard !all.isEmpty, all.allSatisfy({ $0.value.told == nil && gapsOfKinds[$0.key] == nil }) else { return nil }
        let unreadable = Set(all.values.flatMap { $0.gaps.keys })
        // One without a name may be any.
        return unreadable.contains { $0.hasSuffix("/") } ? nil : (Set(all.values.flatMap { $0.objects.map(\.uid) }), unreadable)
    }

    /// Nothing of a resource can be read any more: what was known of it is not known now.
    mutating func lose(_ resource: Resource, _ gap: Gap?) -> Effect {
        var effect = Effect()
        for key in kinds[resource]?.keys ?? [] { effect.form(remove(key, resource)) }
        kinds[resource] = nil
        shed.remove(resource)
        gapsOfKinds[resource] = gap
        admission.knows(resource, gap == nil ? nil : false)
        return effect
    }

    /// Gives up the largest kind while all is too much.
    private mutating func shedding(_ effect: Effect) -> Effect {
        var effect = effect
        while bytes > limits.totalBytes, let largest = kinds.max(by: { $0.value.bytes < $1.value.bytes })?.key {
            effect.form(lose(largest, Gap(shed: largest, limits, source: source)))
            shed.insert(largest)
        }
        return effect
    }

    /// An object exists and cannot be judged.
    private mutating func miss(_ key: String, _ resource: Resource, _ gap: Gap) -> Effect {
        var effect = remove(key, resource)
        kinds[resource, default: Kind()].bytes += EstateLimits.objectBytes
        kinds[resource]?.gaps[key] = gap
        admission.knows(resource, false)
        effect.namespaces.insert("")
        return effect
    }

    private mutating func put(_ root: Value, _ resource: Resource, _ isCut: Bool) -> Effect {
        let key = ObjectTable.key(root)
        kinds[resource, default: Kind()].told?.insert(key)
        let object: KubernetesObject
        do throws(WrongType) {
            object = try KubernetesObject(listed: root, of: resource, source: source)
        } catch {
            return miss(key, resource, Gap(error))
        }
        let place = kinds[resource]?.place(of: key) ?? (index: 0, isThere: false)
        if place.isThere, let known = kinds[resource]?.objects[place.index], known.isSameVersion(as: object) { return Effect() }
        if kinds[resource]?.gaps.removeValue(forKey: key) != nil { kinds[resource]?.bytes -= EstateLimits.objectBytes }
        if isCut { kinds[resource]?.cut.insert(key) } else { kinds[resource]?.cut.remove(key) }
        kinds[resource]?.bytes += EstateLimits.cost(of: object)
        if place.isThere, let former = kinds[resource]?.objects[place.index] { kinds[resource]?.bytes -= EstateLimits.cost(of: former) }
        if place.isThere, let former = kinds[resource]?.objects[place.index], former.uid != object.uid, OwnerSnapshot.keeps(former) {
            admission.remove(former)
        }
        if OwnerSnapshot.keeps(object) { admission.put(object) }
        if place.isThere {
            kinds[resource]?.objects[place.index] = object
        } else {
            kinds[resource]?.keys.insert(key, at: place.index)
            kinds[resource]?.objects.insert(object, at: place.index)
            count += 1
        }
        return ObjectTable.effect(of: object)
    }

    private mutating func remove(_ key: String, _ resource: Resource) -> Effect {
        var effect = Effect()
        if kinds[resource]?.gaps.removeValue(forKey: key) != nil {
            kinds[resource]?.bytes -= EstateLimits.objectBytes
            effect.namespaces.insert("")
        }
        guard let place = kinds[resource]?.place(of: key), place.isThere, let object = kinds[resource]?.objects[place.index] else { return effect }
        kinds[resource]?.bytes -= EstateLimits.cost(of: object)
        kinds[resource]?.cut.remove(key)
        kinds[resource]?.keys.remove(at: place.index)
        kinds[resource]?.objects.remove(at: place.index)
        count -= 1
        if OwnerSnapshot.keeps(object) { admission.remove(object) }
        effect.form(ObjectTable.effect(of: object))
        return effect
    }

    private static func effect(of object: KubernetesObject) -> Effect {
        // A namespace's labels decide about what is in it.
        let space = object.kind == "Namespace" && object.group.isEmpty ? object.name : object.namespace
        return Effect(namespaces: [object.namespace, space], concernsGrants: object.isGrant)
    }

    private static func key(_ root: Value) -> String {
        func text(_ value: Value) -> String { ((try? value.string()) ?? nil) ?? "" }
        return "\(text(root["metadata"]["namespace"]))/\(text(root["metadata"]["name"]))"
    }

    /// In the order of a scan.
    private var ordered: [(key: Resource, value: Kind)] { kinds.sorted { ($0.key.group, $0.key.name) < ($1.key.group, $1.key.name) } }

    /// All objects, in the order of a scan.
    var objects: [KubernetesObject] {
        var all: [KubernetesObject] = []
        all.reserveCapacity(count)
        for kind in ordered { all += kind.value.objects }
        return all
    }

    /// Indexes among `objects` of those that are not here as a whole.
    var cut: Set<Int> {
        var start = 0
        var indexes: Set<Int> = []
        for (_, kind) in ordered {
            for key in kind.cut { indexes.insert(start + kind.place(of: key).index) }
            start += kind.objects.count
        }
        return indexes
    }

    /// What is not there though it may exist.
    var gaps: [Gap] {
        let objects = ordered.flatMap { resource, kind in
            (kind.cut.isEmpty ? [] : [Gap(cut: kind.cut.count, of: resource, limits, source: source)])
                + kind.gaps.sorted { $0.key < $1.key }.map(\.value)
        }
        return gapsOfKinds.sorted { ($0.key.group, $0.key.name) < ($1.key.group, $1.key.name) }.map(\.value) + objects
    }
}

extension Gap {
    /// Counted, since there may be thousands.
    fileprivate init(cut count: Int, of resource: Resource, _ limits: EstateLimits, source: String) {
        self.init(
            source: source, reason: .limit,
            message:
                "\(resource.name): of \(count) with a value of more than \(limits.valueBytes) bytes, or more than \(limits.dataBytes) bytes in all, only the beginning was judged"
        )
    }

    fileprivate init(shed resource: Resource, _ limits: EstateLimits, source: String) {
        self.init(
            source: source, reason: .limit,
            message:
                "\(resource.name): the objects of the cluster are more than \(limits.totalBytes) bytes, and these are the most of it; none of them is judged; it is tried again every hour"
        )
    }

    fileprivate init(_ object: UnreadableObject, of resource: Resource, source: String) {
        let place = object.namespace.isEmpty ? object.name : "\(object.namespace)/\(object.name)"
        self.init(source: "\(source): \(resource.kind) \(place)", reason: .unreadable, message: "\(object.message); it was not judged")
    }
}

extension KubernetesObject {
    var isGrant: Bool { kind == "PrivilegeGrant" && group == "demarc.dev" }

    var uid: String { ((try? metadata["uid"].string()) ?? nil) ?? "" }

    /// The server counts every change, whoever makes it.
    fileprivate func isSameVersion(as other: KubernetesObject) -> Bool {
        guard let version = try? metadata["resourceVersion"].string(), !version.isEmpty else { return false }
        return (try? other.metadata["resourceVersion"].string()) == version && uid == other.uid
    }
}
