import Documents
import Synchronization

/// All objects of an estate, immutable, with the indexes that controls ask; each built once.
public final class Inventory: Sendable {
    public let objects: [KubernetesObject]
    /// Indexes of objects that stand once more in their source. Only the last of them ends up in the cluster, so what
    /// one of the others does for its neighbours, a NetworkPolicy for instance, is not to be relied on.
    public let repeated: [Int]
    private let byKind: [String: [Int]]
    private let byName: [Name: Int]
    private let byNamespace: [Place: [Int]]

    private struct Place: Hashable {
        let kind: String
        let namespace: String
    }

    // What the neighbours of an object are asked about. Nobody asks where there is one object only, as in a review.
    private let keptWorkloads = AtomicLazyReference<Kept<WorkloadIndex>>()
    private let keptAvailability = AtomicLazyReference<Kept<AvailabilityIndex>>()
    private let keptIsolation = AtomicLazyReference<Kept<NetworkIsolation>>()
    private let keptLinks = AtomicLazyReference<Kept<ServiceLinks>>()
    private let keptAccess = AtomicLazyReference<Kept<AccessIndex>>()

    private let analyses = Mutex<[ObjectIdentifier: AnalysisSlot]>([:])

    private struct Name: Hashable {
        let kind: String
        let namespace: String
        let name: String
    }

    public init(_ objects: [KubernetesObject]) {
        self.objects = objects
        var byKind: [String: [Int]] = [:]
        var byNamespace: [Place: [Int]] = [:]
        var byName: [Name: Int] = [:]
        byName.reserveCapacity(objects.count)
        var repeated: [Int] = []
        for (index, object) in objects.enumerated() {
            byKind[object.kind, default: []].append(index)
            byNamespace[Place(kind: object.kind, namespace: object.namespace), default: []].append(index)
            let name = Name(kind: object.kind, namespace: object.namespace, name: object.name)
            if let known = byName[name] {
                if Inventory.areOne(objects[known], object) { repeated.append(index) }
                // A namesake from another group never stands in for the real thing.
                if object.isForeignNamesake { continue }
            }
            byName[name] = index
        }
        self.byKind = byKind
        self.byNamespace = byNamespace
        self.byName = byName
        self.repeated = repeated
        // Of an estate all is asked soon, and by all cores at once.
        if objects.count > 1 { _ = (availability, isolation, links, access) }
    }

    private var workloads: WorkloadIndex { keptWorkloads.value { WorkloadIndex(objects) } }

    /// What keeps workloads available.
    public var availability: AvailabilityIndex { keptAvailability.value { AvailabilityIndex(objects, kinds: byKind) } }

    /// Which Pods network policies close off.
    public var isolation: NetworkIsolation {
        keptIsolation.value {
            NetworkIsolation(objects, policies: NetworkIsolation.policyKinds.flatMap { byKind[$0] ?? [] }, workloads: workloads)
        }
    }

    /// Which Services lead to which workloads.
    public var links: ServiceLinks {
        keptLinks.value {
            let routes = ServiceLinks.routeKinds.flatMap { byKind[$0] ?? [] }
            return ServiceLinks(objects, services: byKind["Service"] ?? [], routes: routes, workloads: workloads)
        }
    }

    /// Who is bound to which role.
    public var access: AccessIndex { keptAccess.value { AccessIndex(objects) } }

    /// Whether two objects of one kind, namespace and name are the same to the API server. Asked within one source only:
    /// a directory may hold the same object once for each environment.
    private static func areOne(_ one: KubernetesObject, _ other: KubernetesObject) -> Bool {
        one.group == other.group && !one.name.isEmpty && !one.name.hasSuffix("*") && one.root.source == other.root.source
    }

    /// Whether the selector matches the Pods of any object in the namespace.
    public func hasWorkloads(_ selector: LabelSelector, in namespace: String) -> Bool {
        workloads.matchesAny(selector, in: namespace, of: objects)
    }

    /// The namespaces in which objects make Pods.
    public var workloadNamespaces: [String] { Array(workloads.namespaces).sorted() }

    /// Indexes of the objects whose Pods the selector matches.
    public func workloads(matching selector: LabelSelector, in namespace: String) -> [Int] {
        workloads.select(selector, in: namespace, of: objects)
    }

    /// Indexes of the objects that make Pods in the namespace, in the order they were read.
    public func workloads(in namespace: String) -> [Int] { workloads.all(in: namespace) }

    /// Objects of a kind in the order they were read.
    public func objects(ofKind kind: String) -> some Sequence<KubernetesObject> {
        (byKind[kind] ?? []).lazy.map { self.objects[$0] }
    }

    /// Objects of a kind in one namespace, in the order they were read.
    public func objects(ofKind kind: String, namespace: String) -> some Sequence<KubernetesObject> {
        (byNamespace[Place(kind: kind, namespace: namespace)] ?? []).lazy.map { self.objects[$0] }
    }

    public func contains(kind: String) -> Bool { byKind[kind] != nil }

    /// Index of the object that `object(kind:namespace:name:)` gives.
    public func index(kind: String, namespace: String, name: String) -> Int? {
        byName[Name(kind: kind, namespace: namespace, name: name)]
    }

    /// - Parameter namespace: empty for kinds without one.
    public func object(kind: String, namespace: String, name: String) -> KubernetesObject? {
        byName[Name(kind: kind, namespace: namespace, name: name)].map { objects[$0] }
    }

    /// What an engine of a higher room works out about the whole estate, worked out when it is first asked for, then kept.
    /// Judging runs on all cores: whoever asks meanwhile waits for the one who works it out.
    public func analysis<Analysis: EstateAnalysis>(_ type: Analysis.Type = Analysis.self) -> Analysis {
        let slot = analyses.withLock { slots in
            let slot = slots[ObjectIdentifier(type)] ?? AnalysisSlot()
            slots[ObjectIdentifier(type)] = slot
            return slot
        }
        return slot.value(of: self)
    }
}

/// An index that is built when it is first asked for.
private final class Kept<Index: Sendable>: Sendable {
    let index: Index

    init(_ index: Index) { self.index = index }
}

extension AtomicLazyReference {
    /// Two that ask first at one time both build it, and one of the two is kept.
    fileprivate borrowing func value<Index>(_ build: () -> Index) -> Index where Instance == Kept<Index> {
        (load() ?? storeIfNil(Kept(build()))).index
    }
}

/// Where one analysis is kept. Each has a lock of its own, so that one that is being worked out may ask for others.
private final class AnalysisSlot: Sendable {
    private let kept = Mutex<(any EstateAnalysis)?>(nil)

    func value<Analysis: EstateAnalysis>(of inventory: Inventory) -> Analysis {
        kept.withLock { kept in
            if let known = kept as? Analysis { return known }
            let made = Analysis(of: inventory)
            kept = made
            return made
        }
    }
}

/// Knowledge about an estate as a whole that is dear to work out and asked for by many: who may do what, who reaches whom.
/// One that is asked for at each object is best a class: handing it out is then one reference.
public protocol EstateAnalysis: Sendable {
    /// - Parameter inventory: may be asked for other analyses, never for one that asks for this one.
    init(of inventory: Inventory)
}
