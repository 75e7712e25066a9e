import Kubernetes

/// Verbs as one number, so that a rule is compared with all permissions at the price of one.
struct Verbs: OptionSet, Hashable, Sendable {
    let rawValue: UInt16

    static let get = Verbs(rawValue: 1 << 0)
    static let list = Verbs(rawValue: 1 << 1)
    static let watch = Verbs(rawValue: 1 << 2)
    static let create = Verbs(rawValue: 1 << 3)
    static let update = Verbs(rawValue: 1 << 4)
    static let patch = Verbs(rawValue: 1 << 5)
    static let bind = Verbs(rawValue: 1 << 6)
    static let escalate = Verbs(rawValue: 1 << 7)
    static let impersonate = Verbs(rawValue: 1 << 8)
    static let approve = Verbs(rawValue: 1 << 9)
    /// The wildcard itself, not a list that happens to name all verbs known here.
    static let every = Verbs(rawValue: 1 << 10)

    static let read: Verbs = [.get, .list, .watch]
    /// Changes an object that is there.
    static let change: Verbs = [.update, .patch]
    static let write: Verbs = [.create, .update, .patch]
    /// What `*` stands for.
    static let wildcard = Verbs(rawValue: .max)

    static let byName: [String: Verbs] = [
        "get": .get, "list": .list, "watch": .watch, "create": .create, "update": .update, "patch": .patch, "bind": .bind, "escalate": .escalate,
        "impersonate": .impersonate, "approve": .approve, "*": .wildcard,
    ]

    /// As rules write them, in the order of their definition.
    var names: [String] {
        if self == .every { return ["*"] }
        return Verbs.order.filter { contains($0.verb) }.map(\.name)
    }

    private static let order: [(name: String, verb: Verbs)] = byName.filter { $0.value != .wildcard }.map { ($0.key, $0.value) }
        .sorted { $0.verb.rawValue < $1.verb.rawValue }
}

/// Verbs on one resource, any of which will do.
struct Permission: Hashable, Sendable {
    let verbs: Verbs
    let resource: APIResource

    init(_ verbs: Verbs, _ group: String, _ path: String, clusterScoped: Bool = false) {
        self.verbs = verbs
        resource = APIResource(group, path, clusterScoped: clusterScoped)
    }

    /// Requests to create an object carry no name, so a rule with names never allows them; to create something below an object
    /// (`pods/exec`) carries its name. The approver of node certificates asks without a name too.
    var isCreatedWithoutName: Bool { resource.subresource.isEmpty || resource.subresource == "nodeclient" }
}

/// One right that a technique needs: any of several permissions, by one rule.
struct Need: Hashable, Sendable {
    /// What a list of resource names in the rule means.
    enum Names: Hashable, Sendable {
        /// It limits what the technique reaches.
        case limit
        /// One object is as good as all.
        case ignored
        /// A rule with names does not count.
        case forbidden
        /// The rule must cover one of these.
        case oneOf([String])
    }

    let names: Names
    let permissions: [Permission]

    init(_ names: Names = .forbidden, _ permissions: Permission...) {
        self.names = names
        self.permissions = permissions
    }

    init(_ names: Names, _ permissions: [Permission]) {
        self.names = names
        self.permissions = permissions
    }

    /// Only a ClusterRoleBinding gives it.
    var isClusterScoped: Bool { permissions.allSatisfy(\.resource.isClusterScoped) }
}
