internal import Documents

/// What kubeconfig files say, merged.
public struct Kubeconfig: Sendable {
    var clusters: [String: Cluster] = [:]
    var users: [String: User] = [:]
    var contexts: [String: Context] = [:]
    var currentContext: String?

    /// Bytes that stand in the file itself or in one beside it. What stands inside wins, as kubectl has it.
    enum Material: Sendable, Equatable {
        case data([UInt8])
        case file(String)
    }

    struct Cluster: Sendable {
        /// `file:line:column` of the entry, for errors.
        var place: String
        var server: String?
        var serverName: String?
        var isInsecure = false
        var authority: Material?
        var proxy: String?
        /// What the cluster has to say to exec plugins.
        var execSettings: ManifestText?
    }

    struct User: Sendable {
        var place: String
        var certificate: Material?
        var key: Material?
        var token: Secret?
        var tokenFile: String?
        var exec: ExecPlugin?
        var impersonation = Impersonation()
        /// Why this user cannot be used. Said when it is asked for: kubectl too minds only the entries in use.
        var fault: String?
    }

    struct Context: Sendable {
        var place: String
        var cluster: String
        var user: String
        var namespace: String?
    }

    public init() {}

    /// The names of all contexts, sorted.
    public var contextNames: [String] { contexts.keys.sorted() }

    /// Several files as one. For each name, and for the current context, the first file that has it is taken whole: nothing of a
    /// later entry of the same name is added. kubectl's rule for `KUBECONFIG`.
    public static func merged(_ files: [Kubeconfig]) -> Kubeconfig {
        files.reduce(into: Kubeconfig()) { all, file in
            all.clusters.merge(file.clusters) { first, _ in first }
            all.users.merge(file.users) { first, _ in first }
            all.contexts.merge(file.contexts) { first, _ in first }
            all.currentContext = all.currentContext ?? file.currentContext
        }
    }
}

/// As whom requests are to be made instead of oneself.
public struct Impersonation: Sendable, Equatable {
    public var user: String?
    public var groups: [String]
    public var uid: String?
    public var extra: [String: [String]]

    public init(user: String? = nil, groups: [String] = [], uid: String? = nil, extra: [String: [String]] = [:]) {
        (self.user, self.groups, self.uid, self.extra) = (user, groups, uid, extra)
    }
}
