import Documents
import Kubernetes

/// Which security groups each workload of an estate is given.
///
/// Sources: ACS, "Specify vSwitches and security groups for pods"; ECI, "Assign security groups to a pod"; the webhook of Terway
/// (AliyunContainerService/terway `pkg/controller/webhook`); amazon-vpc-resource-controller-k8s `pkg/utils/helper.go`.
struct GroupAssignments {
    enum Assignment {
        /// By an annotation or a policy; the place names them.
        case named([String], place: Value)
        /// Nothing says otherwise: the group of the cluster.
        case cluster
        case unknown(String, place: Value)
    }

    /// What deviates from the cluster's group, by index of the object.
    private var assignments: [Int: Assignment] = [:]
    /// Every id that some object names.
    private(set) var named: Set<String> = []
    /// Names of the policies and PodNetworkings that give groups to some Pod, or may do so.
    private(set) var assigning: Set<String> = []
    /// Whether nobody can tell the groups of some Pod.
    private(set) var hasUnknown = false

    /// Whether nothing says of these Pods that they are in another group than the cluster's.
    func isOfCluster(_ object: Int) -> Bool { assignments[object] == nil }

    func assignment(of object: Int) -> Assignment { assignments[object] ?? .cluster }

    init(_ inventory: Inventory) {
        let networkings = PodNetworkings(inventory)
        let policies = GroupPolicies(inventory)
        named = networkings.named.union(policies.named)
        assigning = networkings.assigning.union(policies.assigning)
        for (index, object) in inventory.objects.enumerated() {
            guard let pod = object.pod else { continue }
            do throws(WrongType) {
                if let assignment = try GroupAssignments.annotated(pod) {
                    assignments[index] = assignment
                } else if pod.usesHostNetwork {
                    assignments[index] = .unknown("the Pod is on its node's network, and the node's groups are not in the estate", place: pod.node)
                } else if let assignment = try networkings.assignment(of: object, index, pod) ?? policies.assignment(of: index) {
                    assignments[index] = assignment
                }
            } catch {
                assignments[index] = .unknown("what the Pod says of its groups cannot be read", place: error.value)
            }
            switch assignments[index] {
            case .named(let ids, _)?: named.formUnion(ids)
            case .unknown?: hasUnknown = true
            case .cluster?, nil: break
            }
            // One that is chosen by name needs no selector.
            let chosen = pod.annotations["k8s.aliyun.com/pod-networking"]
            if chosen.exists { assigning.insert("PodNetworking \(chosen.text)") }
        }
    }

    /// Annotations of the Pod itself win over everything.
    private static func annotated(_ pod: PodSpec) throws(WrongType) -> Assignment? {
        guard pod.annotations.exists else { return nil }
        for key in groupAnnotations {
            let annotation = pod.annotations[key]
            guard let text = try annotation.string() else { continue }
            let ids = groupIDs(in: text)
            if !ids.isEmpty { return .named(ids, place: annotation) }
        }
        let interfaces = pod.annotations["k8s.aliyun.com/pod-networks"]
        if try !interfaces.isEmptyString() { return .unknown("the Pod brings interfaces of its own", place: interfaces) }
        return nil
    }
}

/// The Pod annotations that replace the cluster's security group: of ACS, and of the instances it grew from.
private let groupAnnotations: [StaticString] = ["network.alibabacloud.com/security-group-ids", "k8s.aliyun.com/eci-security-group"]

/// The ids in a list with commas, each once.
private func groupIDs(in text: String) -> [String] {
    var ids: [String] = []
    for part in text.split(separator: ",") {
        let id = part.filter { $0 != " " }
        if !id.isEmpty, !ids.contains(id) { ids.append(id) }
        // A Pod has five at most; a list that is longer is refused, and whose first hundred say enough.
        if ids.count == 100 { break }
    }
    return ids
}

/// Terway's PodNetworkings: one that matches a Pod gives it its groups.
private struct PodNetworkings {
    private struct Networking {
        let object: KubernetesObject
        let ids: [String]
        let isForStatefulSetsOnly: Bool
    }

    private(set) var named: Set<String> = []
    private(set) var assigning: Set<String> = []
    private var networkings: [Networking] = []
    private var byName: [String: Int] = [:]
    /// Networkings that match the Pods of an object.
    private var matching: [Int: [Int]] = [:]
    /// Objects whose Pods one may match, that cannot be told from here.
    private var doubtful: [Int: Int] = [:]

    init(_ inventory: Inventory) {
        for object in inventory.objects(ofKind: "PodNetworking") where object.group == "network.alibabacloud.com" {
            // One of the wrong shape assigns nothing; the control that judges it reports the gap.
            try? read(object, inventory)
        }
    }

