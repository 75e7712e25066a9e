/// Who sends a request, as the API server has authenticated them.
public struct Requester: Hashable, Sendable {
    public let user: String
    /// With the groups that follow from the user's name, sorted.
    public let groups: [String]

    /// - Parameter groups: those that the credential names; the implied ones are added.
    public init(user: String, groups: [String] = []) {
        self.user = user
        var all = Set(groups)
        if let account = ServiceAccountName(user: user) {
            all.formUnion(["system:serviceaccounts", "system:serviceaccounts:\(account.namespace)"])
        }
        // Whoever has proven a name is authenticated, unless the groups say otherwise.
        if user == Requester.anonymous {
            all.insert(Requester.unauthenticatedGroup)
        } else if !all.contains(Requester.unauthenticatedGroup) {
            all.insert(Requester.authenticatedGroup)
        }
        self.groups = all.sorted()
    }

    public static let anonymous = "system:anonymous"
    public static let authenticatedGroup = "system:authenticated"
    public static let unauthenticatedGroup = "system:unauthenticated"
    /// Its members pass before any role is looked at, so no role or binding takes anything from them.
    /// Source: kubernetes `pkg/kubeapiserver/authorizer`, which puts this group in front of all authorizers.
    public static let mastersGroup = "system:masters"
}

/// A service account, as bindings name it and as the API server calls it: `system:serviceaccount:<namespace>:<name>`.
public struct ServiceAccountName: Hashable, Sendable {
    public let namespace: String
    public let name: String

    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// nil when the user is no service account.
    public init?(user: String) {
        guard user.utf8.starts(with: ServiceAccountName.prefix.utf8) else { return nil }
        let parts = user.utf8.dropFirst(ServiceAccountName.prefix.utf8.count).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        namespace = String(decoding: parts[0], as: UTF8.self)
        name = String(decoding: parts[1], as: UTF8.self)
    }

    public var user: String { "\(ServiceAccountName.prefix)\(namespace):\(name)" }

    private static let prefix = "system:serviceaccount:"
}
