/// A set of namespaces whose workloads must not reach those of other tenants.
public struct Tenant: Sendable, Equatable {
    public let name: String
    public let namespaces: [Pattern]
    /// Names of other tenants that this one is meant to reach, such as one that serves all.
    public let mayReach: [String]

    public init(name: String, namespaces: [Pattern], mayReach: [String] = []) {
        self.name = name
        self.namespaces = namespaces
        self.mayReach = mayReach
    }
}

/// All tenants of an estate.
public struct Tenants: Sendable, Equatable {
    public let all: [Tenant]

    public init(_ all: [Tenant] = []) { self.all = all }

    public var isEmpty: Bool { all.isEmpty }

    /// Index of the tenant that a namespace belongs to: the one with the exact name, otherwise the one with the longest
    /// beginning. nil for namespaces of nobody, such as those of the platform.
    public func tenant(of namespace: String) -> Int? {
        var best: (tenant: Int, length: Int)?
        for (index, tenant) in all.enumerated() {
            for pattern in tenant.namespaces where pattern.matches(namespace) {
                let length = pattern.isExact ? Int.max : pattern.description.utf8.count
                if length > best?.length ?? -1 { best = (index, length) }
            }
        }
        return best?.tenant
    }

    /// Whether one tenant is meant to reach another.
    public func mayReach(from one: Int, to other: Int) -> Bool {
        one == other || all[one].mayReach.contains(all[other].name)
    }
}
