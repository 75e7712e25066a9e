public import Documents

/// The resources that a cluster with this estate serves: those of Kubernetes itself, and those that the estate defines.
public struct ResourceTable: EstateAnalysis {
    /// In the order in which a name is looked up.
    public let resources: [ServedResource]
    /// Definitions that the API server refuses.
    public let faults: [WrongType]
    private let byName: [String: [Int]]

    public init(of inventory: Inventory) {
        var defined: [ServedResource] = []
        var faults: [WrongType] = []
        for object in inventory.objects(ofKind: "CustomResourceDefinition") where !object.isForeignNamesake {
            do throws(WrongType) {
                defined.append(try ServedResource(definition: object))
            } catch {
                faults.append(error)
            }
        }
        defined.sort { ($0.group, $0.plural) < ($1.group, $1.plural) }
        let all = ServedResource.builtIn + defined
        let order = all.indices.sorted { (all[$0].standing, $0) < (all[$1].standing, $1) }
        resources = order.map { all[$0] }
        self.faults = faults
        var byName: [String: [Int]] = [:]
        for (index, resource) in resources.enumerated() {
            for name in Set([resource.plural, resource.singular] + resource.shortNames) { byName[name, default: []].append(index) }
        }
        self.byName = byName
    }

    /// The resource that a name means: its plural, singular, kind or a short name, with or without its group, which may be cut
    /// short (`deployments.app`). Plural and singular win over another's short name, as kubectl has it.
    /// - Parameter group: empty for any.
    public func resource(named name: String, group: String = "") -> ServedResource? {
        let name = name.lowercased()
        let named = (byName[name] ?? []).map { resources[$0] }
        let exact = group.isEmpty ? named : named.filter { $0.group == group }
        // A shortened group means those it begins, unless a group has just this name.
        let pool = exact.isEmpty ? named.filter { !group.isEmpty && $0.group.utf8.starts(with: group.utf8) } : exact
        return pool.first { $0.plural == name || $0.singular == name } ?? pool.first
    }
}

extension ServedResource {
    /// What a CustomResourceDefinition makes the API server serve.
    /// - Throws: `WrongType` when the definition lacks what it must say.
    init(definition: KubernetesObject) throws(WrongType) {
        let spec = definition.spec
        let names = spec["names"]
        let (group, plural, kind) = (try spec["group"].string() ?? "", try names["plural"].string() ?? "", try names["kind"].string() ?? "")
        guard !group.isEmpty else { throw WrongType(value: spec["group"], expected: "the group of the resource") }
        guard !plural.isEmpty else { throw WrongType(value: names["plural"], expected: "the plural name of the resource") }
        guard !kind.isEmpty else { throw WrongType(value: names["kind"], expected: "the kind of the resource") }
        let scope = try spec["scope"].string() ?? ""
        guard scope == "Cluster" || scope == "Namespaced" else { throw WrongType(value: spec["scope"], expected: "Cluster or Namespaced") }
        // `v1beta1` has one place for all versions.
        var places = [spec["subresources"]]
        for version in try spec["versions"].items() { places.append(version["subresources"]) }
        let singular = try names["singular"].string() ?? ""
        self.init(
            group: group, plural: plural, singular: singular.isEmpty ? kind.lowercased() : singular, shortNames: try names["shortNames"].strings(),
            kind: kind, isClusterScoped: scope == "Cluster",
            subresources: ["scale", "status"].filter { name in places.contains { $0.entry(named: name).isWritten } }, standing: .defined)
    }
}
