import Controls
import Documents
public import Kubernetes

/// Findings of Pods that stand at their controller as well. A dump of a cluster holds a Deployment, its ReplicaSet
/// and every replica; the fault is one, and it is mended at the root.
public struct RepeatedFindings: Sendable {
    private let inventory: Inventory
    /// What fails at the objects that control others.
    private let atRoots: Set<Fault>

    /// One fault of one Pod template, wherever the template is written down.
    private struct Fault: Hashable {
        let kind: String
        let namespace: String
        let name: String
        let control: Int
        let container: String
        /// Below the Pod, items by name, what is missing included.
        let path: String
        let value: String
    }

    /// - Parameter findings: everything that was found in the estate, or in some of its namespaces: an owner is in the namespace of what it owns.
    public init(_ findings: [AttributedFinding], in inventory: Inventory) {
        self.inventory = inventory
        let hasOwners = findings.contains { inventory.objects[$0.finding.object].metadata["ownerReferences"].exists }
        atRoots =
            hasOwners ? Set(findings.lazy.compactMap { RepeatedFindings.fault($0, at: inventory.objects[$0.finding.object], in: inventory) }) : []
    }

    /// Whether the same fault fails at the root of the chain of controllers, or the object is only kept to go back to. Only owners that the
    /// estate holds with the uid the reference names count, and an accepted finding is no repetition: whoever writes a Pod writes
    /// its references, so they may save a repetition but hide nothing.
    public func contains(_ finding: AttributedFinding) -> Bool {
        guard finding.finding.verdict == .fail || finding.finding.verdict == .accepted else { return false }
        let object = inventory.objects[finding.finding.object]
        guard object.metadata["ownerReferences"].exists else { return false }
        let root = RootObject(of: object, in: inventory)
        guard root.unconfirmed == nil, !root.object.root.isInside(object.root) else { return false }
        if RepeatedFindings.isFormer(object, of: root.object) { return true }
        guard !atRoots.isEmpty, finding.finding.verdict == .fail, let fault = RepeatedFindings.fault(finding, in: object, at: root.object)
        else { return false }
        return atRoots.contains(fault)
    }

    /// A ReplicaSet without replicas, below its Deployment: a former template, of which ten are kept for going back. It makes no Pods, so a
    /// Deployment that was mended would be blamed for what it no longer says. If somebody goes back, it stands in the Deployment again.
    private static func isFormer(_ object: KubernetesObject, of root: KubernetesObject) -> Bool {
        object.kind == "ReplicaSet" && object.group == "apps" && root.kind == "Deployment" && root.group == "apps"
            && (try? object.spec["replicas"].int()) == 0
    }

    /// The fault as it stands at an object that nobody in the estate controls.
    private static func fault(_ finding: AttributedFinding, at object: KubernetesObject, in inventory: Inventory) -> Fault? {
        guard finding.finding.verdict == .fail, !object.metadata["ownerReferences"].exists else { return nil }
        return fault(finding, in: object, at: object)
    }

    private static func fault(_ finding: AttributedFinding, in object: KubernetesObject, at root: KubernetesObject) -> Fault? {
        let finding = finding.finding
        guard let pod = object.pod, finding.place.isInside(pod.node) || finding.place.isInside(pod.metadata) else { return nil }
        let base = finding.place.isInside(pod.node) ? pod.node : pod.metadata
        let path = finding.stablePath.dropFirst(base.stablePath.count).drop { $0 == "." }
        return Fault(
            kind: root.kind, namespace: root.namespace, name: root.name, control: finding.control, container: finding.container,
            path: String(path), value: finding.value)
    }
}
