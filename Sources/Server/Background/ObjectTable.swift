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

        mutating func form(_ other: Effect) {
            namespaces.formUnion(other.namespaces)
            concernsGrants = concernsGrants || other.concernsGrants
        }
    }

    private struct Kind: Sendable {
        /// `namespace/name`, ascending.
        var keys: [String] = []
        var objects: [KubernetesObject] = []
        /// Keys told since the list began anew, nil once it is complete. What exists but is not told is gone.
        var told: Set<String>?
        var gaps: [String: Gap] = [:]

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
    private(set) var count = 0
    /// The part that admissions ask, as of the last event.
    var admission = OwnerSnapshot()

    /// Takes one event of the watch of a resource.
    mutating func take(_ event: WatchEvent, of resource: Resource, source: String) -> Effect {
        switch event {
        case .beginsAnew:
            kinds[resource, default: Kind()].told = []
            return Effect()
        case .present(let root): return put(root, resource, source)
        case .deleted(let root): return remove(ObjectTable.key(root), resource)
        case .listed:
            gapsOfKinds[resource] = nil
            guard let told = kinds[resource]?.told else { return Effect() }
            kinds[resource]?.told = nil
            let known = kinds[resource].map { $0.keys + $0.gaps.keys } ?? []
            var effect = Effect()
            for key in known where !told.contains(key) { effect.form(remove(key, resource)) }
            return effect
        }
    }

    /// Nothing of a resource can be read any more: what was known of it is not known now.
    mutating func lose(_ resource: Resource, _ gap: Gap?) -> Effect {
        var effect = Effect()
        for key in kinds[resource]?.keys ?? [] { effect.form(remove(key, resource)) }
        kinds[resource] = nil
        gapsOfKinds[resource] = gap
        return effect
    }

    private mutating func put(_ root: Value, _ resource: Resource, _ source: String) -> Effect {
        let key = ObjectTable.key(root)
        kinds[resource, default: Kind()].told?.insert(key)
        let object: KubernetesObject
        do throws(WrongType) {
            object = try KubernetesObject(listed: root, of: resource, source: source)
        } catch {
            let effect = remove(key, resource)
            kinds[resource, default: Kind()].gaps[key] = Gap(error)
            return effect
        }
        let place = kinds[resource]?.place(of: key) ?? (index: 0, isThere: false)
        if place.isThere, let known = kinds[resource]?.objects[place.index], known.isSameVersion(as: object) { return Effect() }
        kinds[resource]?.gaps[key] = nil
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
        kinds[resource]?.gaps[key] = nil
        guard let place = kinds[resource]?.place(of: key), place.isThere, let object = kinds[resource]?.objects[place.index] else { return Effect() }
        kinds[resource]?.keys.remove(at: place.index)
        kinds[resource]?.objects.remove(at: place.index)
        count -= 1
        if OwnerSnapshot.keeps(object) { admission.remove(object) }
        return ObjectTable.effect(of: object)
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

    /// All objects, in the order of a scan.
    var objects: [KubernetesObject] {
        var all: [KubernetesObject] = []
        all.reserveCapacity(count)
        for resource in kinds.keys.sorted(by: { ($0.group, $0.name) < ($1.group, $1.name) }) { all += kinds[resource]?.objects ?? [] }
        return all
    }

    /// What is not there though it may exist.
    var gaps: [Gap] {
        let objects = kinds.sorted { ($0.key.group, $0.key.name) < ($1.key.group, $1.key.name) }.flatMap { kind in
            kind.value.gaps.sorted { $0.key < $1.key }.map(\.value)
        }
        return gapsOfKinds.sorted { ($0.key.group, $0.key.name) < ($1.key.group, $1.key.name) }.map(\.value) + objects
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
