import Documents
import Kubernetes
import Reachability
import Testing

/// What groups let through: the order of Alibaba Cloud, the union of AWS, and the two bounds where something is not known.
struct SecurityGroupFilterTests {
    /// What an address may open, or may be opened to: for certain, and possibly.
    private func open(
        _ documents: [String], _ ids: [String] = ["sg-1"], _ direction: GroupRule.Direction = .ingress, address: String = "203.0.113.7"
    ) throws -> (certain: String, possible: String) {
        let groups = SecurityGroups(of: Inventory(documents.flatMap { SourceObjects(DocumentTree.parse($0).tree).objects }))
        let both = groups.external(groups.set(ids), direction)
        let one = AddressSet(try #require(AddressRange(address)))
        func connections(_ parts: [ExternalConnections]) -> String {
            (parts.first { $0.addresses.isSuperset(of: one) }?.connections ?? .none).description
        }
        return (connections(both.certain), connections(both.possible))
    }

    static let enterprise = "SecurityGroups: {SecurityGroup: [{SecurityGroupId: sg-1, SecurityGroupType: enterprise}]}"
    static let basic = "SecurityGroups: {SecurityGroup: [{SecurityGroupId: sg-1, SecurityGroupType: normal}]}"

    // MARK: - Alibaba Cloud

    @Test(arguments: [
        (["ingress TCP 22/22 0.0.0.0/0 Accept 1"], "TCP 22"),
        (["ingress TCP 22/22 0.0.0.0/0 Accept 2", "ingress TCP 22/22 0.0.0.0/0 Drop 1"], "none"),
        (["ingress TCP 22/22 0.0.0.0/0 Drop 2", "ingress TCP 22/22 0.0.0.0/0 Accept 1"], "TCP 22"),
        // Among equals the one that drops wins, wherever it stands.
        (["ingress TCP 22/22 0.0.0.0/0 Accept 1", "ingress TCP 22/22 0.0.0.0/0 Drop 1"], "none"),
        (["ingress TCP 22/22 0.0.0.0/0 Drop 1", "ingress TCP 22/22 0.0.0.0/0 Accept 1"], "none"),
        (["ingress TCP 1/100 0.0.0.0/0 Accept 50", "ingress TCP 22/22 0.0.0.0/0 Drop 10"], "TCP 1-21,23-100"),
        (["ingress TCP 22/22 203.0.113.0/24 Drop 1", "ingress ALL -1/-1 0.0.0.0/0 Accept 2"], "TCP 1-21,23-65535; UDP; SCTP"),
        (["ingress TCP 22/22 198.51.100.0/24 Drop 1", "ingress TCP 22/22 0.0.0.0/0 Accept 2"], "TCP 22"),
        (["ingress UDP 53/53 203.0.113.7/32 Accept 1", "ingress ALL -1/-1 0.0.0.0/0 Drop 100"], "UDP 53"),
        (["ingress ICMP -1/-1 0.0.0.0/0 Accept 1"], "none"), (["ingress TCP 22/22 sg-2 Accept 1"], "none"),
        (["egress TCP 22/22 0.0.0.0/0 Accept 1"], "none"), ([], "none"),
    ])
    func alibabaAsksByPriority(rules: [String], expected: String) throws {
        let found = try open([alibabaGroup(rules)])
        #expect(found.certain == expected && found.possible == expected, "\(found)")
    }

    @Test func alibabaSortsTheRulesOfAllGroupsTogether() throws {
        let one = alibabaGroup("sg-1", ["ingress TCP 22/22 0.0.0.0/0 Accept 10"])
        let other = alibabaGroup("sg-2", ["ingress TCP 22/22 0.0.0.0/0 Drop 5", "ingress TCP 80/80 0.0.0.0/0 Accept 90"])
        #expect(try open([one, other], ["sg-1", "sg-2"]).certain == "TCP 80")
        #expect(try open([one, other], ["sg-1"]).certain == "TCP 22")
    }

    /// From a basic group everything may go out, from an enterprise one nothing, unless a rule says otherwise.
    @Test(arguments: [
        (basic, [], "all", "all"), (enterprise, [], "none", "none"), ("", [], "none", "all"),
        (basic, ["egress TCP 25/25 0.0.0.0/0 Drop 1"], "TCP 1-24,26-65535; UDP; SCTP", "TCP 1-24,26-65535; UDP; SCTP"),
        (enterprise, ["egress TCP 443/443 0.0.0.0/0 Accept 1"], "TCP 443", "TCP 443"),
        ("", ["egress TCP 443/443 0.0.0.0/0 Accept 1"], "TCP 443", "all"),
    ])
    func theTypeDecidesWhatNoRuleIsAbout(list: String, rules: [String], certain: String, possible: String) throws {
        let found = try open([alibabaGroup(rules), list], ["sg-1"], .egress)
        #expect(found.certain == certain && found.possible == possible)
    }

    /// What is unknown of a rule opens nothing for certain and everything possibly; what is unknown of a drop the other way round.
    @Test(arguments: [
        (["ingress TCP 22/22 pl-1 Accept 1"], "none", "TCP 22"),
        (["ingress TCP 22/22 pl-1 Drop 1", "ingress TCP 22/22 0.0.0.0/0 Accept 2"], "none", "TCP 22"),
        (["ingress TCP 22/22 0.0.0.0/0 Accept 1", "ingress TCP 22/22 pl-1 Drop 2"], "TCP 22", "TCP 22"),
    ])
    func prefixListsAreNotKnown(rules: [String], certain: String, possible: String) throws {
        let found = try open([alibabaGroup(rules)])
        #expect(found.certain == certain && found.possible == possible)
    }

    @Test(arguments: ["DestCidrIp: 192.168.1.7/32", "SourcePortRange: 1024/2048", "PortRangeListId: prl-1", "Ipv6DestCidrIp: \"2001:db8::1/128\""])
    func aRuleThatAsksForMoreIsNotKnown(field: String) throws {
        func group(_ policy: String) -> String {
            "{SecurityGroupId: sg-1, Permissions: {Permission: [{Direction: ingress, IpProtocol: TCP, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0, "
                + "Policy: \(policy), Priority: 1, \(field)}, {Direction: ingress, IpProtocol: TCP, PortRange: 22/22, SourceCidrIp: 203.0.113.0/24, "
                + "Policy: Accept, Priority: 2}]}}"
        }
        let dropped = try open([group("Drop")])
        #expect(dropped.certain == "none" && dropped.possible == "TCP 22")
        let allowed = try open([group("Accept")], address: "192.0.2.1")
        #expect(allowed.certain == "none" && allowed.possible == "TCP 22")
    }

    @Test func anUnreadableOrMissingGroupLeavesEverythingOpenAndNothingCertain() throws {
        let open22 = "ingress TCP 22/22 0.0.0.0/0 Accept 1"
        let broken = try open([alibabaGroup([open22, "ingress TCP 22/abc 0.0.0.0/0 Accept 1"])])
        #expect(broken.certain == "none" && broken.possible == "all")
        let missing = try open([alibabaGroup([open22])], ["sg-1", "sg-2"])
        #expect(missing.certain == "none" && missing.possible == "all")
        let nobody = try open([], ["sg-1"])
        #expect(nobody.certain == "none" && nobody.possible == "all")
    }

    // MARK: - AWS

    static func permission(_ proto: String, _ from: Int, _ to: Int, _ range: String) -> String {
        let list = range.contains(":") ? "Ipv6Ranges: [{CidrIpv6: \"\(range)\"}]" : "IpRanges: [{CidrIp: \(range)}]"
        return "{IpProtocol: \"\(proto)\", FromPort: \(from), ToPort: \(to), \(list)}"
    }

    @Test func awsAddsUp() throws {
        let one = awsGroup("sg-1", ingress: [Self.permission("tcp", 80, 80, "0.0.0.0/0")])
        let other = awsGroup("sg-2", ingress: [Self.permission("tcp", 443, 443, "203.0.113.0/24"), Self.permission("-1", -1, -1, "10.0.0.0/8")])
        let groups = [awsGroups(one, other)]
        #expect(try open(groups, ["sg-1", "sg-2"]) == ("TCP 80,443", "TCP 80,443"))
        #expect(try open(groups, ["sg-1", "sg-2"], address: "10.1.1.1") == ("all", "all"))
        #expect(try open(groups, ["sg-1"]) == ("TCP 80", "TCP 80"))
        #expect(try open(groups, ["sg-1"], .egress) == ("none", "none"))
    }

    /// What a known rule opens, no unknown group can close.
    @Test func awsStaysOpenForCertainBesideWhatIsNotKnown() throws {
        let listed = "{IpProtocol: tcp, FromPort: 81, ToPort: 81, PrefixListIds: [{PrefixListId: pl-1}]}"
        let group = awsGroups(awsGroup(ingress: [Self.permission("tcp", 80, 80, "0.0.0.0/0"), listed]))
        #expect(try open([group]) == ("TCP 80", "TCP 80-81"))
        #expect(try open([group], ["sg-1", "sg-9"]) == ("TCP 80", "all"))
    }

    @Test func twoHalvesAreEverything() throws {
        let group = awsGroups(awsGroup(ingress: [Self.permission("tcp", 22, 22, "0.0.0.0/1"), Self.permission("tcp", 22, 22, "128.0.0.0/1")]))
        let groups = SecurityGroups(of: estate(group))
        #expect(groups.external(groups.set(["sg-1"]), .ingress).certain.map(\.addresses) == [.everyIPv4])
    }

    /// Added allowing rules never close anything, added drops never open anything.
    @Test func isMonotone() throws {
        var dice = Dice(seed: 7)
        func rule(_ policy: String) -> String {
            let port = dice.roll(4) + 1
            let peer = ["0.0.0.0/0", "203.0.113.0/24", "203.0.113.7/32", "pl-1", "sg-2"][dice.roll(5)]
            return "ingress TCP \(port)/\(port + 1) \(peer) \(policy) \(dice.roll(3) + 1)"
        }
        for _ in 0..<200 {
            let rules = (0..<6).map { _ in rule(dice.isLucky(oneIn: 2) ? "Accept" : "Drop") }
            func bounds(_ rules: [String]) throws -> (ConnectionSet, ConnectionSet) {
                let groups = SecurityGroups(of: estate(alibabaGroup(rules)))
                let both = groups.external(groups.set(["sg-1"]), .ingress)
                let one = AddressSet(try #require(AddressRange("203.0.113.7")))
                func at(_ parts: [ExternalConnections]) -> ConnectionSet { parts.first { $0.addresses.isSuperset(of: one) }?.connections ?? .none }
                return (at(both.certain), at(both.possible))
            }
            let (certain, possible) = try bounds(rules)
            #expect(possible.isSuperset(of: certain), "\(rules)")
            let more = try bounds(rules + [rule("Accept")])
            #expect(more.0.isSuperset(of: certain) && more.1.isSuperset(of: possible), "\(rules)")
            let less = try bounds(rules + [rule("Drop")])
            #expect(certain.isSuperset(of: less.0) && possible.isSuperset(of: less.1), "\(rules)")
        }
    }

    // MARK: - Pods among each other

    @Test func rulesNameGroupsAndTheirMembersMatch() {
        let web = awsGroup("sg-web", egress: [Self.permission("-1", -1, -1, "0.0.0.0/0")])
        let db = awsGroup(
            "sg-db",
            ingress: [
                "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{GroupId: sg-web}]}",
                "{IpProtocol: tcp, FromPort: 7000, ToPort: 7000, UserIdGroupPairs: [{GroupId: sg-db}]}",
                Self.permission("tcp", 22, 22, "10.0.0.0/8"),
            ], egress: ["{IpProtocol: \"-1\", UserIdGroupPairs: [{GroupId: sg-db}]}"])
        let groups = SecurityGroups(of: estate(awsGroups(web, db)))
        let (ofWeb, ofDB, unknown) = (groups.set(["sg-web"]), groups.set(["sg-db"]), groups.set([]))
        #expect(groups.connections(from: ofWeb, to: ofDB).certain.description == "TCP 5432")
        #expect(groups.connections(from: ofWeb, to: ofDB).possible.description == "TCP 22,5432", "which address a Pod has is not known")
        #expect(groups.connections(from: ofDB, to: ofDB).certain.description == "TCP 7000")
        #expect(groups.connections(from: ofDB, to: ofWeb) == (.none, .none))
        #expect(groups.connections(from: unknown, to: ofDB).certain.isEmpty)
        #expect(groups.connections(from: unknown, to: ofDB).possible.description == "TCP 22,5432,7000")
    }

    /// Members of a basic group that is open inside reach each other before any rule is asked.
    @Test func aGroupOpenInsideIsOpenInside() {
        let drop = ["ingress ALL -1/-1 0.0.0.0/0 Drop 1", "egress ALL -1/-1 0.0.0.0/0 Drop 1"]
        let groups = SecurityGroups(of: estate(alibabaGroup("sg-1", inner: "Accept", drop), alibabaGroup("sg-2", inner: "Accept", drop)))
        #expect(groups.connections(from: groups.set(["sg-1"]), to: groups.set(["sg-1"])) == (.all, .all))
        #expect(groups.connections(from: groups.set(["sg-1"]), to: groups.set(["sg-2"])) == (.none, .none))
    }

    // MARK: - Single rules

    @Test(arguments: [
        (["ingress TCP 22/22 0.0.0.0/0 Accept 1"], "TCP 22"), (["ingress TCP 22/22 10.0.0.0/8 Accept 1"], "none"),
        (["ingress TCP 22/22 ::/0 Accept 1"], "TCP 22"), (["ingress TCP 22/22 fc00::/7 Accept 1"], "none"),
        (["ingress TCP 22/22 0.0.0.0/7 Accept 1"], "TCP 22"), (["ingress TCP 22/22 203.0.113.0/24 Accept 1"], "none"),
        (["ingress TCP 22/22 0.0.0.0/0 Drop 1"], "none"), (["egress TCP 22/22 0.0.0.0/0 Accept 1"], "none"),
        (["ingress TCP 20/25 0.0.0.0/0 Accept 5", "ingress TCP 22/22 0.0.0.0/0 Drop 5"], "TCP 20-21,23-25"),
        (["ingress TCP 22/22 0.0.0.0/0 Accept 5", "ingress TCP 22/22 0.0.0.0/0 Drop 6"], "TCP 22"),
        // What a drop leaves is still more than anyone owns.
        (["ingress TCP 22/22 0.0.0.0/0 Accept 5", "ingress TCP 22/22 198.51.100.0/24 Drop 1"], "TCP 22"),
        (["ingress TCP 22/22 0.0.0.0/0 Accept 5", "ingress ALL -1/-1 0.0.0.0/1 Drop 1", "ingress ALL -1/-1 128.0.0.0/1 Drop 1"], "none"),
    ])
    func tellsWhatOneRuleOpensToTheInternet(rules: [String], expected: String) throws {
        let groups = SecurityGroups(of: estate(alibabaGroup(rules)))
        let group = try #require(groups.group("sg-1"))
        #expect(groups.openConnections(of: group.rules[0], in: group).description == expected)
    }

    @Test(arguments: [
        (["0.0.0.0/8"], false), (["0.0.0.0/7"], true), (["1.0.0.0/8", "2.0.0.0/8"], true), (["::/16"], false), (["::/15"], true), ([], false),
        (["0.0.0.0/0", "::/0"], true),
    ])
    func moreThanAnyoneOwnsIsWide(ranges: [String], expected: Bool) throws {
        let set = try ranges.reduce(AddressSet.empty) { $0.union(AddressSet(try #require(AddressRange($1)))) }
        #expect(set.isWide == expected)
    }
}
