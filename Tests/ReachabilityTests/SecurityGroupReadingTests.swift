import Documents
import Kubernetes
import Reachability
import Testing

/// An estate from documents.
func estate(_ documents: String...) -> Inventory {
    Inventory(documents.flatMap { SourceObjects(DocumentTree.parse($0, source: "estate").tree).objects })
}

func alibabaGroup(_ rules: [String]) -> String { alibabaGroup("sg-1", rules) }

/// A group of Alibaba Cloud with rules, each `direction protocol ports peer policy priority`.
func alibabaGroup(_ id: String, inner: String = "Drop", _ rules: [String]) -> String {
    let permissions = rules.map { text -> String in
        let part = text.split(separator: " ").map(String.init)
        let isIngress = part[0] == "ingress"
        let side = isIngress ? "Source" : "Dest"
        var field = part[3].contains(":") ? "Ipv6\(side)CidrIp" : "\(side)CidrIp"
        if part[3].hasPrefix("sg-") { field = "\(side)GroupId" }
        if part[3].hasPrefix("pl-") { field = "\(side)PrefixListId" }
        return "{Direction: \(part[0]), IpProtocol: \(part[1]), PortRange: \(part[2]), \(field): \"\(part[3])\", "
            + "Policy: \(part[4]), Priority: \(part[5])}"
    }
    return "{SecurityGroupId: \(id), VpcId: vpc-1, InnerAccessPolicy: \(inner), Permissions: {Permission: [\(permissions.joined(separator: ", "))]}}"
}

func awsGroup(_ id: String = "sg-1", ingress: [String] = [], egress: [String] = [], tags: String = "[]") -> String {
    "{GroupId: \(id), VpcId: vpc-1, Tags: \(tags), IpPermissions: [\(ingress.joined(separator: ", "))], "
        + "IpPermissionsEgress: [\(egress.joined(separator: ", "))]}"
}

func awsGroups(_ groups: String...) -> String { "SecurityGroups: [\(groups.joined(separator: ", "))]" }

