/// All objects of an estate, immutable, with the indexes that controls ask; built once.
public final class Inventory: Sendable {
    public let objects: [KubernetesObject]
    /// Who is bound to which role.
    public let access: AccessIndex
    private let byKind: [String: [Int]]
    private let byName: [Name: Int]

    private struct Name: Hashable {
        let kind: String
        let namespace: String
        let name: String
    }

    public init(_ objects: [KubernetesObject]) {
        self.objects = objects
        var byKind: [String: [Int]] = [:]
        var byName: [Name: Int] = [:]
        byName.reserveCapacity(objects.count)
        for (index, object) in objects.enumerated() {
            byKind[object.kind, default: []].append(index)
            byName[Name(kind: object.kind, namespace: object.namespace, name: object.name)] = index
        }
        self.byKind = byKind
        self.byName = byName
        access = AccessIndex(objects)
    }

    /// Objects of a kind in the order they were read.
    public func objects(ofKind kind: String) -> some Sequence<KubernetesObject> {
        (byKind[kind] ?? []).lazy.map { self.objects[$0] }
    }

    public func contains(kind: String) -> Bool { byKind[kind] != nil }

    /// - Parameter namespace: empty for kinds without one.
    public func object(kind: String, namespace: String, name: String) -> KubernetesObject? {
        byName[Name(kind: kind, namespace: namespace, name: name)].map { objects[$0] }
    }
}
