internal import Documents

/// Who a token belongs to, by the server that issued or accepts it.
public struct TokenIdentity: Sendable, Equatable {
    public var user: String
    public var uid: String
    public var groups: [String]
    /// What else the authenticator knows, such as the Pod of a service account's token. Some authorizers decide by it.
    public var extra: [String: [String]]

    public init(user: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        (self.user, self.uid, self.groups, self.extra) = (user, uid, groups, extra)
    }
}

/// What an authorizer answers.
public struct AccessAnswer: Sendable, Equatable {
    public var isAllowed: Bool
    /// Why, where the authorizer says so.
    public var reason: String

    public init(isAllowed: Bool, reason: String = "") { (self.isAllowed, self.reason) = (isAllowed, reason) }
}

extension ClusterClient {
    /// Whether somebody else may: `SubjectAccessReview`.
    public func may(_ identity: TokenIdentity, _ permission: Permission) async throws(ClusterError) -> AccessAnswer {
        let spec = ManifestText.map([.init("resourceAttributes", permission.attributes)] + identity.attributes)
        return try await review("subjectaccessreviews", "SubjectAccessReview", spec)
    }

    /// Whether somebody else may do something with a path that is no resource, such as `get /metrics`: `nonResourceAttributes`.
    public func may(_ identity: TokenIdentity, verb: String, path: String) async throws(ClusterError) -> AccessAnswer {
        let attributes = ManifestText.map([.init("verb", .text(verb)), .init("path", .text(path))])
        let spec = ManifestText.map([.init("nonResourceAttributes", attributes)] + identity.attributes)
        return try await review("subjectaccessreviews", "SubjectAccessReview", spec)
    }

    /// Whose token this is: `TokenReview`; nil when the server does not accept it.
    ///
    /// - Parameter audiences: for whom the token must be; empty means the API server.
    public func identity(of token: Secret, audiences: [String] = []) async throws(ClusterError) -> TokenIdentity? {
        var spec: [ManifestText.Entry] = [.init("token", .text(token.text))]
        if !audiences.isEmpty { spec.append(.init("audiences", .list(audiences.map { .text($0) }))) }
        let status = try await status("authentication.k8s.io", "tokenreviews", "TokenReview", .map(spec))
        do {
            guard try status["authenticated"].bool() == true else { return nil }
            // A server that knows nothing of audiences would accept a token for anybody.
            guard try audiences.isEmpty || status["audiences"].strings().contains(where: audiences.contains) else { return nil }
            let user = status["user"]
            // Somebody without a name is nobody: no authorizer should be asked about the empty one.
            guard let name = try user["username"].string(), !name.isEmpty else { return nil }
            var extra: [String: [String]] = [:]
            for entry in try user["extra"].entries() { extra[entry.key] = try entry.strings() }
            return TokenIdentity(user: name, uid: try user["uid"].string() ?? "", groups: try user["groups"].strings(), extra: extra)
        } catch {
            throw ClusterError(.malformed, "create tokenreviews: the answer cannot be read")
        }
    }

    private func review(_ resource: String, _ kind: String, _ spec: ManifestText) async throws(ClusterError) -> AccessAnswer {
        let status = try await status("authorization.k8s.io", resource, kind, spec)
        do {
            let isAllowed = try status["allowed"].bool() == true
            // Denied stands above allowed, whatever an authorizer says of both.
            let isDenied = try status["denied"].bool() == true
            return AccessAnswer(isAllowed: isAllowed && !isDenied, reason: try status["reason"].string() ?? "")
        } catch {
            throw ClusterError(.malformed, "create \(resource): the answer cannot be read")
        }
    }

    private func status(_ group: String, _ name: String, _ kind: String, _ spec: ManifestText) async throws(ClusterError) -> Value {
        let resource = Resource(group: group, version: "v1", name: name, kind: kind, isNamespaced: false)
        let manifest = ManifestText.map([
            .init("apiVersion", .text(resource.apiVersion)), .init("kind", .text(kind)), .init("spec", spec),
        ])
        return try await create(manifest, resource)["status"]
    }
}

extension TokenIdentity {
    /// As the spec of a `SubjectAccessReview` has them.
    fileprivate var attributes: [ManifestText.Entry] {
        let extra = extra.sorted { $0.key < $1.key }.map { ManifestText.Entry($0.key, .list($0.value.map { .text($0) })) }
        return [
            .init("user", .text(user)), .init("uid", .text(uid)), .init("groups", .list(groups.map { .text($0) })), .init("extra", .map(extra)),
        ]
    }
}

extension Permission {
    /// `ResourceAttributes`.
    fileprivate var attributes: ManifestText {
        let parts = resource.split(separator: "/", maxSplits: 1)
        var entries: [ManifestText.Entry] = [
            .init("verb", .text(verb)), .init("group", .text(group)), .init("resource", .text(parts.first.map(String.init) ?? "")),
        ]
        if parts.count > 1 { entries.append(.init("subresource", .text(String(parts[1])))) }
        if let namespace { entries.append(.init("namespace", .text(namespace))) }
        if let name { entries.append(.init("name", .text(name))) }
        return .map(entries)
    }
}
