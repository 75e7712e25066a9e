public import Controls

/// An authenticated identity and the party it belongs to.
public struct Principal: Sendable, Equatable {
    public enum Identity: Sendable, Hashable {
        case user(Pattern)
        case group(Pattern)
        /// `namespace/name`
        case serviceAccount(Pattern)
        /// An identity of the cloud, as its trail names it: a service, an ARN, `role/…` or `user/…`.
        case cloud(Pattern)
    }

    public let identity: Identity
    public let party: Party
    /// Names this identity's client writes into `managedFields`. Any client can choose any of these names,
    /// so they are a hint for people and decide nothing in favour of a customer.
    public let managers: [Pattern]
    /// For identities of a cloud: whoever administers the account could act as it too, so that it proves nothing.
    public let isAssumable: Bool
    /// Ids of `ResponsibilityModel.sources`.
    public let sources: [String]

    public init(identity: Identity, party: Party, managers: [Pattern] = [], isAssumable: Bool = false, sources: [String] = []) {
        self.identity = identity
        self.party = party
        self.managers = managers
        self.isAssumable = isAssumable
        self.sources = sources
    }

    /// `user:system:kube-scheduler`
    public var name: String {
        switch identity {
        case .user(let pattern): "user:\(pattern)"
        case .group(let pattern): "group:\(pattern)"
        case .serviceAccount(let pattern): "serviceAccount:\(pattern)"
        case .cloud(let pattern): "cloud:\(pattern)"
        }
    }

    /// - Parameters: as the API server authenticated them, never as an object states them.
    public func matches(user: String, groups: [String]) -> Bool {
        switch identity {
        case .user(let pattern): return pattern.matches(user)
        case .group(let pattern): return groups.contains { pattern.matches($0) }
        case .cloud: return false
        case .serviceAccount(let pattern):
            let parts = user.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else { return false }
            return pattern.matches("\(parts[2])/\(parts[3])")
        }
    }
}

extension ResponsibilityModel {
    /// The first principal an authenticated identity matches.
    public func principal(user: String, groups: [String]) -> Principal? {
        principals.first { $0.matches(user: user, groups: groups) }
    }
}

/// A label or annotation that charts and add-on managers leave on objects. Anybody who may write the object
/// may write the mark, so it never moves a finding to the provider outside system namespaces.
public struct Origin: Sendable, Equatable {
    public enum Place: Sendable, Hashable { case label, annotation }

    public let place: Place
    public let key: String
    public let value: Pattern
    public let party: Party
    public let title: String
    public let sources: [String]

    public init(place: Place, key: String, value: Pattern, party: Party, title: String, sources: [String] = []) {
        self.place = place
        self.key = key
        self.value = value
        self.party = party
        self.title = title
        self.sources = sources
    }
}

/// A condition that moves responsibility.
public struct Transfer: Sendable, Equatable {
    public enum Condition: String, Sendable, CaseIterable {
        /// A network plugin other than the platform's.
        case ownNetworkPlugin
        case customNodeImage
        /// A component of the platform that somebody changed.
        case modifiedComponent
        /// A component in a system namespace that a customer installed.
        case selfInstalledComponent
        /// Nodes outside the provider's premises, edge nodes.
        case externalNode
        case unsafeSysctl
        case ownershipMarkRemoved
        case clusterAdminGranted
        /// The fix is out; the Pod or node was not re-created.
        case fixNotRolledOut
        /// The vendor's fix is out, but its own window for it is not over.
        case fixInVendorWindow
        case noUpstreamFix
        /// A partner's privileged workload that an allowlist lets in.
        case partnerWorkload

        /// Whether manifests alone can show it. The others need a node, an advisory or an audit log.
        public var isVisibleInManifests: Bool {
            switch self {
            case .ownNetworkPlugin, .modifiedComponent, .selfInstalledComponent, .unsafeSysctl, .partnerWorkload: true
            default: false
            }
        }
    }

    public let condition: Condition
    public let party: Party
    public let title: String
    /// For `modifiedComponent`: what tools people change objects with write into `managedFields`.
    public let managers: [Pattern]
    public let sources: [String]

    public init(condition: Condition, party: Party, title: String, managers: [Pattern] = [], sources: [String] = []) {
        self.condition = condition
        self.party = party
        self.title = title
        self.managers = managers
        self.sources = sources
    }
}
