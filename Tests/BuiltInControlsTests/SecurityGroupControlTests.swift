import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// What the examples of the controls on security groups do not show.
struct SecurityGroupControlTests {
    private func judge(_ control: String, _ documents: [String], settings: Settings = Settings()) -> Judgement {
        let inventory = Inventory(documents.flatMap { SourceObjects(DocumentTree.parse($0, source: "estate.yaml").tree).objects })
        return Catalogue(BuiltInControls.all.filter { $0.id == control }).judge(inventory, objects: inventory.objects.indices, settings: settings)
    }

    private func messages(_ control: String, _ documents: [String], settings: Settings = Settings()) -> [String] {
        judge(control, documents, settings: settings).findings.map { "\($0.verdict.rawValue) \($0.fieldPath): \($0.message)" }
    }

    static func group(_ rule: String, id: String = "sg-1", more: String = "") -> String {
        "{SecurityGroupId: \(id), VpcId: vpc-1, InnerAccessPolicy: Drop, \(more)Permissions: {Permission: [\(rule)]}}"
    }

    static let open22 = "{Direction: ingress, IpProtocol: TCP, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}"
    static let allControls = BuiltInControls.all.filter { $0.subjectKinds.contains("SecurityGroup") }.map(\.id)

    @Test func thereAreNineOfThemAndEachNamesTheSmallestRule() {
        #expect(Self.allControls.count == 8)
        for control in BuiltInControls.all
        where Self.allControls.contains(control.id) && control.severity > .low && control.id != "managed-security-groups" {
            #expect(
                control.remedy.contains("instance `") || control.remedy.contains("smaller number"), "\(control.id) names no rule to write instead")
        }
    }

    /// One rule is one fault: all ports are not also each port.
    @Test(arguments: [
        ("ALL", "-1/-1", ["security-group-open-to-everyone"]), ("TCP", "1/65535", ["security-group-open-to-everyone"]),
        ("TCP", "22/22", ["security-group-administrative-ports"]), ("TCP", "3306/3306", ["security-group-database-ports"]),
        ("TCP", "20/4000", ["security-group-administrative-ports", "security-group-database-ports"]), ("TCP", "443/443", []), ("UDP", "53/53", []),
        ("ICMP", "-1/-1", []), ("GRE", "-1/-1", []),
    ])
    func eachFaultIsSaidOnce(proto: String, ports: String, expected: [String]) {
        let rule = "{Direction: ingress, IpProtocol: \(proto), PortRange: \(ports), SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}"
        let found = Self.allControls.filter { !judge($0, [Self.group(rule)]).findings.isEmpty }
        #expect(Set(found) == Set(expected))
    }

    @Test func aBrokenRuleIsAGapAndHidesNoOther() {
        let broken = "{Direction: ingress, IpProtocol: TCP, PortRange: 22/abc, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}"
        let judgement = judge("security-group-administrative-ports", [Self.group("\(broken), \(Self.open22)")])
        #expect(judgement.findings.map(\.fieldPath) == ["Permissions.Permission[1].SourceCidrIp"])
        #expect(
            judgement.gaps.map(\.message) == [
                "Permissions.Permission[0].PortRange should be two ports from 1 to 65535, as 22/22, or -1/-1; as it is, it was not judged"
            ])
        #expect(judgement.notObservable == 1 && judgement.passed == 0)
    }

    /// Which of two descriptions is true cannot be told, so neither the open nor the closed one is a pass.
    @Test func aGroupDescribedTwiceIsAGap() {
        let judgement = judge("security-group-administrative-ports", [Self.group(Self.open22), Self.group("")])
        #expect(judgement.gaps.count == 1 && judgement.gaps[0].message.contains("the only description of this group in the estate"))
        #expect(judgement.notObservable == 1)
    }

    @Test func onePageOfRulesIsNotObservable() {
        let found = judge("security-group-administrative-ports", [Self.group(Self.open22, more: "NextToken: abc, ")]).findings
        #expect(found.map(\.verdict) == [.fail, .notObservable])
        #expect(judge("shadowed-drop-rules", [Self.group("", more: "NextToken: abc, ")]).findings.map(\.verdict) == [.notObservable])
    }

    /// `--query` leaves out what it is not asked for; that is no empty list of rules.
    @Test func aNarrowedAnswerIsNotObservable() {
        let narrowed = "SecurityGroups: [{GroupId: sg-1, Tags: [{Key: \"aws:eks:cluster-name\", Value: a}]}]"
        var settings = Settings()
        let amongItself = GroupRule(.ingress, .all, .all, peer: .itself, written: "self")
        settings.platformGroups.rules = [PlatformGroups.Rule(amongItself, isRequired: true, title: "its own")]
        for control in Self.allControls where control != "shadowed-drop-rules" {
            let found = judge(control, [narrowed], settings: settings).findings
            #expect(found.map(\.verdict) == [.notObservable], "\(control)")
        }
    }

    @Test func whatSomebodyWroteAsAnObjectIsNoRecord() {
        let forged =
            "{apiVersion: ecs.aliyuncs.com/2014-05-26, kind: SecurityGroup, metadata: {name: sg-1}, SecurityGroupId: sg-1, Permissions: {Permission: [\(Self.open22)]}}"
        for control in Self.allControls {
            let judgement = judge(control, [forged])
            #expect(judgement.findings.isEmpty && judgement.notApplicable == judgement.evaluated, "\(control)")
        }
    }

    // MARK: - Pods and their groups

    static func pod(_ annotations: String) -> String {
        "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {\(annotations)}}, "
            + "spec: {containers: [{name: app, ports: [{containerPort: 8443}, {containerPort: 53, protocol: UDP}]}]}}"
    }

    @Test(arguments: [
        ("sg-1", ["notObservable the rules of sg-1 decide who reaches the Pod, and they are not in the estate"]),
        ("sg-2", []), ("\"sg-2, sg-1\"", ["notObservable the rules of sg-1 decide who reaches the Pod, and they are not in the estate"]),
    ])
    func groupsOfThePodAreObservableWhereTheyAreDescribed(ids: String, expected: [String]) {
        let pod = Self.pod("network.alibabacloud.com/security-group-ids: \(ids)")
        let found = judge("pod-security-groups", [pod, Self.group("", id: "sg-2")]).findings
        #expect(found.map { "\($0.verdict.rawValue) \($0.message)" } == expected)
    }

    @Test(arguments: [
        (
            "[{SecurityGroupId: sg-1, SecurityGroupType: normal}, {SecurityGroupId: sg-2, SecurityGroupType: enterprise}]",
            "basic and enterprise groups"
        ),
        ("[{SecurityGroupId: sg-1, SecurityGroupType: normal}, {SecurityGroupId: sg-2, SecurityGroupType: normal}]", nil),
        ("[{SecurityGroupId: sg-1}]", nil),
    ])
    func groupsOfOneInterfaceHaveOneType(list: String, misfit: String?) {
        let pod = Self.pod("network.alibabacloud.com/security-group-ids: \"sg-1,sg-2\"")
        let documents = [pod, Self.group("", id: "sg-1"), Self.group("", id: "sg-2"), "SecurityGroups: {SecurityGroup: \(list)}"]
        #expect(
            judge("pod-security-group-list", documents).findings.map(\.message) == [misfit].compactMap { $0 }.map { "the Pod names \($0) together" })
    }

    @Test func publicPodsServeWhatTheySay() {
        let pod = Self.pod("network.alibabacloud.com/pod-with-eip: \"true\", network.alibabacloud.com/security-group-ids: sg-1")
        func rule(_ proto: String, _ ports: String) -> String {
            Self.group("{Direction: ingress, IpProtocol: \(proto), PortRange: \(ports), SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}")
        }
        #expect(messages("public-pod-groups", [pod, rule("TCP", "8443/8443")]).isEmpty)
        #expect(
            messages("public-pod-groups", [pod, rule("UDP", "53/54")]) == [
                "fail metadata.annotations[\"network.alibabacloud.com/pod-with-eip\"]: rule 'ingress udp 53-54 from 0.0.0.0/0' of sg-1 "
                    + "lets the Internet in on UDP 54, which the Pod does not serve"
            ])
        #expect(judge("public-pod-groups", [pod, Self.group("", id: "sg-2")]).findings.map(\.verdict) == [.notObservable])
        #expect(judge("public-pod-groups", [pod]).notApplicable == 1, "no group is described at all")
    }

    @Test func theMessageNamesTheWayTheRuleAndThePolicies() {
        let pod = Self.pod("network.alibabacloud.com/security-group-ids: sg-1, alibabacloud.com/enable-network-policy-agent: \"true\"")
        let service =
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, "
            + "ports: [{port: 443, targetPort: 22}]}}"
        let policy =
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web, namespace: shop}, "
            + "spec: {podSelector: {}, ingress: [{ports: [{port: 22}]}]}}"
        let documents = [pod, service, policy, Self.group(Self.open22)]
        #expect(
            messages("internet-reachable-workloads", documents) == [
                "fail metadata.name: the Internet reaches its Pods through Service shop/web on TCP 22: rule 'ingress tcp 22 from 0.0.0.0/0' of sg-1 "
                    + "lets it in, and NetworkPolicy shop/web lets it through"
            ])
        let unknown = messages("internet-reachable-workloads", [pod.replacing("sg-1", with: "sg-9"), service, policy, Self.group(Self.open22)])
        #expect(
            unknown == [
                "notObservable metadata.name: the Internet may reach its Pods through Service shop/web on TCP 22: the rules of sg-9 are not in the estate"
            ])
        #expect(judge("internet-reachable-workloads", [pod, service, policy]).notApplicable == 1)
    }

    /// On ACS policies have no effect until the Pod switches their agent on.
    @Test func policiesThatNothingEnforcesAreNotCounted() {
        let closed = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web, namespace: shop}, spec: {podSelector: {}}}"
        let pod = Self.pod("network.alibabacloud.com/pod-with-eip: \"true\", network.alibabacloud.com/security-group-ids: sg-1")
        #expect(
            messages("internet-reachable-workloads", [pod, closed, Self.group(Self.open22)]).first?.hasSuffix(
                "nothing enforces network policies on it") == true)
        let agent = pod.replacing("annotations: {", with: "annotations: {alibabacloud.com/enable-network-policy-agent: \"true\", ")
        #expect(messages("internet-reachable-workloads", [agent, closed, Self.group(Self.open22)]).isEmpty)
    }

    @Test func theClustersGroupIsASetting() {
        let pod = Self.pod("network.alibabacloud.com/pod-with-eip: \"true\"")
        var settings = Settings()
        #expect(judge("internet-reachable-workloads", [pod, Self.group(Self.open22)]).findings.map(\.verdict) == [.notObservable])
        settings.clusterSecurityGroups = ["sg-1"]
        #expect(judge("internet-reachable-workloads", [pod, Self.group(Self.open22)], settings: settings).findings.map(\.verdict) == [.fail])
    }

    // MARK: - Required rules

    @Test(arguments: [
        ("[{Key: \"aws:eks:cluster-name\", Value: a}]", "{IpProtocol: \"-1\", UserIdGroupPairs: [{GroupId: sg-1}]}", []),
        (
            "[{Key: \"aws:eks:cluster-name\", Value: a}]", "{IpProtocol: tcp, FromPort: 1, ToPort: 65535, UserIdGroupPairs: [{GroupId: sg-1}]}",
            [Verdict.fail]
        ),
        ("[{Key: \"aws:eks:cluster-name\", Value: a}]", "{IpProtocol: \"-1\", UserIdGroupPairs: [{GroupId: sg-2}]}", [.fail]),
        ("[{Key: Name, Value: eks-cluster-sg-a}]", "", []), ("[{Key: \"aws:eks:cluster-name\", Value: a}]", "", [.fail]),
    ])
    func areAskedOfThePlatformsGroupsOnly(tags: String, rule: String, expected: [Verdict]) {
        var settings = Settings()
        settings.platformGroups.rules = [
            PlatformGroups.Rule(GroupRule(.ingress, .all, .all, peer: .itself, written: "self"), isRequired: true, title: "its own"),
            PlatformGroups.Rule(GroupRule(.egress, .all, .all, peer: .itself, written: "self"), isRequired: false, title: "newer"),
        ]
        let text = "SecurityGroups: [{GroupId: sg-1, Tags: \(tags), IpPermissions: [\(rule)]}]"
        #expect(judge("required-security-group-rules", [text], settings: settings).findings.map(\.verdict) == expected)
        #expect(judge("required-security-group-rules", [text]).findings.isEmpty, "without a model that says so nothing is required")
    }

    // MARK: - Drops

    @Test(arguments: [
        ("TCP 1/1024 0.0.0.0/0", "TCP 22/22 198.51.100.0/24", true), ("ALL -1/-1 0.0.0.0/0", "ICMP -1/-1 198.51.100.0/24", true),
        ("TCP 1/1024 0.0.0.0/0", "UDP 22/22 198.51.100.0/24", false), ("TCP 1/1024 0.0.0.0/0", "ALL -1/-1 198.51.100.0/24", false),
        ("TCP 22/22 198.51.100.0/25", "TCP 22/22 198.51.100.0/24", false), ("TCP 22/22 198.51.100.0/24", "TCP 22/23 198.51.100.0/24", false),
    ])
    func aDropIsWithoutEffectBehindAnAcceptThatHoldsIt(accept: String, drop: String, expected: Bool) {
        func rule(_ text: String, _ policy: String, _ priority: Int) -> String {
            let part = text.split(separator: " ")
            return
                "{Direction: ingress, IpProtocol: \(part[0]), PortRange: \(part[1]), SourceCidrIp: \(part[2]), Policy: \(policy), Priority: \(priority)}"
        }
        #expect(judge("shadowed-drop-rules", [Self.group("\(rule(accept, "Accept", 1)), \(rule(drop, "Drop", 2))")]).findings.isEmpty == !expected)
        #expect(
            judge("shadowed-drop-rules", [Self.group("\(rule(accept, "Accept", 2)), \(rule(drop, "Drop", 2))")]).findings.isEmpty,
            "among equals the drop wins")
    }

    /// A hundred thousand rules are judged one by one, in the time that takes.
    @Test func hugeGroupsAreJudgedRuleByRule() {
        let rules = (0..<20_000).map {
            "{Direction: ingress, IpProtocol: TCP, PortRange: \($0 % 60 + 1)/\($0 % 60 + 1), SourceCidrIp: 0.0.0.0/0, Policy: \($0 % 3 == 0 ? "Drop" : "Accept"), Priority: \($0 % 100 + 1)}"
        }
        let documents = [Self.group(rules.joined(separator: ", "))]
        #expect(judge("security-group-administrative-ports", documents).findings.count > 200)
        #expect(judge("shadowed-drop-rules", documents).findings.map(\.verdict) == [.notObservable])
    }
}
