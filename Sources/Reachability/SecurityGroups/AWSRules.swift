public import Documents
public import Kubernetes

/// Rules as AWS' EC2 API writes them. One permission holds a rule for each of its ranges, groups and lists.
///
/// Sources: EC2 2016-11-15, `DescribeSecurityGroups`, `DescribeSecurityGroupRules`, `AuthorizeSecurityGroupIngress`; events of
/// CloudTrail write the same fields with a small first letter and their lists under `items`.
public enum AWSRules {
    /// How a document spells the fields.
    public enum Spelling: Sendable {
        case description, event

        func field(_ name: String, of value: Value) -> Value {
            value.entry(named: self == .description ? name : name.prefix(1).lowercased() + name.dropFirst())
        }

        /// The items of a list.
        func items(_ name: String, of value: Value) throws(WrongType) -> Children {
            switch self {
            case .description: try field(name, of: value).items()
            case .event: try field(name, of: value)["items"].items()
            }
        }
    }

    /// The field of a group that lists the rules of a direction.
    public static func list(of direction: GroupRule.Direction) -> String { direction == .ingress ? "IpPermissions" : "IpPermissionsEgress" }

    /// What a permission holds: each rule with its place, and what of it is no rule.
    public struct Permission {
        public fileprivate(set) var rules: [(rule: ReadRule, place: Value)] = []
        public fileprivate(set) var malformed: [WrongType] = []
    }

    /// Reads a permission with its ranges, groups and lists. One that is broken takes none of the others with it.
    ///
    /// - Parameter group: the id of the group that holds it.
    public static func readPermission(_ permission: Value, _ direction: GroupRule.Direction, of group: String, _ spelling: Spelling) -> Permission {
        var read = Permission()
        do throws(WrongType) {
            let traffic = try readTraffic(permission, spelling)
            for (list, field, peer) in lists(spelling, own: group) {
                for item in try spelling.items(list, of: permission) {
                    do throws(WrongType) {
                        let place = spelling.field(field, of: item)
                        guard let (peer, text) = try peer(place) else {
                            throw WrongType(value: item, expected: "something with the other side of a rule")
                        }
                        let rule = GroupRule(direction, traffic.protocol, traffic.ports, peer: peer, written: text)
                        read.rules.append((ReadRule(rule: rule, peerPlace: place, portPlace: traffic.place), item))
                    } catch {
                        read.malformed.append(error)
                    }
                }
            }
        } catch {
            read.malformed.append(error)
        }
        return read
    }

    private typealias PeerReader = (Value) throws(WrongType) -> (GroupRule.Peer, String)?

    /// The lists of a permission, the field that names the other side in their items, and how it is read.
    private static func lists(_ spelling: Spelling, own: String) -> [(String, String, PeerReader)] {
        [
            ("IpRanges", "CidrIp", { value throws(WrongType) in try value.addressPeer(isIPv6: false) }),
            ("Ipv6Ranges", "CidrIpv6", { value throws(WrongType) in try value.addressPeer(isIPv6: true) }),
            // Events call the pairs of user and group by what they hold.
            (
                spelling == .description ? "UserIdGroupPairs" : "Groups", "GroupId",
                { value throws(WrongType) in try value.groupPeer(own: own) }
            ),
            ("PrefixListIds", "PrefixListId", { value throws(WrongType) in try value.prefixListPeer() }),
        ]
    }

    /// Reads a rule that stands by itself: a row of the list of rules, what a call makes of one, or what it answers.
    ///
    /// - Parameter rangeField: holds the range of IPv4 addresses; old calls name it otherwise.
    public static func readRule(
        _ row: Value, _ direction: GroupRule.Direction, of group: String, _ spelling: Spelling, rangeField: String = "CidrIpv4"
    ) throws(WrongType) -> ReadRule {
        let traffic = try readTraffic(row, spelling)
        let v4 = spelling.field(rangeField, of: row)
        let v6 = spelling.field("CidrIpv6", of: row)
        let list = spelling.field("PrefixListId", of: row)
        let info = spelling.field("GroupId", of: spelling.field("ReferencedGroupInfo", of: row))
        let peerGroup = info.isWritten ? info : spelling.field("ReferencedGroupId", of: row)
        for (peer, place) in [
            (try v4.addressPeer(isIPv6: false), v4), (try v6.addressPeer(isIPv6: true), v6), (try peerGroup.groupPeer(own: group), peerGroup),
            (try list.prefixListPeer(), list),
        ] {
            guard let (peer, text) = peer else { continue }
            let rule = GroupRule(direction, traffic.protocol, traffic.ports, peer: peer, written: text)
            return ReadRule(rule: rule, peerPlace: place, portPlace: traffic.place)
        }
        throw WrongType(value: row, expected: "a rule that names its other side")
    }

