import Documents
public import Kubernetes

/// The object that stands at the root of a chain of owners: the Deployment of a Pod.
struct RootObject {
    let object: KubernetesObject
    /// An owner that is named but not in the estate, or that does not confirm the reference; the chain ends
    /// there and no grant of the owner reaches this object.
    let unconfirmed: String?
    /// The owners on the way to the root.
    let between: [KubernetesObject]

    /// Follows the controlling owner as long as it is in the estate, has the uid that the reference names, and its kind has a controller that
    /// makes such objects. Whoever creates a Pod writes its references, so a name alone proves nothing.
    init(of object: KubernetesObject, in inventory: Inventory) {
        var current = object
        var unconfirmed: String?
        var owners: [KubernetesObject] = []
        // A real chain is Pod, ReplicaSet or Job, Deployment or CronJob, and perhaps a custom kind above.
        for _ in 0..<8 {
            guard let reference = RootObject.controller(of: current) else { break }
            guard let owner = RootObject.owner(reference, of: current, in: inventory) else {
                unconfirmed = "\(reference["kind"].text) \(reference["name"].text)"
                break
            }
            current = owner
            owners.append(owner)
        }
        between = Array(owners.dropLast())
        self.object = current
        self.unconfirmed = unconfirmed
    }

    private static func controller(of object: KubernetesObject) -> Value? {
        guard let references = try? object.metadata["ownerReferences"].items() else { return nil }
        for reference in references where (try? reference["controller"].bool()) == true { return reference }
        return nil
    }

    private static func owner(_ reference: Value, of object: KubernetesObject, in inventory: Inventory) -> KubernetesObject? {
        guard let kind = try? reference["kind"].string(), let name = try? reference["name"].string(),
            let uid = try? reference["uid"].string(), !uid.isEmpty,
            let owner = inventory.object(kind: kind, namespace: object.namespace, name: name),
            (try? owner.metadata["uid"].string()) == uid, object.mayBeMade(by: owner)
        else { return nil }
        return owner
    }

    /// The same field in another object that makes the same Pod, for instance in the template of its owner;
    /// nil when that object does not have it.
    static func counterpart(of place: Value, in object: KubernetesObject, at root: KubernetesObject) -> Value? {
        guard let from = object.pod, let to = root.pod else { return nil }
        let isInSpec = place.isInside(from.node)
        guard isInSpec || place.isInside(from.metadata) else { return nil }
        var counterpart: Value? = isInSpec ? to.node : to.metadata
        place.walk(from: isInSpec ? from.node : from.metadata) { step, position in
            guard let current = counterpart else { return }
            counterpart = position.map { child(of: current, like: step, position: $0) } ?? current.entry(named: step.key)
            if counterpart?.isWritten != true { counterpart = nil }
        }
        return counterpart
    }

    private static func child(of list: Value, like item: Value, position: Int) -> Value? {
        guard let items = try? list.items() else { return nil }
        let name = item.kind == .mapping ? item["name"] : item
        for (index, candidate) in items.enumerated() {
            guard name.kind == .string else {
                if index == position { return candidate }
                continue
            }
            let candidateName = candidate.kind == .mapping ? candidate["name"] : candidate
            if candidateName.kind == .string, candidateName.text == name.text { return candidate }
        }
        return nil
    }
}

extension KubernetesObject {
    /// What the controllers of Kubernetes' own kinds make.
    private static let made: [String: String] = [
        "Deployment": "ReplicaSet", "CronJob": "Job", "ReplicaSet": "Pod", "ReplicationController": "Pod", "StatefulSet": "Pod", "DaemonSet": "Pod",
        "Job": "Pod",
    ]
    private static let workloadGroups: Set<String> = ["", "apps", "batch", "extensions"]

    /// Whether a controller may have put this Pod, or what makes Pods, under an owner. Of Kubernetes' own kinds it is known what is made for them: a
    /// StatefulSet under a Deployment was put there by somebody who wants what is granted to that.
    public func mayBeMade(by owner: KubernetesObject) -> Bool {
        guard pod != nil, Self.workloadGroups.contains(owner.group), let made = Self.made[owner.kind] else { return true }
        return kind == made && Self.workloadGroups.contains(group)
    }
}

extension Inventory {
    /// The object at the root of the chain of controllers: the Deployment of a Pod. The object itself where nobody controls it, or where
    /// the owner is not in the estate with the uid that the reference names.
    public func rootIndex(of index: Int) -> Int {
        let object = objects[index]
        guard object.metadata["ownerReferences"].exists else { return index }
        let root = RootObject(of: object, in: self).object
        guard !root.root.isInside(object.root) else { return index }
        return self.index(kind: root.kind, namespace: root.namespace, name: root.name) ?? index
    }
}
