import Documents
import Kubernetes

/// Every policy of an estate that can be judged, and gaps for those that cannot.
struct PolicyList {
    /// In the order in which they are asked: by tier, then by priority, then as they were read.
    private(set) var policies: [Policy] = []
    private(set) var gaps: [ReachabilityGap] = []

    init(_ inventory: Inventory) {
        var last: [Identity: Int] = [:]
        let candidates = inventory.objects.indices.filter { PolicyList.isPolicy(inventory.objects[$0]) }
        for index in candidates { last[Identity(inventory.objects[index])] = index }
        // What one source repeats is a gap of reading already.
        let known = Set(inventory.repeated)
        for index in candidates {
            let object = inventory.objects[index]
            if last[Identity(object)] != index {
                if !known.contains(index) { gaps.append(ReachabilityGap(repeated: object)) }
                continue
            }
            do throws(WrongType) {
                if let policy = try PolicyList.read(object, index) {
                    policies.append(policy)
                } else {
                    gaps.append(ReachabilityGap(unread: object))
                }
            } catch {
                gaps.append(ReachabilityGap(error))
            }
        }
        policies.sort { ($0.tier, $0.priority, $0.object) < ($1.tier, $1.priority, $1.object) }
    }

    /// Two objects with one identity are one object to the API server; the later one replaces the earlier.
    private struct Identity: Hashable {
        let kind: String
        let group: String
        let namespace: String
        let name: String

        init(_ object: KubernetesObject) {
            (kind, group, namespace, name) = (object.kind, object.group, object.namespace, object.name)
        }
    }

    private static func isPolicy(_ object: KubernetesObject) -> Bool {
        // Calico's staged policies are drafts without effect.
        (object.kind.hasSuffix("NetworkPolicy") || object.kind == "EgressFirewall") && !object.kind.hasPrefix("Staged")
            && !object.name.isEmpty
    }

    /// nil for a kind that is not judged here.
    static func read(_ object: KubernetesObject, _ index: Int) throws(WrongType) -> Policy? {
        switch (object.group, object.kind) {
        case ("networking.k8s.io", "NetworkPolicy"), ("extensions", "NetworkPolicy"): try Policy(networkPolicy: object, object: index)
        case ("policy.networking.k8s.io", "AdminNetworkPolicy"), ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"):
            try Policy(adminPolicy: object, object: index)
        case ("policy.networking.k8s.io", "ClusterNetworkPolicy"): try Policy(clusterPolicy: object, object: index)
        default: nil
        }
    }
}

extension ReachabilityGap {
    init(repeated object: KubernetesObject) {
        self.init(
            object.metadata["name"], .duplicateObject,
            "\(object.displayName) stands in another source too; only the last one read takes effect here: leave one out")
    }

    init(unread object: KubernetesObject) {
        self.init(
            object.root["kind"], .unreadKind,
            "policies of kind '\(object.kind)' in '\(object.apiVersion)' are not judged here; what '\(object.name)' opens or closes is not seen")
    }
}
