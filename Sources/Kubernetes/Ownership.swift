internal import Documents

extension Inventory {
    /// The object of the estate that controls this one, by its `ownerReferences`; nil when nobody does or the
    /// owner is not part of the estate. The reference is written by a controller, but a client may write one
    /// too: good for naming, never for deciding who answers.
    public func controller(of object: KubernetesObject) -> KubernetesObject? {
        let references = object.metadata["ownerReferences"]
        guard references.exists, let items = try? references.items() else { return nil }
        for reference in items where (try? reference["controller"].bool()) == true {
            guard let kind = try? reference["kind"].string(), let name = try? reference["name"].string() else { continue }
            let found = self.object(kind: kind, namespace: object.namespace, name: name) ?? self.object(kind: kind, namespace: "", name: name)
            if let found, !found.root.isInside(object.root) { return found }
        }
        return nil
    }

    /// The object at the end of the chain of controllers, this one when nobody in the estate controls it.
    public func root(of object: KubernetesObject) -> KubernetesObject {
        var root = object
        // A chain is Pod → ReplicaSet → Deployment → custom kind; what is longer is a circle.
        for _ in 0..<8 {
            guard let next = controller(of: root) else { return root }
            root = next
        }
        return root
    }

    /// Whether the Pod of this object is judged at its owner, which makes the same Pods.
    public func isJudgedAtOwner(_ object: KubernetesObject) -> Bool {
        object.pod != nil && controller(of: object)?.pod != nil
    }
}
