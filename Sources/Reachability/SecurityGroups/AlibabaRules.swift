public import Documents
public import Kubernetes

/// Rules as Alibaba Cloud's ECS API writes them, in the description of a group and in the parameters of a call alike.
///
/// Source: ECS 2014-05-26, `DescribeSecurityGroupAttribute`, `AuthorizeSecurityGroup`.
public enum AlibabaRules {
    /// Reads one rule. Several peers in one place are several rules.
    ///
    /// - Parameters:
    ///   - prefix: of the fields, such as `Permissions.1.` where a call numbers its rules.
    ///   - group: the id of the group that holds the rule.
    public static func read(
        _ fields: Value, prefix: String = "", _ direction: GroupRule.Direction, of group: String
    ) throws(WrongType) -> [ReadRule] {
        func field(_ name: String) -> Value { fields.entry(named: prefix + name) }
        let `protocol` = try field("IpProtocol").ruleProtocol()
        let ports = try readPorts(field("PortRange"), `protocol`)
        let isAllowing = try readPolicy(field("Policy"))
        let priority = try readPriority(field("Priority"))
        let side = direction == .ingress ? "Source" : "Dest"
        let isConditional = try asksForMore(field, direction)
        var rules: [ReadRule] = []
        func add(_ peer: (GroupRule.Peer, String)?, _ place: Value) {
            guard let (peer, text) = peer else { return }
            let rule = GroupRule(direction, `protocol`, ports, peer: peer, written: text, isAllowing: isAllowing, priority: priority)
            let portPlace = `protocol`.hasPorts && field("PortRange").exists ? field("PortRange") : field("IpProtocol")
            rules.append(ReadRule(rule: rule, peerPlace: place, portPlace: portPlace, isConditional: isConditional))
        }
        let addresses = field(side + "CidrIp")
        let addresses6 = field("Ipv6" + side + "CidrIp")
        let peer = field(side + "GroupId")
        let list = field(side + "PrefixListId")
        add(try addresses.addressPeer(isIPv6: false), addresses)
        add(try addresses6.addressPeer(isIPv6: true), addresses6)
        add(try peer.groupPeer(own: group), peer)
        add(try list.prefixListPeer(), list)
        guard !rules.isEmpty else { throw WrongType(value: fields, expected: "a rule that names its other side") }
        return rules
    }

    /// `22/22`, `1/65535`, `-1/-1` for all.
    private static func readPorts(_ value: Value, _ protocol: RuleProtocol) throws(WrongType) -> GroupRule.Ports {
        guard let text = try value.scalarText(), text != "-1/-1" else { return .all }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = port(parts[0]), let last = port(parts[1]), first <= last else {
            throw WrongType(value: value, expected: "two ports from 1 to 65535, as 22/22, or -1/-1")
        }
        return .range(first, last)
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt16(text), number > 0 else { return nil }
        return number
    }

    private static func readPolicy(_ value: Value) throws(WrongType) -> Bool {
        switch try value.scalarText()?.lowercased() {
        case nil, "accept": true
        case "drop": false
        default: throw WrongType(value: value, expected: "Accept or Drop")
        }
    }

    private static func readPriority(_ value: Value) throws(WrongType) -> Int {
        guard let number = try value.wholeNumber("a priority from 1 to 100") else { return 1 }
        guard (1...100).contains(number) else { throw WrongType(value: value, expected: "a priority from 1 to 100") }
        return Int(number)
    }

    /// Whether the rule asks for the interface's own address, for the port at the far end, or for a list of ports kept elsewhere.
    private static func asksForMore(_ field: (String) -> Value, _ direction: GroupRule.Direction) throws(WrongType) -> Bool {
        let own = direction == .ingress ? "Dest" : "Source"
        if try !field(own + "CidrIp").isEverywhere() { return true }
        if try !field("Ipv6" + own + "CidrIp").isEverywhere() { return true }
        if try field("PortRangeListId").scalarText() != nil { return true }
        let sourcePorts = try field("SourcePortRange").scalarText() ?? "-1/-1"
        return sourcePorts != "-1/-1" && sourcePorts != "1/65535"
    }
}

extension SecurityGroup {
    /// Reads what `DescribeSecurityGroupAttribute` answers.
    init(alibaba root: Value, object: Int, id: String) {
        var rules: [SecurityGroupRule] = []
        var malformed: [WrongType] = []
        func attempt<T>(_ read: () throws(WrongType) -> T) -> T? {
            do throws(WrongType) { return try read() } catch {
                malformed.append(error)
                return nil
            }
        }
        let items = attempt { () throws(WrongType) in
            let list = root["Permissions"]["Permission"]
            guard list.isWritten else { throw WrongType(value: root["Permissions"], expected: "a mapping with the list Permission") }
            return try list.items()
        }
        for item in items.map(Array.init) ?? [] {
            _ = attempt { () throws(WrongType) in
                let direction = try SecurityGroup.direction(item["Direction"])
                let ruleID = try item["SecurityGroupRuleId"].scalarText() ?? ""
                for one in try AlibabaRules.read(item, direction, of: id) { rules.append(SecurityGroupRule(one, id: ruleID, place: item)) }
            }
        }
        self.id = id
        cloud = .alibaba
        name = attempt { () throws(WrongType) in try root["SecurityGroupName"].string() ?? "" } ?? ""
        vpc = attempt { () throws(WrongType) in try root["VpcId"].string() ?? "" } ?? ""
        isOpenInside = attempt { () throws(WrongType) in try root["InnerAccessPolicy"].scalarText()?.lowercased() == "accept" } ?? false
        // Members of an enterprise group are kept apart, and that cannot be changed (ECS, "Basic and advanced security groups").
        kind = isOpenInside ? .basic : nil
        tags = []
        isManaged = false
        unlisted = []
        // A page of several: the rules of the others are not here.
        isComplete = attempt { () throws(WrongType) in try root["NextToken"].scalarText() == nil } ?? false
        self.rules = SecurityGroup.numbered(rules)
        rulesByPlace = SecurityGroup.order(rules)
        self.malformed = malformed
        self.object = object
        self.root = root
    }

    private static func direction(_ value: Value) throws(WrongType) -> GroupRule.Direction {
        switch try value.scalarText()?.lowercased() {
        case "ingress": .ingress
        case "egress": .egress
        default: throw WrongType(value: value, expected: "ingress or egress")
        }
    }
}

extension SecurityGroupRule {
    init(_ read: ReadRule, id: String, place: Value) {
        rule = read.rule
        self.id = id
        self.place = place
        peerPlace = read.peerPlace
        portPlace = read.portPlace
        isConditional = read.isConditional
    }
}
