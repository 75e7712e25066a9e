/// What a rule of a security group lets through or drops: all that makes two rules the same one.
///
/// The clouds write the same rule in many ways (`TCP`, `tcp` or `6`; `1/65535`, `0`–`65535` or `-1/-1`). Here each has one
/// form, so that a rule in a group, in an event of a trail and in a model can be compared.
public struct GroupRule: Sendable, CustomStringConvertible {
    public enum Direction: String, Sendable, CaseIterable {
        case ingress, egress
    }

    public enum Ports: Hashable, Sendable {
        case all
        case range(UInt16, UInt16)
        /// Type and code of ICMP messages, −1 for every code.
        case messages(type: Int, code: Int)
    }

    public enum Peer: Hashable, Sendable {
        case addresses(AddressRange)
        /// Another group, by id.
        case group(String)
        /// The group that holds the rule.
        case itself
        /// A list of ranges that is kept elsewhere, by id.
        case prefixList(String)
    }

    public let direction: Direction
    public let `protocol`: RuleProtocol
    public let ports: Ports
    public let peer: Peer
    /// The peer as it was written, for people.
    public let peerText: String
    /// Lets through what it matches; otherwise drops it, which only Alibaba Cloud has.
    public let isAllowing: Bool
    /// 1 counts first; always 1 where a cloud has no priorities.
    public let priority: Int

    /// - Parameters:
    ///   - ports: of a protocol that has none, they mean nothing and are left out.
    public init(
        _ direction: Direction, _ protocol: RuleProtocol, _ ports: Ports, peer: Peer, written peerText: String, isAllowing: Bool = true,
        priority: Int = 1
    ) {
        self.direction = direction
        self.protocol = `protocol`
        self.ports = `protocol`.normal(ports)
        self.peer = peer
        self.peerText = peerText
        self.isAllowing = isAllowing
        self.priority = priority
    }

    /// `ingress tcp 22 from 0.0.0.0/0`, `egress all to itself`.
    public var description: String {
        let action = isAllowing ? "" : "drop "
        let ports = portText.map { " " + $0 } ?? ""
        let side = (direction == .ingress ? "from " : "to ") + (peer == .itself ? "itself" : peerText)
        return "\(action)\(direction.rawValue) \(`protocol`)\(ports) \(side)"
    }

    /// `22`, `8000-8080`; nil for all.
    public var portText: String? {
        switch ports {
        case .all: nil
        case .range(let first, let last): first == last ? "\(first)" : "\(first)-\(last)"
        case .messages(let type, let code): code < 0 ? "type \(type)" : "type \(type) code \(code)"
        }
    }
}

extension GroupRule: Hashable {
    public static func == (one: GroupRule, other: GroupRule) -> Bool {
        one.isLike(other) && one.priority == other.priority
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(direction)
        hasher.combine(`protocol`)
        hasher.combine(ports)
        hasher.combine(peer)
    }

    /// Whether both say the same, whichever counts first.
    public func isLike(_ other: GroupRule) -> Bool {
        direction == other.direction && `protocol` == other.protocol && ports == other.ports && peer == other.peer
            && isAllowing == other.isAllowing
    }
}

/// The protocol of a rule in its one form.
public enum RuleProtocol: Hashable, Sendable, CustomStringConvertible {
    case all, tcp, udp, icmp, icmpv6, gre, sctp
    /// Any other, by the number that IANA gave it.
    case number(UInt8)

    /// - Returns: nil for what no cloud has.
    public init?(_ text: String) {
        switch text.lowercased() {
        case "all", "-1": self = .all
        case "tcp", "6": self = .tcp
        case "udp", "17": self = .udp
        case "icmp", "1": self = .icmp
        case "icmpv6", "58": self = .icmpv6
        case "gre", "47": self = .gre
        case "sctp", "132": self = .sctp
        default:
            guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt8(text) else { return nil }
            self = .number(number)
        }
    }

    public var description: String {
        switch self {
        case .all: "all"
        case .tcp: "tcp"
        case .udp: "udp"
        case .icmp: "icmp"
        case .icmpv6: "icmpv6"
        case .gre: "gre"
        case .sctp: "sctp"
        case .number(let number): "protocol \(number)"
        }
    }

    public var hasPorts: Bool { self == .tcp || self == .udp }
    public var hasMessages: Bool { self == .icmp || self == .icmpv6 }

    fileprivate func normal(_ ports: GroupRule.Ports) -> GroupRule.Ports {
        switch ports {
        case .all: .all
        case .range(let first, let last): hasPorts && !(first <= 1 && last == .max) ? ports : .all
        case .messages(let type, _): hasMessages && type >= 0 ? ports : .all
        }
    }
}