struct SecurityGroupReadingTests {
    @Test func readsAlibabasRules() throws {
        let group = try #require(
            SecurityGroups(
                of: estate(
                    """
                    SecurityGroupId: sg-1
                    SecurityGroupName: shop
                    VpcId: vpc-1
                    InnerAccessPolicy: Accept
                    Permissions:
                      Permission:
                      - {Direction: ingress, IpProtocol: TCP, PortRange: 22/22, SourceCidrIp: 198.51.100.0/24, Policy: Accept, Priority: 1, SecurityGroupRuleId: sgr-1}
                      - {Direction: Egress, IpProtocol: all, PortRange: -1/-1, DestCidrIp: 0.0.0.0/0, Policy: drop, Priority: "100"}
                      - {Direction: ingress, IpProtocol: UDP, PortRange: 1/65535, SourceGroupId: sg-1, Policy: Accept, Priority: 5}
                      - {Direction: ingress, IpProtocol: Icmp, PortRange: -1/-1, Ipv6SourceCidrIp: "2001:db8::/32", SourceCidrIp: 10.0.0.0/8}
                      - {Direction: ingress, IpProtocol: GRE, PortRange: -1/-1, SourcePrefixListId: pl-1, Policy: Accept, Priority: 1}
                    """)
            ).group("sg-1"))
        #expect(
            group.rules.map { "\($0.rule) \($0.rule.priority) \($0.id)" } == [
                "ingress tcp 22 from 198.51.100.0/24 1 sgr-1", "drop egress all to 0.0.0.0/0 100 ", "ingress udp from itself 5 ",
                "ingress icmp from 10.0.0.0/8 1 ", "ingress icmp from 2001:db8::/32 1 ", "ingress gre from pl-1 1 ",
            ])
        #expect(group.name == "shop" && group.vpc == "vpc-1" && group.kind == .basic && group.malformed.isEmpty && group.isComplete)
        #expect(group.rules[0].peerPlace.fieldPath == "Permissions.Permission[0].SourceCidrIp")
        #expect(group.rules[0].portPlace.fieldPath == "Permissions.Permission[0].PortRange" && group.rules[0].place.position.line == 7)
        #expect(group.rules[0].connections == ConnectionSet(.tcp, PortSet(22)) && group.rules[5].connections.isEmpty)
    }

    @Test func readsAWSRules() throws {
        let permission =
            "{IpProtocol: tcp, FromPort: 80, ToPort: 90, IpRanges: [{CidrIp: 0.0.0.0/0}, {CidrIp: 10.0.0.0/8}], "
            + "Ipv6Ranges: [{CidrIpv6: \"::/0\"}], UserIdGroupPairs: [{GroupId: sg-1, UserId: \"1\"}, {GroupId: sg-2}], PrefixListIds: [{PrefixListId: pl-1}]}"
        let all = "{IpProtocol: \"-1\", IpRanges: [{CidrIp: 0.0.0.0/0}]}"
        let group = try #require(
            SecurityGroups(of: estate(awsGroups(awsGroup(ingress: [permission], egress: [all], tags: "[{Key: \"aws:x\", Value: y}]")))).group("sg-1"))
        #expect(
            group.rules.map(\.rule.description) == [
                "ingress tcp 80-90 from 0.0.0.0/0", "ingress tcp 80-90 from 10.0.0.0/8", "ingress tcp 80-90 from ::/0",
                "ingress tcp 80-90 from itself", "ingress tcp 80-90 from sg-2", "ingress tcp 80-90 from pl-1", "egress all to 0.0.0.0/0",
            ])
        #expect(group.rules[1].place.fieldPath == "SecurityGroups[0].IpPermissions[0].IpRanges[1]")
        #expect(group.tags == ["aws:x"] && group.carries(.tag("aws:x")) && !group.carries(.tag("aws:y")) && !group.carries(.managed))
        #expect(group.rule(at: group.rules[4].peerPlace)?.rule == group.rules[4].rule)
        #expect(group.rule(at: group.root["VpcId"]) == nil)
    }

    @Test func theListOfGroupsTellsTypesAndKeepers() throws {
        let groups = SecurityGroups(
            of: estate(
                alibabaGroup("sg-1", []), alibabaGroup("sg-2", inner: "Accept", []), alibabaGroup("sg-3", []),
                """
                SecurityGroups:
                  SecurityGroup:
                  - {SecurityGroupId: sg-1, SecurityGroupType: enterprise, ServiceManaged: true, Tags: {Tag: [{TagKey: "acs:x", TagValue: y}]}}
                  - {SecurityGroupId: sg-2, SecurityGroupType: normal, ServiceManaged: false, Tags: [{Key: "acs:z"}]}
                  - {SecurityGroupId: sg-9, SecurityGroupType: normal}
                """))
        let one = try #require(groups.group("sg-1"))
        #expect(one.kind == .enterprise && one.isManaged && one.carries(.managed) && one.carries(.tag("acs:x")))
        let two = try #require(groups.group("sg-2"))
        #expect(two.kind == .basic && !two.isManaged && two.tags == ["acs:z"])
        #expect(groups.group("sg-3")?.kind == nil && groups.group("sg-9") == nil)
    }

    @Test func rowsOfRulesNumberThemAndStandInForGroups() throws {
        let rows = """
            SecurityGroupRules:
            - {SecurityGroupRuleId: sgr-1, GroupId: sg-1, IsEgress: false, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv4: 0.0.0.0/0}
            - {SecurityGroupRuleId: sgr-2, GroupId: sg-7, IsEgress: true, IpProtocol: "-1", FromPort: -1, ToPort: -1, CidrIpv6: "::/0"}
            - {SecurityGroupRuleId: sgr-3, GroupId: sg-7, IsEgress: false, IpProtocol: udp, FromPort: 1, ToPort: 2, ReferencedGroupInfo: {GroupId: sg-7}}
            """
        let groups = SecurityGroups(
            of: estate(awsGroups(awsGroup(ingress: ["{IpProtocol: tcp, FromPort: 22, ToPort: 22, IpRanges: [{CidrIp: 0.0.0.0/0}]}"])), rows))
        #expect(groups.group("sg-1")?.rules.map(\.id) == ["sgr-1"] && groups.group("sg-1")?.isComplete == true)
        let other = try #require(groups.group("sg-7"))
        #expect(other.rules.map(\.rule.description) == ["egress all to ::/0", "ingress udp 1-2 from itself"] && !other.isComplete)
        #expect(groups.row("sgr-3")?.group.id == "sg-7")
    }

    // MARK: - Hostile input

    @Test(arguments: [
        ("PortRange: 22/abc", "PortRange"), ("PortRange: -5/22", "PortRange"), ("PortRange: 22/70000", "PortRange"), ("PortRange: 0/0", "PortRange"),
        ("PortRange: 90/80", "PortRange"), ("PortRange: 22", "PortRange"), ("PortRange: \"22/22/22\"", "PortRange"),
        ("PortRange: \"+22/22\"", "PortRange"),
        ("PortRange: [22]", "PortRange"), ("SourceCidrIp: 10.0.0.0/33", "SourceCidrIp"), ("SourceCidrIp: 10.0.0/8", "SourceCidrIp"),
        ("SourceCidrIp: \"::/0\"", "SourceCidrIp"), ("SourceCidrIp: everywhere", "SourceCidrIp"), ("Priority: 0", "Priority"),
        ("Priority: 101", "Priority"), ("Priority: first", "Priority"), ("Priority: 99999999999999999999", "Priority"), ("Policy: maybe", "Policy"),
        ("IpProtocol: http", "IpProtocol"), ("IpProtocol: {}", "IpProtocol"), ("Direction: sideways", "Direction"), ("SourceCidrIp: \"\"", ""),
    ])
    func brokenRulesAreGapsAtTheirPlace(change: String, field: String) throws {
        var fields = [
            "Direction": "ingress", "IpProtocol": "TCP", "PortRange": "22/22", "SourceCidrIp": "10.0.0.0/8", "Policy": "Accept", "Priority": "1",
        ]
        let parts = change.split(separator: ":", maxSplits: 1).map(String.init)
        fields[parts[0]] = parts[1]
        let broken = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        let sound = "{Direction: ingress, IpProtocol: TCP, PortRange: 80/80, SourceCidrIp: 0.0.0.0/0}"
        let text = "{SecurityGroupId: sg-1, Permissions: {Permission: [{\(broken)}, \(sound)]}}"
        let group = try #require(SecurityGroups(of: estate(text)).group("sg-1"))
        #expect(group.rules.map(\.rule.description) == ["ingress tcp 80 from 0.0.0.0/0"], "the other rule is read")
        #expect(group.malformed.map(\.value.fieldPath) == ["Permissions.Permission[0]" + (field.isEmpty ? "" : "." + field)])
        #expect(!group.isReadable(.ingress))
    }

    @Test(arguments: [
        ("FromPort: -7", "FromPort"), ("FromPort: 70000", "FromPort"), ("ToPort: 1", "FromPort"), ("FromPort: abc", "FromPort"),
        ("ToPort: null", "ToPort"),
        ("IpProtocol: 300", "IpProtocol"), ("IpRanges: [{CidrIp: 1.2.3.4/99}]", "IpRanges[0].CidrIp"), ("IpRanges: [{}]", "IpRanges[0]"),
        ("IpRanges: 7", "IpRanges"), ("IpRanges: [7]", "IpRanges[0]"), ("FromPort: 9223372036854775808", "FromPort"),
    ])
    func brokenPermissionsAreGapsAtTheirPlace(change: String, field: String) throws {
        var fields = ["IpProtocol": "tcp", "FromPort": "22", "ToPort": "22", "IpRanges": "[{CidrIp: 10.0.0.0/8}]"]
        let parts = change.split(separator: ":", maxSplits: 1).map(String.init)
        fields[parts[0]] = parts[1]
        let broken = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        let sound = "{IpProtocol: \"-1\", IpRanges: [{CidrIp: 10.0.0.0/8}]}"
        let group = try #require(SecurityGroups(of: estate(awsGroups(awsGroup(ingress: ["{\(broken)}", sound])))).group("sg-1"))
        #expect(group.rules.map(\.rule.description) == ["ingress all from 10.0.0.0/8"])
        #expect(group.malformed.map(\.value.fieldPath) == ["SecurityGroups[0].IpPermissions[0].\(field)"])
    }

    @Test func aBrokenRangeTakesNoOtherWithIt() throws {
        let permission = "{IpProtocol: tcp, FromPort: 22, ToPort: 22, IpRanges: [{CidrIp: broken}, {CidrIp: 0.0.0.0/0}]}"
        let group = try #require(SecurityGroups(of: estate(awsGroups(awsGroup(ingress: [permission])))).group("sg-1"))
        #expect(group.rules.count == 1 && group.malformed.count == 1)
    }

    @Test func ofTwoDescriptionsTheLastCountsAndTheFirstIsTold() {
        let inventory = estate(alibabaGroup(["ingress TCP 22/22 0.0.0.0/0 Accept 1"]), alibabaGroup([]))
        let groups = SecurityGroups(of: inventory)
        #expect(groups.groups.count == 1 && groups.group("sg-1")?.rules.isEmpty == true)
        #expect(groups.group(ofObject: 0, id: "sg-1") == nil && groups.group(ofObject: 1, id: "sg-1") != nil)
    }

    @Test func onePageOfSeveralIsNotAll() throws {
        let text = "{SecurityGroupId: sg-1, NextToken: abc, Permissions: {Permission: []}}"
        #expect(SecurityGroups(of: estate(text)).group("sg-1")?.isComplete == false)
        #expect(SecurityGroups(of: estate(text.replacing("abc", with: "\"\""))).group("sg-1")?.isComplete == true)
    }

    /// Nothing that is worked out from a list grows with its square.
    @Test func hugeListsAreReadAndNotWorkedOut() throws {
        let rules = (0..<20_000).map { number in
            "ingress TCP \(number + 1)/\(number + 2) 10.\(number / 256).\(number % 256).0/24 \(number % 2 == 0 ? "Accept" : "Drop") \(number % 100 + 1)"
        }
        let groups = SecurityGroups(of: estate(alibabaGroup(rules)))
        let group = try #require(groups.group("sg-1"))
        #expect(group.rules.count == 20_000 && !group.isReadable(.ingress))
        let open = groups.external(groups.set(["sg-1"]), .ingress)
        #expect(open.certain.isEmpty && open.possible.first?.connections == .all)
        for rule in [group.rules[0], group.rules[19_999]] { #expect(group.rule(at: rule.portPlace)?.rule == rule.rule) }
    }
}
