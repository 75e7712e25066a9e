/// One thing that somebody may or may not do, in the words of RBAC.
public struct Permission: Sendable, Hashable, CustomStringConvertible {
    public var verb: String
    public var group: String
    /// `pods`, `deployments/status`.
    public var resource: String
    /// nil means the whole cluster, for resources outside namespaces too.
    public var namespace: String?
    public var name: String?

    public init(_ verb: String, _ resource: String, group: String = "", namespace: String? = nil, name: String? = nil) {
        (self.verb, self.group, self.resource, self.namespace, self.name) = (verb, group, resource, namespace, name)
    }

    /// `list deployments.apps in the whole cluster`, `get secrets 'login' in namespace shop`.
    public var description: String {
        let resource = group.isEmpty ? self.resource : "\(self.resource).\(group)"
        let name = name.map { " '\($0)'" } ?? ""
        return "\(verb) \(resource)\(name) \(namespace.map { "in namespace \($0)" } ?? "in the whole cluster")"
    }
}
