/// A resource of the API as discovery describes it: its names, where its objects live and what lies below it.
public struct ServedResource: Sendable, Hashable {
    /// Empty for the core group.
    public let group: String
    /// The name in paths and rules: `deployments`.
    public let plural: String
    /// The name of one: `deployment`, the kind in lower case unless a definition says otherwise.
    public let singular: String
    /// `deploy`.
    public let shortNames: [String]
    public let kind: String
    /// Objects live outside namespaces.
    public let isClusterScoped: Bool
    /// What lies below an object: `status`, `scale`. `*` alone stands for any.
    public let subresources: [String]
    /// How sure a name means this resource when others have it too.
    public let standing: Standing

    public enum Standing: Int, Sendable, Comparable {
        /// Every API server serves it.
        case served
        /// A definition in the estate makes it.
        case defined
        /// Only with a feature gate, or in alpha and beta groups that must be switched on.
        case gated
        /// Known to the authorizer alone, such as `users` to be impersonated; nothing is served under that name.
        case virtual
        /// Older versions served it.
        case former

        public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
    }

    init(
        group: String, plural: String, singular: String? = nil, shortNames: [String] = [], kind: String, isClusterScoped: Bool,
        subresources: [String] = [], standing: Standing
    ) {
        self.group = group
        self.plural = plural
        self.singular = singular ?? kind.lowercased()
        self.shortNames = shortNames
        self.kind = kind
        self.isClusterScoped = isClusterScoped
        self.subresources = subresources
        self.standing = standing
    }

    public func hasSubresource(_ name: String) -> Bool { subresources.contains(name) || subresources == ["*"] }

    /// The resource, or one below it, as access rules name it.
    /// - Parameter subresource: empty for the resource itself.
    public func resource(_ subresource: String = "") -> APIResource {
        APIResource(group, subresource.isEmpty ? plural : "\(plural)/\(subresource)", clusterScoped: isClusterScoped)
    }

    // MARK: - The table

    /// What Kubernetes itself serves or has served, groups in the order in which discovery prefers them.
    public static let builtIn: [ServedResource] = servedResourceTable.split(separator: "\n").reduce(into: Reading()) { $0.take($1) }.resources

    private struct Reading {
        var resources: [ServedResource] = []
        private var group = ""

        /// `= group`, or `plural Kind short,names flags subresources`, `-` standing for nothing.
        mutating func take(_ line: Substring) {
            let words = line.split(separator: " ").map(String.init)
            if words[0] == "=" {
                group = words.count > 1 ? words[1] : ""
                return
            }
            guard words.count == 5 else { return }
            func list(_ word: String) -> [String] { word == "-" ? [] : word.split(separator: ",").map(String.init) }
            let flags = words[3]
            let standing: Standing = flags.contains("g") ? .gated : flags.contains("v") ? .virtual : flags.contains("f") ? .former : .served
            resources.append(
                ServedResource(
                    group: group, plural: words[0], shortNames: list(words[2]), kind: words[1], isClusterScoped: flags.contains("c"),
                    subresources: list(words[4]), standing: standing))
        }
    }
}
