import Documents
import Kubernetes

/// What runs: all Pods of one root owner, under its name.
public struct Workload: Sendable, Hashable, CustomStringConvertible {
    public let namespace: String
    public let name: String
    public let kind: String
    /// Indexes into the inventory of the Pods and of the objects that make them.
    public internal(set) var objects: [Int] = []
    /// The groups its Pods fall into; more than one when policies tell its Pods apart.
    public internal(set) var groups: [Int] = []

    /// `shop/web[Deployment]`.
    public var description: String { "\(namespace)/\(name)[\(kind)]" }
}

/// Finds the root owner of whatever makes Pods.
struct OwnerChain {
    struct Owner: Hashable {
        let namespace: String
        let name: String
        let kind: String
    }

    private let inventory: Inventory

    init(_ inventory: Inventory) { self.inventory = inventory }

    /// Follows controllers upwards. A Pod is named by its controller even where that is not in the estate; what makes
    /// Pods itself is followed only to what makes such objects, or all workloads of one operator would become one.
    func root(of object: KubernetesObject) throws(WrongType) -> Owner {
        var owner = Owner(namespace: object.namespace, name: object.name, kind: object.kind)
        var current = object
        // A chain of owners is short; one that leads in a circle ends here.
        for _ in 0..<8 {
            guard let next = try controller(of: current) else { return owner }
            // The Pods a node's own files make are of different programs.
            if next.kind == "Node" { return owner }
            if current.kind != "Pod", !PodSpec.kinds.contains(next.kind) { return owner }
            owner = next
            guard let found = inventory.object(kind: next.kind, namespace: next.namespace, name: next.name) else { return owner }
            current = found
        }
        return owner
    }

    private func controller(of object: KubernetesObject) throws(WrongType) -> Owner? {
        guard let references = object.metadata.written("ownerReferences") else { return nil }
        for reference in try references.items() where try reference["controller"].bool() == true {
            guard let name = try reference["name"].string(), !name.isEmpty else { continue }
            return Owner(namespace: object.namespace, name: name, kind: try reference["kind"].string() ?? object.kind)
        }
        return nil
    }
}
