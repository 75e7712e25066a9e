import Access
public import Kubernetes

/// An object that is asked about.
public struct Subject: Hashable, Sendable, CustomStringConvertible {
    public let name: ObjectName
    /// `Deployment`; for kinds that nobody defines here, the resource.
    public let kind: String

    public init(_ name: ObjectName, kind: String) { (self.name, self.kind) = (name, kind) }

    public init(_ resource: ServedResource, namespace: String, name: String) {
        self.init(
            ObjectName(group: resource.group, resource: resource.plural, namespace: resource.isClusterScoped ? "" : namespace, name: name),
            kind: resource.kind)
    }

    /// An object by its kind, as references have it.
    /// - Parameter apiVersion: `apps/v1`.
    public init(apiVersion: String, kind: String, namespace: String, name: String, in table: ResourceTable) {
        let group = apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : ""
        if let served = table.resources.first(where: { $0.kind == kind && $0.group == group }) {
            self.init(served, namespace: namespace, name: name)
        } else {
            // The plural of a kind that nobody defines here, as most authors form it.
            let plural = kind.lowercased() + (kind.lowercased().hasSuffix("s") ? "es" : "s")
            self.init(ObjectName(group: group, resource: plural, namespace: namespace, name: name), kind: kind)
        }
    }

    public init(_ object: KubernetesObject, in table: ResourceTable) {
        self.init(apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name, in: table)
    }

    /// `Deployment shop/web`
    public var description: String { "\(kind) \(name.namespace.isEmpty ? "" : name.namespace + "/")\(name.name)" }

    /// Whether an object of an estate is this one.
    func isSame(as object: KubernetesObject) -> Bool {
        object.kind == kind && object.group == name.group && object.namespace == name.namespace && object.name == name.name
    }
}

/// Where the fields of a Pod stand in the kinds that make Pods.
enum PodTemplates {
    private static let prefixes: [String: [String]] = [
        "Pod": [], "ReplicaSet": ["spec", "template"], "Deployment": ["spec", "template"], "StatefulSet": ["spec", "template"],
        "DaemonSet": ["spec", "template"], "Job": ["spec", "template"], "ReplicationController": ["spec", "template"],
        "CronJob": ["spec", "jobTemplate", "spec", "template"],
    ]

    /// As which service account the Pods of an object run, nil for kinds that make none.
    static func serviceAccount(of object: FieldValue?, in kind: String) -> String? {
        guard let prefix = prefixes[kind], let object else { return nil }
        let pod = prefix.reduce(Optional(object)) { $0?[$1] }
        guard let spec = pod?["spec"] else { return nil }
        return spec["serviceAccountName"]?.text ?? spec["serviceAccount"]?.text ?? "default"
    }

    /// The same field of the Pod in its owner's template, nil where owner or object make no Pods or the field is not the Pod's.
    static func counterpart(of path: FieldPath, in kind: String, at owner: String) -> FieldPath? {
        guard let from = prefixes[kind], let to = prefixes[owner], path.steps.count > from.count else { return nil }
        for (step, key) in zip(path.steps, from) where step != .key(.init(key)) { return nil }
        let rest = path.steps.dropFirst(from.count)
        // A Pod has a name and owners of its own; labels and annotations come from the template.
        guard case .key(let top)? = rest.first else { return nil }
        if top.text == "metadata" {
            guard rest.count > 1, case .key(let second) = rest[rest.startIndex + 1], ["labels", "annotations"].contains(second.text) else {
                return nil
            }
        } else if top.text != "spec" {
            return nil
        }
        return FieldPath(to.map { .key(.init($0)) } + rest)
    }
}
