internal import Admission
internal import Documents
public import Kubernetes
internal import KubernetesClient

/// What an admission asks about the cluster around a request: who owns a Pod, which grants there are. A value: it
/// shows one moment, and whoever holds it is never surprised.
///
/// It follows the watches event by event and waits for no pass, so that a Deployment's first Pod finds its Deployment.
public struct OwnerSnapshot: Sendable {
    /// A reference as it stands in `metadata.ownerReferences`.
    public struct Owner: Sendable, Hashable {
        public var kind: String
        public var name: String
        public var uid: String

        public init(kind: String, name: String, uid: String) { (self.kind, self.name, self.uid) = (kind, name, uid) }

        /// The controlling owner of an object.
        public init?(of object: KubernetesObject) {
            guard let references = try? object.metadata["ownerReferences"].items() else { return nil }
            for reference in references where (try? reference["controller"].bool()) == true {
                guard let kind = try? reference["kind"].string(), let name = try? reference["name"].string(),
                    let uid = try? reference["uid"].string()
                else { return nil }
                self.init(kind: kind, name: name, uid: uid)
                return
            }
            return nil
        }
    }

    /// By namespace and uid: a namespace each, so that a change copies little where somebody still holds the moment before.
    private var workloads: [String: [String: KubernetesObject]] = [:]
    private var grantsByNamespace: [String: [String: KubernetesObject]] = [:]
    /// Names of the RuntimeClasses there are.
    public private(set) var runtimeClasses: Set<String> = []
    /// Changes with every change of a grant: what was made of the grants holds as long as this stays.
    public private(set) var grantsVersion: UInt64 = 0
    /// Objects that say who changes what is sent to the cluster.
    private var mutatorObjects: [String: KubernetesObject] = [:]
    /// Of their resources, whether all their objects are known.
    private var mutatorResources: [Resource: Bool] = [:]
    /// Changes with every change of them, or of what is known of them.
    private(set) var mutatorsVersion: UInt64 = 0
    /// Whether every kind that is kept here was listed: before that, an owner that is not found may well exist.
    public internal(set) var isComplete = false

    public init() {}

    /// The chain of controllers from a reference up to its root: ReplicaSet, Deployment. Each has the uid that the reference to it names; the
    /// chain ends before the first that has not, or that is not here. Whoever creates a Pod writes its references: a name proves nothing.
    public func owners(namespace: String, of reference: Owner) -> [KubernetesObject] {
        var chain: [KubernetesObject] = []
        var next: Owner? = reference
        // As far as attribution follows it.
        while let wanted = next, chain.count < 8 {
            guard let owner = workloads[namespace]?[wanted.uid], owner.kind == wanted.kind, owner.name == wanted.name else { break }
            chain.append(owner)
            next = Owner(of: owner)
        }
        return chain
    }

    /// The controllers of an object, nearest first.
    public func owners(of object: KubernetesObject) -> [KubernetesObject] {
        Owner(of: object).map { owners(namespace: object.namespace, of: $0) } ?? []
    }

    /// All grants, by namespace and name.
    public var grants: [KubernetesObject] {
        grantsByNamespace.sorted { $0.key < $1.key }.flatMap { $0.value.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Whether an object of this kind is kept here. Pods own no Pods, and there are the most of them.
    static func keeps(_ object: KubernetesObject) -> Bool {
        object.isGrant || object.isRuntimeClass || object.isMutator
            || (object.pod != nil && object.kind != "Pod" && object.kind != "PodTemplate" && !object.uid.isEmpty)
    }

    mutating func put(_ object: KubernetesObject) {
        if object.isGrant {
            grantsByNamespace[object.namespace, default: [:]][object.name] = object
            grantsVersion &+= 1
        } else if object.isRuntimeClass {
            runtimeClasses.insert(object.name)
        } else if object.isMutator {
            mutatorObjects["\(object.kind)/\(object.name)"] = object
            mutatorsVersion &+= 1
        } else {
            workloads[object.namespace, default: [:]][object.uid] = object
        }
    }

    mutating func remove(_ object: KubernetesObject) {
        if object.isGrant {
            grantsByNamespace[object.namespace]?[object.name] = nil
            if grantsByNamespace[object.namespace]?.isEmpty == true { grantsByNamespace[object.namespace] = nil }
            grantsVersion &+= 1
        } else if object.isRuntimeClass {
            runtimeClasses.remove(object.name)
        } else if object.isMutator {
            mutatorObjects["\(object.kind)/\(object.name)"] = nil
            mutatorsVersion &+= 1
        } else {
            workloads[object.namespace]?[object.uid] = nil
            if workloads[object.namespace]?.isEmpty == true { workloads[object.namespace] = nil }
        }
    }

    // MARK: - Who changes what is sent

    /// Who changes what is sent to the cluster; nil while not all of them are known, for instance since they may not be read.
    var mutators: Mutators? {
        let isKnown = mutatorResources.contains { $0.key.kind == "MutatingWebhookConfiguration" } && mutatorResources.values.allSatisfy(\.self)
        return isKnown ? Mutators(Array(mutatorObjects.values)) : nil
    }

    /// Says how far the objects of a resource are known; nil where it is not served any more.
    mutating func knows(_ resource: Resource, _ isListed: Bool?) {
        guard Mutators.kinds.contains(resource.kind), mutatorResources[resource] != isListed else { return }
        mutatorResources[resource] = isListed
        mutatorsVersion &+= 1
    }
}

extension KubernetesObject {
    fileprivate var isMutator: Bool { Mutators.kinds.contains(kind) && group == "admissionregistration.k8s.io" }
    fileprivate var isRuntimeClass: Bool { kind == "RuntimeClass" && group == "node.k8s.io" }
}
