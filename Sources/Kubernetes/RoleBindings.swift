public import Documents

/// `roleRef` of a binding.
public struct RoleReference: Sendable {
    public let node: Value
    public let role: AccessIndex.Name

    public init(of binding: KubernetesObject) throws(WrongType) {
        node = binding.root["roleRef"]
        let kind = try node["kind"].string() ?? ""
        role = AccessIndex.Name(kind: kind, namespace: kind == "Role" ? binding.namespace : "", name: try node["name"].string() ?? "")
    }
}

/// One subject of a binding.
public struct BindingSubject: Sendable {
    public let node: Value
    public let name: AccessIndex.Name

    /// A service account without a namespace is one of the RoleBinding's own namespace; in a ClusterRoleBinding the API server
    /// refuses it. Source: kubernetes `plugin/pkg/auth/authorizer/rbac` and `pkg/apis/rbac/validation`.
    public init(_ node: Value, in binding: KubernetesObject) throws(WrongType) {
        self.node = node
        let kind = try node["kind"].string() ?? ""
        let namespace = try node["namespace"].string() ?? ""
        let isAccount = kind == "ServiceAccount"
        name = AccessIndex.Name(
            kind: kind, namespace: isAccount ? (namespace.isEmpty ? binding.namespace : namespace) : "", name: try node["name"].string() ?? "")
    }

    /// `Group system:masters`, `ServiceAccount shop/web`.
    public var displayName: String { "\(name.kind) \(name.namespace.isEmpty ? "" : name.namespace + "/")\(name.name)" }

    /// The namespace of the service account this is, however it is written: as such, or as the user
    /// `system:serviceaccount:<namespace>:<name>`. nil when it is none.
    public var serviceAccount: (namespace: String, name: String)? {
        if name.kind == "ServiceAccount" { return (name.namespace, name.name) }
        let prefix = "system:serviceaccount:"
        guard name.kind == "User", name.name.utf8.starts(with: prefix.utf8) else { return nil }
        let parts = name.name.dropFirst(prefix.count).split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
}

extension KubernetesObject {
    /// The subjects of a RoleBinding or ClusterRoleBinding.
    public func bindingSubjects() throws(WrongType) -> [BindingSubject] {
        var subjects: [BindingSubject] = []
        for node in try root["subjects"].items() { subjects.append(try BindingSubject(node, in: self)) }
        return subjects
    }
}