    private mutating func read(_ object: KubernetesObject, _ inventory: Inventory) throws(WrongType) {
        if let status = try object.root["status"]["status"].string(), status != "Ready" { return }
        let ids = try object.spec["securityGroupIDs"].strings().filter { !$0.isEmpty }
        named.formUnion(ids)
        let index = networkings.count
        let isFixed = try object.spec["allocationType"]["type"].equals("Fixed")
        networkings.append(Networking(object: object, ids: ids, isForStatefulSetsOnly: isFixed))
        byName[object.name] = index
        let selector = object.spec["selector"]
        guard selector["podSelector"].exists || selector["namespaceSelector"].exists else { return }
        let pods = try LabelSelector(selector["podSelector"])
        let namespaces = try LabelSelector(selector["namespaceSelector"])
        for namespace in inventory.workloadNamespaces {
            let known = inventory.object(kind: "Namespace", namespace: "", name: namespace)
            var labels = try known?.labels.stringMap() ?? [:]
            labels["kubernetes.io/metadata.name"] = namespace
            if namespaces.matches(labels) {
                for workload in inventory.workloads(matching: pods, in: namespace) {
                    matching[workload, default: []].append(index)
                    assigning.insert(object.displayName)
                }
            } else if known == nil {
                for workload in inventory.workloads(matching: pods, in: namespace) {
                    doubtful[workload] = index
                    assigning.insert(object.displayName)
                }
            }
        }
    }

    func assignment(of object: KubernetesObject, _ index: Int, _ pod: PodSpec) throws(WrongType) -> GroupAssignments.Assignment? {
        guard !networkings.isEmpty, object.kind != "DaemonSet" else { return nil }
        let chosen = pod.annotations["k8s.aliyun.com/pod-networking"]
        if let name = try chosen.string(), !name.isEmpty {
            guard let networking = byName[name] else { return .unknown("PodNetworking '\(name)' is not in the estate", place: chosen) }
            return assignment(networkings[networking])
        }
        let found = (matching[index] ?? []).map { networkings[$0] }.filter { !$0.isForStatefulSetsOnly || object.kind == "StatefulSet" }
        if let first = found.first {
            // Terway takes whichever it meets first, and the order is nobody's promise.
            guard found.allSatisfy({ $0.ids == first.ids }) else {
                return .unknown("\(found.count) PodNetworkings with different groups match the Pod", place: first.object.spec["selector"])
            }
            return assignment(first)
        }
        guard let doubt = doubtful[index] else { return nil }
        let name = networkings[doubt].object.name
        return .unknown(
            "PodNetworking '\(name)' asks for labels of namespace '\(object.namespace)', which is not in the estate",
            place: networkings[doubt].object.spec["selector"])
    }

    private func assignment(_ networking: Networking) -> GroupAssignments.Assignment {
        networking.ids.isEmpty ? .cluster : .named(networking.ids, place: networking.object.spec["securityGroupIDs"])
    }
}

/// AWS' SecurityGroupPolicies: a Pod gets the groups of all that match it, and no others.
private struct GroupPolicies {
    private(set) var named: Set<String> = []
    private(set) var assigning: Set<String> = []
    private var ids: [Int: [String]] = [:]
    private var places: [Int: Value] = [:]
    private var doubtful: [Int: (why: String, place: Value)] = [:]

    init(_ inventory: Inventory) {
        for policy in inventory.objects(ofKind: "SecurityGroupPolicy") where policy.group == "vpcresources.k8s.aws" {
            try? read(policy, inventory)
        }
    }

    private mutating func read(_ policy: KubernetesObject, _ inventory: Inventory) throws(WrongType) {
        let list = policy.spec["securityGroups"]["groupIds"]
        let groups = try list.strings().filter { !$0.isEmpty }
        named.formUnion(groups)
        let (pods, accounts) = (policy.spec["podSelector"], policy.spec["serviceAccountSelector"])
        // The controller passes over a policy that selects by neither, or names no group.
        guard pods.exists || accounts.exists, !groups.isEmpty else { return }
        let podSelector = try LabelSelector(pods)
        let accountSelector = accounts.exists ? try LabelSelector(accounts) : nil
        for workload in inventory.workloads(matching: podSelector, in: policy.namespace) {
            let isMatched = try matches(accountSelector, inventory.objects[workload], inventory)
            if isMatched != false { assigning.insert(policy.displayName) }
            switch isMatched {
            case true?:
                if places[workload] == nil { places[workload] = list }
                for group in groups where !(ids[workload] ?? []).contains(group) { ids[workload, default: []].append(group) }
            case false?: continue
            case nil:
                doubtful[workload] = ("SecurityGroupPolicy '\(policy.name)' asks for labels of a ServiceAccount that is not in the estate", accounts)
            }
        }
    }

    /// nil when the Pod's ServiceAccount is not in the estate.
    private func matches(_ selector: LabelSelector?, _ object: KubernetesObject, _ inventory: Inventory) throws(WrongType) -> Bool? {
        guard let selector, !selector.matchesEverything else { return true }
        let name = try object.pod?.serviceAccountName.string() ?? "default"
        guard let account = inventory.object(kind: "ServiceAccount", namespace: object.namespace, name: name) else { return nil }
        return try selector.matches(account.labels)
    }

    func assignment(of object: Int) -> GroupAssignments.Assignment? {
        if let doubt = doubtful[object] { return .unknown(doubt.why, place: doubt.place) }
        guard let groups = ids[object], let place = places[object] else { return nil }
        return .named(groups, place: place)
    }
}
