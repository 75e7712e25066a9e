import Documents
import Kubernetes
import Testing

/// Documents of clouds become objects, told apart from all that only looks like them.
struct CloudDocumentTests {
    private func read(_ text: String) -> SourceObjects { SourceObjects(DocumentTree.parse(text, source: "cloud.json").tree) }

    private func names(_ objects: SourceObjects) -> [String] { objects.objects.map { "\($0.apiVersion) \($0.kind) \($0.name)" } }

    static let attribute = #"{"SecurityGroupId": "sg-1", "InnerAccessPolicy": "Accept", "Permissions": {"Permission": []}}"#
    static let event = #"{"eventID": "e-1", "eventName": "CreateSecurityGroup", "eventSource": "ec2.amazonaws.com", "userIdentity": {}}"#
    static let alibabaEvent =
        #"{"eventId": "e-2", "eventName": "AuthorizeSecurityGroup", "eventSource": "ecs.cn-hangzhou.aliyuncs.com", "apiVersion": "2014-05-26", "userIdentity": {}}"#

    @Test(arguments: [
        (attribute, ["ecs.aliyuncs.com/2014-05-26 SecurityGroup sg-1"]),
        (
            #"{"SecurityGroups": {"SecurityGroup": [{"SecurityGroupId": "sg-1"}, {"SecurityGroupId": "sg-2"}]}, "TotalCount": 2}"#,
            ["ecs.aliyuncs.com/2014-05-26 SecurityGroupSummary sg-1", "ecs.aliyuncs.com/2014-05-26 SecurityGroupSummary sg-2"]
        ),
        (#"{"SecurityGroups": [{"GroupId": "sg-1"}]}"#, ["ec2.amazonaws.com/2016-11-15 SecurityGroup sg-1"]),
        (
            #"{"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1"}]}"#,
            ["ec2.amazonaws.com/2016-11-15 SecurityGroupRule sgr-1"]
        ),
        (event, ["ec2.amazonaws.com/2016-11-15 SecurityGroupChange e-1"]),
        (#"{"Records": [\#(event)]}"#, ["ec2.amazonaws.com/2016-11-15 SecurityGroupChange e-1"]),
        (#"{"Events": [\#(alibabaEvent)], "RequestId": "r"}"#, ["ecs.aliyuncs.com/2014-05-26 SecurityGroupChange e-2"]),
        (
            "[\(event), \(alibabaEvent)]",
            ["ec2.amazonaws.com/2016-11-15 SecurityGroupChange e-1", "ecs.aliyuncs.com/2014-05-26 SecurityGroupChange e-2"]
        ),
        ("\(event)\n\(attribute)", ["ec2.amazonaws.com/2016-11-15 SecurityGroupChange e-1", "ecs.aliyuncs.com/2014-05-26 SecurityGroup sg-1"]),
        ("SecurityGroups:\n- GroupId: sg-1\n  IpPermissions: []\n", ["ec2.amazonaws.com/2016-11-15 SecurityGroup sg-1"]),
        (#"{"SecurityGroups": []}"#, []), (#"{"Records": []}"#, []),
    ])
    func becomeObjects(text: String, expected: [String]) {
        let read = read(text)
        #expect(names(read) == expected)
        #expect(read.foreign.isEmpty && read.malformed.isEmpty && read.unserved.isEmpty)
        for object in read.objects { #expect(object.namespace.isEmpty && object.pod == nil && object.cloud != nil) }
    }

    @Test(arguments: [
        #"{"SecurityGroups": ["sg-1"]}"#, #"{"SecurityGroups": [{"name": "x"}]}"#, #"{"SecurityGroups": 7}"#, #"{"SecurityGroupId": "sg-1"}"#,
        #"{"Records": [{"id": 1}]}"#, #"{"Records": [], "version": 1}"#, #"{"Events": {}}"#, "[1, 2]", "[]", #"{"eventName": "CreateSecurityGroup"}"#,
        "replicaCount: 1\nSecurityGroups: []\n",
    ])
    func leaveOtherDocumentsAlone(text: String) {
        let read = read(text)
        #expect(read.objects.isEmpty && read.malformed.isEmpty)
        #expect(read.foreign.count == 1, "it stays a foreign document")
    }

    @Test func keepOnlyChangesOfSecurityGroups() {
        let other = #"{"eventID": "e-9", "eventName": "RunInstances", "eventSource": "ec2.amazonaws.com", "userIdentity": {}}"#
        let elsewhere = #"{"eventID": "e-8", "eventName": "CreateSecurityGroup", "eventSource": "elasticache.amazonaws.com", "userIdentity": {}}"#
        let read = read(#"{"Records": [\#(other), \#(Self.event), \#(elsewhere)]}"#)
        #expect(read.objects.map(\.name) == ["e-1"])
        #expect(read.foreign.isEmpty && read.malformed.isEmpty)
    }

    @Test(arguments: [
        (#"{"SecurityGroups": [{"GroupId": "sg-1"}, {"GroupName": "x"}]}"#, "SecurityGroups[1]", 1),
        (#"{"SecurityGroups": [{"GroupId": "sg-1"}, {"GroupId": 7}]}"#, "SecurityGroups[1].GroupId", 1),
        (#"{"SecurityGroups": [{"GroupId": "sg-1"}, "sg-2"]}"#, "SecurityGroups[1]", 1),
        (#"{"SecurityGroupId": "", "Permissions": {}}"#, "SecurityGroupId", 0),
        (#"{"Records": [{"eventName": "CreateSecurityGroup", "eventSource": "ec2.amazonaws.com"}]}"#, "Records[0]", 0),
        (
            #"{"Events": [{"EventName": "RevokeSecurityGroupIngress", "CloudTrailEvent": "{}"}, {"EventName": "RunInstances", "CloudTrailEvent": "{}"}]}"#,
            "Events[0].CloudTrailEvent", 0
        ),
    ])
    func tellWhatIsBroken(text: String, path: String, kept: Int) throws {
        let read = read(text)
        #expect(read.objects.count == kept)
        let broken = try #require(read.malformed.first)
        #expect(read.malformed.count == 1 && broken.value.fieldPath == path && broken.value.position.line == 1)
    }

    /// Whoever may write an object may call it so; a record it is not.
    @Test(arguments: [
        "{apiVersion: ec2.amazonaws.com/2016-11-15, kind: SecurityGroup, metadata: {name: sg-1}, GroupId: sg-1}",
        "{apiVersion: ec2.amazonaws.com/2016-11-15, kind: SecurityGroupChange, metadata: {name: e-1}, eventID: e-1}",
        "{apiVersion: ec2.amazonaws.com/2016-11-15, kind: SecurityGroupChangeList, items: [{metadata: {name: e-1}, eventID: e-1}]}",
    ])
    func areNotWhatSomebodyWroteAsAnObject(text: String) throws {
        let object = try #require(read(text).objects.first)
        #expect(object.cloud == nil)
    }

    @Test func controllersKindsOfTheNameAreNamesakes() throws {
        let own = try #require(read("{apiVersion: ec2.services.k8s.aws/v1alpha1, kind: SecurityGroup, metadata: {name: web}}").objects.first)
        #expect(own.isForeignNamesake && own.namespace == "default")
        #expect(try #require(read(Self.attribute).objects.first).isForeignNamesake == false)
    }

    @Test func placesAreThoseInTheDocument() throws {
        let read = read("{\n  \"SecurityGroups\": [\n    {\"GroupId\": \"sg-1\",\n     \"VpcId\": \"vpc-1\"}\n  ]\n}")
        let vpc = try #require(read.objects.first).root["VpcId"]
        #expect(vpc.position == Position(line: 4, column: 6) && vpc.fieldPath == "SecurityGroups[0].VpcId")
        #expect(vpc.document["SecurityGroups"].count == 1)
    }
}

/// A rule has one form, however it is written.
struct GroupRuleTests {
    @Test(arguments: [
        ("TCP", "tcp"), ("6", "tcp"), ("udp", "udp"), ("17", "udp"), ("ALL", "all"), ("-1", "all"), ("ICMPv6", "icmpv6"), ("58", "icmpv6"),
        ("1", "icmp"),
        ("GRE", "gre"), ("132", "sctp"), ("50", "protocol 50"), ("0", "protocol 0"),
    ])
    func protocolsHaveOneName(text: String, name: String) {
        #expect(RuleProtocol(text).map { "\($0)" } == name)
    }

    @Test(arguments: ["", "http", "256", "+6", "-2", "6 ", "0x6", "६"])
    func nothingElseIsAProtocol(text: String) { #expect(RuleProtocol(text) == nil) }

    private func rule(_ proto: RuleProtocol, _ ports: GroupRule.Ports, priority: Int = 1, allows: Bool = true) -> GroupRule {
        GroupRule(.ingress, proto, ports, peer: .itself, written: "sg-1", isAllowing: allows, priority: priority)
    }

    @Test func allPortsAreAllHoweverTheyAreWritten() {
        #expect(rule(.tcp, .range(1, 65535)) == rule(.tcp, .range(0, 65535)))
        #expect(rule(.tcp, .range(1, 65535)) == rule(.tcp, .all))
        #expect(rule(.all, .range(22, 22)) == rule(.all, .all), "what has no ports has no range of them")
        #expect(rule(.icmp, .messages(type: -1, code: -1)) == rule(.icmp, .all))
        #expect(rule(.icmp, .messages(type: 8, code: -1)) != rule(.icmp, .messages(type: 8, code: 0)))
        #expect(rule(.tcp, .range(22, 22)) != rule(.udp, .range(22, 22)))
    }

    @Test func thePriorityIsPartOfTheRuleButNotOfWhatItSays() {
        #expect(rule(.tcp, .all, priority: 1) != rule(.tcp, .all, priority: 2))
        #expect(rule(.tcp, .all, priority: 1).isLike(rule(.tcp, .all, priority: 2)))
        #expect(!rule(.tcp, .all).isLike(rule(.tcp, .all, allows: false)))
    }

    @Test func readsAsASentence() {
        #expect(rule(.tcp, .range(22, 22)).description == "ingress tcp 22 from itself")
        let drop = GroupRule(.egress, .udp, .range(53, 54), peer: .group("sg-2"), written: "sg-2", isAllowing: false, priority: 3)
        #expect(drop.description == "drop egress udp 53-54 to sg-2")
        #expect(rule(.icmp, .messages(type: 8, code: 0)).description == "ingress icmp type 8 code 0 from itself")
    }

    /// A prefix is reserved by one cloud; on another it is a word like any other.
    @Test(arguments: [
        (Cloud.aws, "aws:eks:cluster-name", true), (.aws, "acs:x", false), (.aws, "AWS:x", false), (.aws, "kubernetes.io/cluster/a", false),
        (.alibaba, "acs:ack", true), (.alibaba, "aliyun.com/x", true), (.alibaba, "aws:eks:cluster-name", false), (.alibaba, "ack.aliyun.com", false),
    ])
    func tagsAreReservedByTheirOwnCloud(cloud: Cloud, key: String, expected: Bool) { #expect(cloud.reserves(tag: key) == expected) }
}
