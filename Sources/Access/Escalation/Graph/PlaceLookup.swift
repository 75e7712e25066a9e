import Kubernetes

/// `resourceNames` of a rule.
struct ResourceNames: Sendable {
    let list: [String]
    private let set: Set<String>

    init(_ names: [String]) {
        set = Set(names)
        list = set.sorted()
    }

    func contains(_ name: String) -> Bool { set.contains(name) }

    /// Names that both have.
    func intersection(_ other: ResourceNames) -> ResourceNames { ResourceNames(list.filter(other.contains)) }
}

/// Finds what names in rules mean in an estate: Pods, service accounts, Secrets and Roles of a namespace, or of all.
struct PlaceLookup: Sendable {
    /// Indexes of things of one kind, by namespace and by name.
    struct Table: Sendable {
        private(set) var byNamespace: [[Int32]]
        private var byName: [Named: [Int32]] = [:]
        private var names: [String] = []

        fileprivate struct Named: Hashable {
            let namespace: Int32
            let name: String
        }

        fileprivate init(_ namespaces: Int) { byNamespace = Array(repeating: [], count: namespaces) }

        /// Things come in the order of their indexes; every namespace of an object is listed, so what has none does not exist.
        fileprivate mutating func add(_ index: Int32, _ namespace: Int32?, _ name: String) {
            names += Array(repeating: "", count: Int(index) + 1 - names.count)
            names[Int(index)] = name
            guard let namespace else { return }
            byNamespace[Int(namespace)].append(index)
            byName[Named(namespace: namespace, name: name), default: []].append(index)
            byName[Named(namespace: EscalationGraph.everywhere, name: name), default: []].append(index)
        }

        func all(in namespace: Int32) -> [Int32] { namespace < 0 ? byNamespace.flatMap { $0 } : byNamespace[Int(namespace)] }

        func named(_ name: String, in namespace: Int32) -> [Int32] { byName[Named(namespace: namespace, name: name)] ?? [] }

        /// Ascending. Walks over the names or over the namespace, whichever is shorter, since both may be long many times.
        func named(_ names: ResourceNames, in namespace: Int32) -> [Int32] {
            if namespace >= 0, byNamespace[Int(namespace)].count < names.list.count {
                return byNamespace[Int(namespace)].filter { names.contains(self.names[Int($0)]) }
            }
            return names.list.flatMap { named($0, in: namespace) }.sorted()
        }
    }

    /// Subjects of the graph that are service accounts.
    let accounts: Table
    /// Pods of the facts.
    let pods: Table
    /// Of the facts.
    let tokenSecrets: Table
    /// Roles of the policy, ClusterRoles apart.
    let roles: Table
    let users: [Int32]
    let groups: [Int32]
    private let isNamed: [Bool]

    init(_ graph: EscalationGraph, _ namespaces: [String: Int32]) {
        var accounts = Table(graph.namespaces.count)
        var (pods, secrets, roles) = (accounts, accounts, accounts)
        var (users, groups): ([Int32], [Int32]) = ([], [])
        for (index, subject) in graph.subjects.enumerated() {
            switch subject.kind {
            case .user: users.append(Int32(index))
            case .group: groups.append(Int32(index))
            case .serviceAccount: accounts.add(Int32(index), namespaces[subject.namespace], subject.name)
            }
        }
        for (index, pod) in graph.facts.pods.enumerated() { pods.add(Int32(index), namespaces[pod.namespace], pod.name) }
        for (index, secret) in graph.facts.tokenSecrets.enumerated() { secrets.add(Int32(index), namespaces[secret.namespace], secret.name) }
        for (index, role) in graph.policy.roles.enumerated() where role.name.kind == "Role" {
            roles.add(Int32(index), namespaces[role.name.namespace], role.name.name)
        }
        (self.accounts, self.pods, self.roles, self.users, self.groups) = (accounts, pods, roles, users, groups)
        tokenSecrets = secrets
        isNamed = graph.facts.pods.map(\.isNamed)
    }

    /// Pods with these names, and those of workloads after which Pods with these names may be called: `web-7d4b9-x2x` belongs
    /// to the Deployment `web`.
    func pods(named names: ResourceNames, in namespace: Int32) -> [Int32] {
        if namespace >= 0, pods.byNamespace[Int(namespace)].isEmpty { return [] }
        var found: Set<Int32> = []
        // No Pod has a longer name.
        for name in names.list where name.utf8.count <= 253 {
            found.formUnion(pods.named(name, in: namespace).filter { isNamed[Int($0)] })
            var rest = name[...]
            while let dash = rest.lastIndex(of: "-") {
                rest = rest[..<dash]
                found.formUnion(pods.named(String(rest), in: namespace).filter { !isNamed[Int($0)] })
            }
        }
        return found.sorted()
    }
}
