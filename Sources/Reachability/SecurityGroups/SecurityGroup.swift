public import Documents
public import Kubernetes

/// A security group as its cloud describes it: a firewall of network interfaces, those of Pods among them.
public struct SecurityGroup: Sendable {
    /// Alibaba Cloud's two types, which differ in what happens to traffic that no rule is about. A group is named by this type
    /// in the list of groups only.
    public enum Kind: String, Sendable {
        case basic = "normal"
        case enterprise
    }

    public let id: String
    public let cloud: Cloud
    /// As the customer or the platform called it. Anybody who may make a group may choose it.
    public let name: String
    public let vpc: String
    /// nil on AWS, and where the list of groups is not in the estate.
    public internal(set) var kind: Kind?
    /// Alibaba Cloud's `InnerAccessPolicy`: members of a basic group reach each other, whatever its rules say.
    public let isOpenInside: Bool
    public internal(set) var tags: [String]
    /// A service of Alibaba Cloud keeps the group; the account that owns it can look but change nothing.
    public internal(set) var isManaged: Bool
    public internal(set) var rules: [SecurityGroupRule]
    let rulesByPlace: [Int]
    /// Rules that could not be read.
    public internal(set) var malformed: [WrongType]
    /// Whether `rules` are all there are, as far as the document tells.
    public let isComplete: Bool
    /// Directions whose rules the document does not list.
    public let unlisted: [GroupRule.Direction]
    /// Index of the group's document into the inventory.
    public let object: Int
    public let root: Value

    /// Whether nothing of the group's rules of a direction is left unknown.
    public func isReadable(_ direction: GroupRule.Direction) -> Bool {
        isComplete && malformed.isEmpty && !unlisted.contains(direction) && rules.count <= SecurityGroup.mostRules
    }

    /// What one interface can hold of rules, in all its groups: 1,000 on AWS (VPC user guide, "Amazon VPC quotas"), 500 in each
    /// direction on Alibaba Cloud (ECS, "Limits"). A list that is longer is no group; its rules are judged one by one only.
    static let mostRules = 2_000

    /// The rule that holds a place of the group's document.
    public func rule(at place: Value) -> SecurityGroupRule? {
        // A list may hold a hundred thousand rules, each with a finding.
        var (low, high) = (0, rulesByPlace.count)
        while low < high {
            let middle = (low + high) / 2
            if rules[rulesByPlace[middle]].place.identity <= place.identity { low = middle + 1 } else { high = middle }
        }
        var found: SecurityGroupRule?
        while low > 0 {
            low -= 1
            let rule = rules[rulesByPlace[low]]
            guard place.isInside(rule.place) else { break }
            if place.isInside(rule.peerPlace) { return rule }
            found = rule
        }
        return found
    }

    static func numbered(_ rules: [SecurityGroupRule]) -> [SecurityGroupRule] {
        var rules = rules
        for index in rules.indices { rules[index].index = index }
        return rules
    }

    /// Indexes of the rules in the order in which they stand in the document.
    static func order(_ rules: [SecurityGroupRule]) -> [Int] {
        rules.indices.sorted { (rules[$0].place.identity, $0) < (rules[$1].place.identity, $1) }
    }

    /// Whether the group carries something that nobody but its platform can write.
    public func carries(_ mark: PlatformGroups.Mark) -> Bool {
        switch mark {
        case .tag(let key): cloud.reserves(tag: key) && tags.contains(key)
        case .managed: isManaged
        }
    }
}

/// One rule of a group, with its places in the group's document.
public struct SecurityGroupRule: Sendable {
    public let rule: GroupRule
    /// As the cloud numbers rules; empty where the document does not tell.
    public internal(set) var id: String
    public let place: Value
    /// Where the addresses or the group of the other side stand.
    public let peerPlace: Value
    /// Where the ports stand, or the protocol of a rule without ports.
    public let portPlace: Value
    /// The rule asks for something more that the estate cannot show, such as the address of the interface itself.
    public let isConditional: Bool
    /// Position among the rules of its group.
    var index = 0

    /// The connections the rule is about. ICMP and others without ports are none of them.
    public var connections: ConnectionSet {
        switch rule.protocol {
        case .all: .all
        case .tcp: ConnectionSet(.tcp, ports)
        case .udp: ConnectionSet(.udp, ports)
        case .sctp: ConnectionSet(.sctp, .allPorts)
        case .icmp, .icmpv6, .gre, .number: .none
        }
    }

    private var ports: PortSet {
        guard case .range(let first, let last) = rule.ports, first <= last else { return .allPorts }
        return PortSet(first...last).intersection(.allPorts)
    }

    /// The addresses the rule is about; nil where only the cloud knows them.
    public var addresses: AddressSet? {
        switch rule.peer {
        case .addresses(let range): AddressSet(range)
        case .group, .itself: .empty
        case .prefixList: nil
        }
    }

    /// Whether the other side is more of the Internet than anyone owns, in one rule.
    public var isInternetWide: Bool {
        guard case .addresses(let range) = rule.peer else { return false }
        return range.isInternetWide
    }
}

/// A rule read from whatever holds it.
public struct ReadRule: Sendable {
    public let rule: GroupRule
    let peerPlace: Value
    let portPlace: Value
    var isConditional = false
}
