public import Documents

/// Who is bound to which role, indexed once for an estate.
public struct AccessIndex: Sendable {
    /// A subject of a binding, or a role; `namespace` is empty for users, groups and ClusterRoles.
    public struct Name: Hashable, Sendable {
        public let kind: String
        public let namespace: String
        public let name: String

        public init(kind: String, namespace: String = "", name: String) {
            self.kind = kind
            self.namespace = namespace
            self.name = name
        }

        /// By bytes, as the API server compares: to Swift, two spellings of `é` are one text.
        public static func == (one: Name, other: Name) -> Bool {
            one.kind == other.kind && one.namespace == other.namespace && one.name.utf8.elementsEqual(other.name.utf8)
        }
    }

    private var byRole: [Name: [Int]] = [:]
    /// Bindings of one service account, however they name it.
    private var byAccount: [Name: [Int]] = [:]
    /// Bindings of all service accounts of a namespace.
    private var byNamespace: [String: [Int]] = [:]
    /// Bindings of every service account there is.
    private var ofEveryAccount: [Int] = []
    /// Namespaces whose objects of a kind the estate seems to hold, since it holds at least one.
    private var namespaces: [String: Set<String>] = [:]

    init(_ objects: [KubernetesObject]) {
        for (index, object) in objects.enumerated() {
            switch object.kind {
            case "RoleBinding", "ClusterRoleBinding":
                // A binding of the wrong shape binds nothing: the API server refuses it. Controls on bindings
                // report it as a gap.
                if object.isRBAC { try? add(object, at: index) }
            case "Role", "ClusterRole":
                if object.isRBAC { namespaces[object.kind, default: []].insert(object.namespace) }
            case "ServiceAccount": namespaces[object.kind, default: []].insert(object.namespace)
            default: break
            }
        }
    }

    private mutating func add(_ binding: KubernetesObject, at index: Int) throws(WrongType) {
        let reference = try RoleReference(of: binding)
        let subjects = try binding.bindingSubjects()
        byRole[reference.role, default: []].append(index)
        for subject in subjects {
            if let account = subject.serviceAccount {
                byAccount[Name(kind: "ServiceAccount", namespace: account.namespace, name: account.name), default: []].append(index)
            } else if subject.name.kind == "Group" {
                addGroup(subject.name.name, at: index)
            }
        }
    }

    private mutating func addGroup(_ group: String, at index: Int) {
        let prefix = "system:serviceaccounts:"
        if group == "system:serviceaccounts" || group == "system:authenticated" {
            ofEveryAccount.append(index)
        } else if group.utf8.starts(with: prefix.utf8) {
            byNamespace[String(group.dropFirst(prefix.count)), default: []].append(index)
        }
    }

    /// Whether the estate holds bindings at all, so that a role without one is really not bound.
    public var holdsBindings: Bool { !byRole.isEmpty }

    /// Whether the estate holds objects of a kind for a namespace, so that a missing one is really missing.
    /// - Parameter namespace: empty for ClusterRoles.
    public func holds(_ kind: String, in namespace: String) -> Bool {
        namespaces[kind]?.contains(namespace) ?? false
    }

    /// Indexes of the bindings of a role, in the order they were read.
    func bindings(of role: Name) -> [Int] { byRole[role] ?? [] }

    /// Indexes of the bindings of all whom a holder stands for, in the order they were read.
    func bindings(of holder: RightsHolder) -> [Int] {
        switch holder {
        case .account(let account): byAccount[account] ?? []
        case .accounts(let namespace): byNamespace[namespace] ?? []
        case .everyAccount: ofEveryAccount
        }
    }
}

/// To whom bindings give rights that a service account has. Checks ask one by one, so that an answer about a group is
/// found once and holds for all accounts in it: ten thousand bindings times ten thousand Pods are too many to look at.
public enum RightsHolder: Hashable, Sendable {
    case account(AccessIndex.Name)
    /// All service accounts of a namespace.
    case accounts(namespace: String)
    case everyAccount

    /// Through whom a service account has its rights: itself first, then its groups.
    public static func holders(ofServiceAccount name: String, in namespace: String) -> [RightsHolder] {
        [.account(AccessIndex.Name(kind: "ServiceAccount", namespace: namespace, name: name)), .accounts(namespace: namespace), .everyAccount]
    }
}

/// How far a role's rules reach, after the bindings in the estate.
public enum Reach: Sendable, Equatable {
    /// Nothing in the estate binds the role, so it gives nothing yet.
    case unbound
    /// Only RoleBindings bind it, in these namespaces.
    case namespaces(Set<String>)
    case cluster
}

extension Inventory {
    /// The bindings of a Role or ClusterRole.
    public func bindings(of role: KubernetesObject) -> [KubernetesObject] {
        access.bindings(of: .init(kind: role.kind, namespace: role.namespace, name: role.name)).map { objects[$0] }
    }

    /// Indexes of the ClusterRoleBindings that name a holder.
    public func clusterBindings(of holder: RightsHolder) -> [Int] {
        access.bindings(of: holder).filter { objects[$0].kind == "ClusterRoleBinding" }
    }

    /// The first binding of a role, and how many there are.
    public func firstBinding(of role: KubernetesObject) -> (binding: KubernetesObject, count: Int)? {
        let indexes = access.bindings(of: .init(kind: role.kind, namespace: role.namespace, name: role.name))
        return indexes.first.map { (objects[$0], indexes.count) }
    }

    /// The role a binding gives, nil when the estate does not hold it.
    public func role(of binding: KubernetesObject) throws(WrongType) -> KubernetesObject? {
        let role = try RoleReference(of: binding).role
        return object(kind: role.kind, namespace: role.namespace, name: role.name).flatMap { $0.isRBAC ? $0 : nil }
    }

    public func reach(of role: KubernetesObject) -> Reach {
        guard role.kind == "ClusterRole" else { return .namespaces([role.namespace]) }
        let bindings = bindings(of: role)
        if bindings.isEmpty { return .unbound }
        if bindings.contains(where: { $0.kind == "ClusterRoleBinding" }) { return .cluster }
        return .namespaces(Set(bindings.map(\.namespace)))
    }
}