    private static func readTraffic(
        _ value: Value, _ spelling: Spelling
    ) throws(WrongType) -> (protocol: RuleProtocol, ports: GroupRule.Ports, place: Value) {
        let protocolPlace = spelling.field("IpProtocol", of: value)
        let proto = try protocolPlace.ruleProtocol()
        let (from, to) = (spelling.field("FromPort", of: value), spelling.field("ToPort", of: value))
        let ports: GroupRule.Ports
        if proto.hasMessages {
            let type = try from.wholeNumber("the type of an ICMP message") ?? -1
            let code = try to.wholeNumber("the code of an ICMP message") ?? -1
            guard (-1...255).contains(type), (-1...255).contains(code) else {
                throw WrongType(value: from, expected: "the type of an ICMP message, from 0 to 255, or -1")
            }
            ports = .messages(type: Int(type), code: Int(code))
        } else if proto.hasPorts {
            ports = .range(try readPort(from), try readPort(to))
            guard case .range(let first, let last) = ports, first <= last else {
                throw WrongType(value: from, expected: "no greater than ToPort")
            }
        } else {
            ports = .all
        }
        return (proto, ports, proto.hasPorts ? from : protocolPlace)
    }

    private static func readPort(_ value: Value) throws(WrongType) -> UInt16 {
        guard let number = try value.wholeNumber("a port from 0 to 65535"), let port = UInt16(exactly: number) else {
            throw WrongType(value: value, expected: "a port from 0 to 65535")
        }
        return port
    }
}

extension SecurityGroup {
    /// Reads an item of what `DescribeSecurityGroups` answers.
    init(aws root: Value, object: Int, id: String) {
        var rules: [SecurityGroupRule] = []
        var malformed: [WrongType] = []
        var tags: [String] = []
        func attempt(_ read: () throws(WrongType) -> Void) {
            do throws(WrongType) { try read() } catch { malformed.append(error) }
        }
        for direction in GroupRule.Direction.allCases {
            var permissions: [Value] = []
            attempt { () throws(WrongType) in permissions = Array(try root.entry(named: AWSRules.list(of: direction)).items()) }
            for permission in permissions {
                let read = AWSRules.readPermission(permission, direction, of: id, .description)
                rules += read.rules.map { SecurityGroupRule($0.rule, id: "", place: $0.place) }
                malformed += read.malformed
            }
        }
        attempt { () throws(WrongType) in
            for tag in try root["Tags"].items() { tags.append(try tag["Key"].string() ?? "") }
        }
        var (name, vpc) = ("", "")
        attempt { () throws(WrongType) in
            name = try root["GroupName"].string() ?? ""
            vpc = try root["VpcId"].string() ?? ""
        }
        self.init(id: id, aws: root, name: name, vpc: vpc, tags: tags, rules: rules, malformed: malformed, object: object)
    }

    /// - Parameter isComplete: false for a group of which only single rules are known.
    init(
        id: String, aws root: Value, name: String = "", vpc: String = "", tags: [String] = [], rules: [SecurityGroupRule],
        malformed: [WrongType] = [], isComplete: Bool = true, object: Int
    ) {
        self.id = id
        cloud = .aws
        self.name = name
        self.vpc = vpc
        kind = nil
        isOpenInside = false
        self.tags = tags
        isManaged = false
        // An answer that was narrowed (`--query`) tells nothing of what was left out.
        unlisted = isComplete ? GroupRule.Direction.allCases.filter { !root.entry(named: AWSRules.list(of: $0)).isWritten } : []
        self.rules = SecurityGroup.numbered(rules)
        rulesByPlace = SecurityGroup.order(rules)
        self.malformed = malformed
        self.isComplete = isComplete
        self.object = object
        self.root = root
    }
}
