/// A resource as an API server offers it, with the version to ask for.
public struct Resource: Sendable, Hashable {
    /// Empty for the core group.
    public var group: String
    public var version: String
    /// `deployments`.
    public var name: String
    public var kind: String
    public var isNamespaced: Bool
    public var verbs: [String]

    public init(group: String = "", version: String, name: String, kind: String, isNamespaced: Bool, verbs: [String] = []) {
        (self.group, self.version, self.name, self.kind) = (group, version, name, kind)
        (self.isNamespaced, self.verbs) = (isNamespaced, verbs)
    }

    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path of all objects, of those of a namespace, or of one.
    func path(namespace: String? = nil, name object: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(APIRequest.encoded(group))/\(version)"
        if isNamespaced, let namespace { path += "/namespaces/\(APIRequest.encoded(namespace))" }
        path += "/\(APIRequest.encoded(name))"
        if let object { path += "/\(APIRequest.encoded(object))" }
        if let subresource { path += "/\(subresource)" }
        return path
    }

    func permission(_ verb: String, namespace: String? = nil, name object: String? = nil, subresource: String? = nil) -> Permission {
        Permission(
            verb, subresource.map { "\(name)/\($0)" } ?? name, group: group, namespace: isNamespaced ? namespace : nil, name: object)
    }
}
