import BuiltInControls
import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// Whom a rule of a security group belongs to: the trail, then what only the platform can write, then what the model says.
struct GroupProvenanceTests {
    // MARK: - Documents

    static let eksMark = "[{Key: \"aws:eks:cluster-name\", Value: shop}]"
    /// Whoever may tag a group may write these.
    static let forgedMarks =
        "[{Key: Name, Value: eks-cluster-sg-shop-1}, {Key: kubernetes.io/cluster/shop, Value: owned}, {Key: \"eks:cluster-name\", Value: shop}]"

    static let open22 = "{IpProtocol: tcp, FromPort: 22, ToPort: 22, IpRanges: [{CidrIp: 0.0.0.0/0, Description: created by EKS}]}"
    static let fromItself = "{IpProtocol: \"-1\", UserIdGroupPairs: [{GroupId: sg-1}]}"
    static let everythingOut = "{IpProtocol: \"-1\", IpRanges: [{CidrIp: 0.0.0.0/0}]}"

    static func group(_ ingress: String, egress: String = "", tags: String = eksMark) -> String {
        "SecurityGroups: [{GroupId: sg-1, GroupName: eks-cluster-sg-shop-1, Description: EKS created security group, VpcId: vpc-1, Tags: \(tags), "
            + "IpPermissions: [\(ingress)], IpPermissionsEgress: [\(egress)]}]"
    }

    static let byEKS = "{type: AWSService, invokedBy: eks.amazonaws.com}"
    static let byLinkedRole =
        "{type: AssumedRole, arn: \"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonEKS/x\", sessionContext: {sessionIssuer: "
        + "{arn: \"arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS\"}}}"
    static let byHaruka = "{type: IAMUser, arn: \"arn:aws:iam::111122223333:user/haruka\"}"
    /// Names that people choose look like the platform's.
    static let byImpostor =
        "{type: AssumedRole, arn: \"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonEKS/eks.amazonaws.com\", "
        + "principalId: eks.amazonaws.com, userName: eks.amazonaws.com, sessionContext: {sessionIssuer: "
        + "{arn: \"arn:aws:iam::111122223333:role/my/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS\"}}}"

    static func event(
        _ id: String, _ name: String, _ identity: String, time: String = "2026-05-01T10:00:00Z", rule: String = "", error: String? = nil,
        request: String? = nil, response: String = "{}"
    ) -> String {
        let parameters = request ?? "{groupId: sg-1, ipPermissions: {items: [\(rule)]}}"
        return "{eventID: \(id), eventName: \(name), eventSource: ec2.amazonaws.com, eventTime: \"\(time)\", userIdentity: \(identity), "
            + "requestParameters: \(parameters), responseElements: \(response)\(error.map { ", errorCode: \($0)" } ?? "")}"
    }

    static let opens22 = "{ipProtocol: tcp, fromPort: 22, toPort: 22, groups: {}, ipRanges: {items: [{cidrIp: 0.0.0.0/0}]}}"
    static let allowsItself = "{ipProtocol: \"-1\", groups: {items: [{groupId: sg-1, userId: \"1\"}]}, ipRanges: {}, ipv6Ranges: {}}"
    static let allowsOut = "{ipProtocol: \"-1\", ipRanges: {items: [{cidrIp: 0.0.0.0/0}]}}"

    private func finding(
        _ control: String, _ documents: [String], model: String = "eks"
    ) throws -> AttributedFinding {
        let model = try #require(ResponsibilityModel.builtIn(model))
        let found = try findings(control, documents, model: model)
        #expect(found.count == 1, "\(found.count) findings")
        return try #require(found.first)
    }

    private func findings(_ control: String, _ documents: [String], model: ResponsibilityModel) throws -> [AttributedFinding] {
        let inventory = Inventory(documents.flatMap { SourceObjects(DocumentTree.parse($0, source: "estate.yaml").tree).objects })
        let controls = BuiltInControls.all.filter { $0.id == control }
        var settings = Settings()
        settings.platformGroups = model.securityGroups
        let judgement = Catalogue(controls).judge(inventory, objects: inventory.objects.indices, settings: settings)
        let now = try #require(Timestamp("2026-06-15T00:00:00Z"))
        let attributor = Attributor(model: model, inventory: inventory, controls: controls, now: now)
        return attributor.attribute(judgement.findings, controls: controls)
    }

    // MARK: - The matrix

    @Test(arguments: [
        ("none", [], Party.customer, Attribution.Strength.presumed, nil),
        (
            "customer", [event("e1", "AuthorizeSecurityGroupIngress", byHaruka, rule: opens22)], .customer, .proven,
            "arn:aws:iam::111122223333:user/haruka"
        ),
        ("provider", [event("e1", "AuthorizeSecurityGroupIngress", byEKS, rule: opens22)], .provider, .proven, "eks.amazonaws.com"),
        (
            "linked role", [event("e1", "AuthorizeSecurityGroupIngress", byLinkedRole, rule: opens22)], .provider, .proven,
            "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonEKS/x"
        ),
        (
            "impostor", [event("e1", "AuthorizeSecurityGroupIngress", byImpostor, rule: opens22)], .customer, .proven,
            "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonEKS/eks.amazonaws.com"
        ),
        (
            "failed call", [event("e1", "AuthorizeSecurityGroupIngress", byEKS, rule: opens22, error: "Client.UnauthorizedOperation")], .customer,
            .presumed, nil
        ),
        ("another direction", [event("e1", "AuthorizeSecurityGroupEgress", byEKS, rule: opens22)], .customer, .presumed, nil),
        (
            "another group",
            [event("e1", "AuthorizeSecurityGroupIngress", byEKS, request: "{groupId: sg-2, ipPermissions: {items: [\(opens22)]}}")], .customer,
            .presumed, nil
        ),
        (
            "another port", [event("e1", "AuthorizeSecurityGroupIngress", byEKS, rule: opens22.replacing("22", with: "23"))], .customer, .presumed,
            nil
        ),
        ("nobody named", [event("e1", "AuthorizeSecurityGroupIngress", "{type: AWSAccount}", rule: opens22)], .customer, .presumed, nil),
        // Adding what is there already changes nothing; who was first wrote it.
        (
            "again",
            [
                event("e2", "AuthorizeSecurityGroupIngress", byEKS, time: "2026-05-02T10:00:00Z", rule: opens22),
                event("e1", "AuthorizeSecurityGroupIngress", byHaruka, rule: opens22),
            ], .customer, .proven, "arn:aws:iam::111122223333:user/haruka"
        ),
        (
            "removed and added by another",
            [
                event("e1", "AuthorizeSecurityGroupIngress", byEKS, rule: opens22),
                event("e2", "RevokeSecurityGroupIngress", byHaruka, time: "2026-05-02T10:00:00Z", rule: opens22),
                event("e3", "AuthorizeSecurityGroupIngress", byHaruka, time: "2026-05-03T10:00:00Z", rule: opens22),
            ], .customer, .proven, "arn:aws:iam::111122223333:user/haruka"
        ),
        (
            "removed, and yet there",
            [
                event("e1", "AuthorizeSecurityGroupIngress", byEKS, rule: opens22),
                event("e2", "RevokeSecurityGroupIngress", byHaruka, time: "2026-05-02T10:00:00Z", rule: opens22),
            ], .customer, .presumed, nil
        ),
    ])
    func theTrailDecidesFirst(
        name: String, events: [String], party: Party, strength: Attribution.Strength, principal: String?
    ) throws {
        for tags in [Self.eksMark, Self.forgedMarks] {
            let found = try finding("security-group-administrative-ports", [Self.group(Self.open22, tags: tags)] + events)
            #expect(found.attribution.party == party && found.attribution.strength == strength && found.attribution.principal == principal, "\(name)")
            #expect(found.attribution.basis == (strength == .proven ? .provenance : .origin), "\(name)")
        }
    }

    @Test func theChainNamesEventTimeAndIdentity() throws {
        let event = Self.event("e1", "AuthorizeSecurityGroupIngress", Self.byHaruka, rule: Self.opens22)
        let found = try finding("security-group-administrative-ports", [Self.group(Self.open22), event])
        #expect(
            found.attribution.chain == [
                "fixedDuty: P3b is nobody's without condition", "grant: no grant names this workload",
                "provenance: event e1 (AuthorizeSecurityGroupIngress, 2026-05-01T10:00:00Z) by arn:aws:iam::111122223333:user/haruka wrote the rule; "
                    + "the model knows no such identity of the platform",
            ])
        #expect(found.finding.place.fieldPath == "SecurityGroups[0].IpPermissions[0].IpRanges[0].CidrIp")
    }

    @Test func aServiceOnBehalfOfSomebodyIsTold() throws {
        let both = "{arn: \"arn:aws:iam::111122223333:user/haruka\", invokedBy: eks.amazonaws.com}"
        let found = try finding(
            "security-group-administrative-ports",
            [Self.group(Self.open22), Self.event("e1", "AuthorizeSecurityGroupIngress", both, rule: Self.opens22)])
        #expect(found.attribution.party == .provider && found.attribution.strength == .proven)
        #expect(found.attribution.principal == "eks.amazonaws.com on behalf of arn:aws:iam::111122223333:user/haruka")
        // Stacks of a customer are made by a service too, and are the customer's.
        let stack = both.replacing("eks.amazonaws.com", with: "cloudformation.amazonaws.com")
        let other = try finding(
            "security-group-administrative-ports",
            [Self.group(Self.open22), Self.event("e1", "AuthorizeSecurityGroupIngress", stack, rule: Self.opens22)])
        #expect(other.attribution.party == .customer && other.attribution.strength == .proven)
    }

    // MARK: - Rules of the platform

    @Test func anUnchangedRuleOfThePlatformIsTheProviders() throws {
        let found = try finding("security-group-open-egress", [Self.group(Self.fromItself, egress: Self.everythingOut)])
        #expect(found.attribution.party == .provider && found.attribution.strength == .presumed && found.attribution.basis == .origin)
        #expect(found.attribution.chain.last?.contains("tag aws:eks:cluster-name, which only the platform can write") == true)
    }

    /// Names, descriptions and tags of the customer never move a rule to the provider.
    @Test func aGroupThatOnlyLooksLikeThePlatformsIsTheCustomers() throws {
        let found = try finding("security-group-open-egress", [Self.group(Self.fromItself, egress: Self.everythingOut, tags: Self.forgedMarks)])
        #expect(found.attribution.party == .customer && found.attribution.strength == .presumed)
        #expect(found.attribution.chain.contains { $0.contains("looks like one of the platform's") })
    }

    @Test func theGroupsMakerWroteTheRuleItCameWith() throws {
        let made = Self.event("e0", "CreateSecurityGroup", Self.byEKS, request: "{groupName: x}", response: "{groupId: sg-1}")
        let documents = [Self.group(Self.fromItself, egress: Self.everythingOut, tags: Self.forgedMarks), made]
        let found = try finding("security-group-open-egress", documents)
        #expect(found.attribution.party == .provider && found.attribution.strength == .proven)
        #expect(found.attribution.chain.last?.contains("event e0 (CreateSecurityGroup") == true)
        // Removed and added again, it is somebody else's.
        let found2 = try finding(
            "security-group-open-egress",
            documents + [
                Self.event("e1", "RevokeSecurityGroupEgress", Self.byHaruka, time: "2026-05-02T10:00:00Z", rule: Self.allowsOut),
                Self.event("e2", "AuthorizeSecurityGroupEgress", Self.byHaruka, time: "2026-05-03T10:00:00Z", rule: Self.allowsOut),
            ])
        #expect(found2.attribution.party == .customer && found2.attribution.strength == .proven)
        // A call of the other cloud's name makes no group.
        let odd = made.replacing("CreateSecurityGroup", with: "ModifySecurityGroupRule")
        let found4 = try finding(
            "security-group-open-egress", [Self.group(Self.fromItself, egress: Self.everythingOut, tags: Self.forgedMarks), odd])
        #expect(found4.attribution.party == .customer && found4.attribution.strength == .presumed)
        // Another rule of the group it did not come with.
        let found3 = try finding("security-group-administrative-ports", [Self.group(Self.open22), made])
        #expect(found3.attribution.party == .customer && found3.attribution.strength == .presumed)
    }

    @Test func aModelThatSaysNothingOfGroupsLeavesItToThePlane() throws {
        for name in ["gke", "self-managed"] {
            let found = try finding("security-group-administrative-ports", [Self.group(Self.open22)], model: name)
            #expect(found.attribution.party == .customer && found.attribution.basis == .plane && found.attribution.strength == .presumed)
            #expect(found.attribution.chain.contains("origin: the model does not say which rules the platform creates"))
        }
    }

    // MARK: - What is missing

    @Test(arguments: [
        ("nothing", [], Party.customer, Attribution.Strength.presumed),
        ("customer", [event("e1", "RevokeSecurityGroupIngress", byHaruka, rule: allowsItself)], .customer, .proven),
        ("provider", [event("e1", "RevokeSecurityGroupIngress", byEKS, rule: allowsItself)], .provider, .proven),
        ("failed", [event("e1", "RevokeSecurityGroupIngress", byEKS, rule: allowsItself, error: "Client.DryRunOperation")], .customer, .presumed),
        ("another rule", [event("e1", "RevokeSecurityGroupIngress", byEKS, rule: opens22)], .customer, .presumed),
        (
            "by its id",
            [
                event(
                    "e0", "AuthorizeSecurityGroupIngress", byEKS, time: "2026-01-01T00:00:00Z", rule: allowsItself,
                    response:
                        "{securityGroupRuleSet: {items: [{groupId: sg-1, securityGroupRuleId: sgr-7, isEgress: false, ipProtocol: \"-1\", fromPort: -1, toPort: -1, referencedGroupInfo: {groupId: sg-1}}]}}"
                ),
                event(
                    "e1", "RevokeSecurityGroupIngress", byHaruka,
                    request: "{groupId: sg-1, securityGroupRuleIds: {items: [{securityGroupRuleId: sgr-7}]}}"),
            ], .customer, .proven
        ),
    ])
    func whoRemovedARequiredRuleAnswersForIt(name: String, events: [String], party: Party, strength: Attribution.Strength) throws {
        let found = try finding("required-security-group-rules", [Self.group("", egress: Self.everythingOut)] + events)
        #expect(found.attribution.party == party && found.attribution.strength == strength, "\(name): \(found.attribution.chain)")
        #expect(found.finding.fieldPath == "SecurityGroups[0].IpPermissions" && found.finding.value == "ingress all from itself")
        #expect(found.finding.message == "sg-1 lacks the rule 'ingress all from itself' (control plane and nodes among themselves)")
        #expect(strength == .presumed || found.attribution.chain.last?.contains("removed the rule") == true)
    }

    // MARK: - Changes by id

    @Test func aModificationIsItsAuthors() throws {
        let request =
            "{ModifySecurityGroupRulesRequest: {GroupId: sg-1, SecurityGroupRule: {SecurityGroupRuleId: sgr-1, tag: 1, SecurityGroupRule: "
            + "{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv4: 0.0.0.0/0}}}}"
        let events = [
            Self.event("e1", "AuthorizeSecurityGroupIngress", Self.byEKS, rule: Self.opens22.replacing("0.0.0.0/0", with: "10.0.0.0/8")),
            Self.event("e2", "ModifySecurityGroupRules", Self.byHaruka, time: "2026-05-02T10:00:00Z", request: request),
        ]
        let found = try finding("security-group-administrative-ports", [Self.group(Self.open22)] + events)
        #expect(
            found.attribution.party == .customer && found.attribution.strength == .proven
                && found.attribution.chain.last?.contains("event e2") == true)
        // The event names no direction: with such a rule in both, it proves nothing of either.
        let both = try finding("security-group-administrative-ports", [Self.group(Self.open22, egress: Self.open22)] + events)
        #expect(both.attribution.strength == .presumed)
        let rows =
            "SecurityGroupRules: [{SecurityGroupRuleId: sgr-1, GroupId: sg-1, IsEgress: false, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv4: 0.0.0.0/0}]"
        let numbered = try finding("security-group-administrative-ports", [Self.group(Self.open22, egress: Self.open22), rows] + events)
        #expect(numbered.attribution.strength == .proven, "the list of rules tells whose id it is")
    }

    // MARK: - Alibaba Cloud

    static func alibaba(_ rule: String = "", managed: Bool = false) -> [String] {
        let rule = rule.isEmpty ? "PortRange: 22/22, SourceCidrIp: 0.0.0.0/0" : rule
        return [
            "{SecurityGroupId: sg-1, SecurityGroupName: alicloud-cs-auto-created-1, InnerAccessPolicy: Drop, Permissions: {Permission: ["
                + "{Direction: ingress, IpProtocol: TCP, \(rule), Policy: Accept, Priority: 1, SecurityGroupRuleId: sgr-1, Description: System created rule.}]}}",
            "SecurityGroups: {SecurityGroup: [{SecurityGroupId: sg-1, SecurityGroupType: enterprise, ServiceManaged: \(managed), ServiceID: 7}]}",
        ]
    }

    static func alibabaEvent(
        _ identity: String, name: String = "AuthorizeSecurityGroup", type: String = "ApiCall", error: String = "\"\"",
        request: String =
            "Permissions.1.IpProtocol: TCP, Permissions.1.PortRange: 22/22, Permissions.1.SourceCidrIp: 0.0.0.0/0, Permissions.1.Priority: \"1\""
    ) -> String {
        "{eventId: a1, eventName: \(name), eventSource: ecs.aliyuncs.com, serviceName: Ecs, eventType: \(type), errorCode: \(error), "
            + "eventTime: \"2026-05-01T10:00:00Z\", userIdentity: \(identity), requestParameters: {SecurityGroupId: sg-1, \(request)}}"
    }

    static let user = "{type: ram-user, accountId: \"17\", userName: sota}"
    static let role = "{type: assumed-role, accountId: \"17\", userName: \"aliyuncsdefaultrole:x\"}"

    @Test(arguments: [
        ("no trail", nil, Party.customer, Attribution.Strength.presumed),
        ("user", alibabaEvent(user), .customer, .proven), ("owner", alibabaEvent("{type: root-account, accountId: \"17\"}"), .customer, .proven),
        ("a user called like a role", alibabaEvent("{type: ram-user, userName: role/aliyuncsdefaultrole}"), .customer, .proven),
        ("a session called like a role", alibabaEvent("{type: assumed-role, userName: \"mine:aliyuncsdefaultrole\"}"), .customer, .proven),
        // Whoever administers the account can change who may assume the platform's roles.
        ("service role", alibabaEvent(role), .provider, .presumed),
        ("linked role", alibabaEvent("{type: assumed-role, userName: \"AliyunServiceRoleForECI:x\"}"), .provider, .presumed),
        ("the cloud itself", alibabaEvent("{type: system}", type: "AliyunServiceEvent"), .provider, .proven),
        ("failed", alibabaEvent(role, error: "Forbidden.RAM"), .customer, .presumed),
        ("flat", alibabaEvent(user, request: "IpProtocol: tcp, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0"), .customer, .proven),
        (
            "list", alibabaEvent(user, request: "Permissions: [{IpProtocol: tcp, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0, Policy: accept}]"),
            .customer, .proven
        ),
        ("by id", alibabaEvent(user, name: "ModifySecurityGroupRule", request: "SecurityGroupRuleId: sgr-1, PortRange: 22/22"), .customer, .proven),
        (
            "another id", alibabaEvent(user, name: "ModifySecurityGroupRule", request: "SecurityGroupRuleId: sgr-2, PortRange: 22/22"), .customer,
            .presumed
        ),
        (
            "another priority",
            alibabaEvent(user, request: "IpProtocol: tcp, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0, Priority: 7"), .customer, .presumed
        ),
        (
            "egress", alibabaEvent(user, name: "AuthorizeSecurityGroupEgress", request: "IpProtocol: tcp, PortRange: 22/22, DestCidrIp: 0.0.0.0/0"),
            .customer, .presumed
        ),
    ])
    func actionTrailIsReadToo(name: String, event: String?, party: Party, strength: Attribution.Strength) throws {
        for model in ["acs", "ack"] {
            let found = try finding("security-group-administrative-ports", Self.alibaba() + [event].compactMap { $0 }, model: model)
            #expect(found.attribution.party == party && found.attribution.strength == strength, "\(name): \(found.attribution.chain)")
        }
    }

    /// What nobody but a service can change is the platform's, whoever it looks like.
    @Test func aManagedGroupIsTheProviders() throws {
        let egress = Self.alibaba(managed: true).map {
            $0.replacing("ingress", with: "egress").replacing("SourceCidrIp", with: "DestCidrIp").replacing("22/22", with: "1/65535")
        }
        let found = try finding("security-group-open-egress", egress, model: "acs")
        #expect(found.attribution.party == .provider && found.attribution.strength == .recorded && found.attribution.basis == .provenance)
        let open = try finding("managed-security-groups", Self.alibaba(managed: true), model: "acs")
        #expect(open.attribution.party == .provider && open.attribution.basis == .fixedDuty)
        let model = try #require(ResponsibilityModel.builtIn("acs"))
        #expect(try findings("security-group-administrative-ports", Self.alibaba(managed: true), model: model).isEmpty, "said once")
    }

    // MARK: - Causes elsewhere

    /// A workload that a rule opens is the business of whoever wrote the rule.
    @Test func theRuleThatOpensAWorkloadDecides() throws {
        let pod =
            "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, annotations: {network.alibabacloud.com/pod-with-eip: \"true\", "
            + "network.alibabacloud.com/security-group-ids: sg-1}}, spec: {containers: [{name: app}]}}"
        let presumed = try finding("internet-reachable-workloads", [pod] + Self.alibaba(), model: "acs")
        #expect(presumed.attribution.party == .customer && presumed.attribution.strength == .presumed && presumed.attribution.basis == .origin)
        let proven = try finding("internet-reachable-workloads", [pod] + Self.alibaba() + [Self.alibabaEvent(Self.user)], model: "acs")
        #expect(proven.attribution.principal == "user sota" && proven.attribution.strength == .proven)
        #expect(proven.finding.place.fieldPath == "metadata.name", "the finding stands at the workload")
        let managed = try finding("internet-reachable-workloads", [pod] + Self.alibaba(managed: true), model: "acs")
        #expect(managed.attribution.party == .provider && managed.attribution.strength == .recorded)
    }

    /// A rule keeps its fingerprint when others are added before it.
    @Test func fingerprintsSurviveNewRules() throws {
        let one = try finding("security-group-administrative-ports", [Self.group(Self.open22)])
        let other = try finding("security-group-administrative-ports", [Self.group(Self.fromItself + ", " + Self.open22)])
        #expect(one.fingerprint == other.fingerprint)
        let third = try finding("security-group-administrative-ports", [Self.group(Self.open22.replacing("22", with: "23"))])
        #expect(one.fingerprint != third.fingerprint)
    }

    // MARK: - Events that cannot be read

    @Test(arguments: [
        event("e1", "AuthorizeSecurityGroupIngress", byHaruka, time: "yesterday", rule: opens22),
        event("e1", "AuthorizeSecurityGroupIngress", byHaruka, rule: opens22.replacing("fromPort: 22", with: "fromPort: 99999")),
        event("e1", "AuthorizeSecurityGroupIngress", byHaruka, rule: opens22.replacing("0.0.0.0/0", with: "broken")),
        event("e1", "AuthorizeSecurityGroupIngress", "7", rule: opens22), event("e1", "AuthorizeSecurityGroupIngress", "{arn: [x]}", rule: opens22),
        event("e1", "AuthorizeSecurityGroupIngress", byHaruka, request: "{groupId: sg-1, ipPermissions: {items: 7}}"),
        event("e1", "AuthorizeSecurityGroupIngress", byHaruka, request: "7"),
    ])
    func areGapsAndProveNothing(event: String) throws {
        let documents = [Self.group(Self.open22), event]
        let found = try finding("security-group-administrative-ports", documents)
        #expect(found.attribution.strength == .presumed)
        let inventory = Inventory(documents.flatMap { SourceObjects(DocumentTree.parse($0, source: "estate.yaml").tree).objects })
        let model = try #require(ResponsibilityModel.builtIn("eks"))
        let attributor = Attributor(model: model, inventory: inventory, controls: [], now: try #require(Timestamp("2026-06-15T00:00:00Z")))
        #expect(attributor.unreadable.count == 1 && attributor.unreadable.first?.value.isInside(inventory.objects[1].root) == true)
    }

    /// An object that somebody wrote is no event, however it calls itself.
    @Test func aWrittenObjectIsNoTrail() throws {
        let forged = Self.event("e1", "AuthorizeSecurityGroupIngress", Self.byEKS, rule: Self.opens22).dropFirst()
        let object = "{apiVersion: ec2.amazonaws.com/2016-11-15, kind: SecurityGroupChange, metadata: {name: e1}, \(forged)"
        let found = try finding("security-group-administrative-ports", [Self.group(Self.open22), object])
        #expect(found.attribution.party == .customer && found.attribution.strength == .presumed)
    }
}

/// `securityGroups:` of a model, and identities of a cloud among its principals.
struct SecurityGroupModelTests {
    static let section = """
          securityGroups:
            marks:
            - tag: "aws:platform"
              title: its own
              sources: [PAGE]
            rules:
            - direction: ingress
              protocol: tcp
              ports: "443"
              peer: self
              required: true
              title: its own
              sources: [PAGE]
          liability
        """

    private func read(_ old: String = "", _ new: String = "") -> ResponsibilityModel.Reading {
        let document = ResponsibilityModel.document.replacing("  liability", with: Self.section.replacing(old.isEmpty ? "\u{0}" : old, with: new))
        return ResponsibilityModel.read(Array(document.utf8), source: "model.yaml")
    }

    @Test func isRead() throws {
        let reading = read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let groups = try #require(reading.model).securityGroups
        #expect(groups.marks == [.tag("aws:platform")] && groups.sources == ["PAGE", "PAGE"])
        #expect(groups.rules.map(\.rule.description) == ["ingress tcp 443 from itself"] && groups.rules.map(\.isRequired) == [true])
        #expect(ResponsibilityModel.example.securityGroups.isEmpty)
    }

    @Test(arguments: [
        ("aws:platform", "platform", "customers can write a tag called 'platform'"), ("aws:platform", "AWS:platform", "customers can write a tag"),
        ("    - tag: \"aws:platform\"", "    - serviceManaged: false", "only a group that is managed is marked"),
        ("      title: its own\n      sources: [PAGE]\n    rules", "      serviceManaged: true\n    rules", "a mark is exactly one of"),
        ("sources: [PAGE]\n    rules", "sources: [NONE]\n    rules", "there is no source 'NONE'"),
        ("ingress", "inward", "'direction' cannot be 'inward'"),
        ("protocol: tcp", "protocol: http", "'http' is no protocol"), ("\"443\"", "\"0\"", "'ports' should be"),
        ("\"443\"", "\"90-80\"", "'ports' should be"),
        ("\"443\"", "\"70000\"", "'ports' should be"), ("\"443\"", "[443]", "'ports' should be"),
        ("peer: self", "peer: everyone", "neither self nor a block"),
        ("required: true", "required: often", "'required' should be true or false"),
        ("      title: its own\n      sources: [PAGE]\n  liability", "  liability", "'title' is missing"),
        ("required", "mandatory", "a rule has no field 'mandatory'"), ("    marks:", "    labels:", "securityGroups has no field 'labels'"),
    ])
    func tellsWhatIsWrong(old: String, new: String, message: String) {
        let faults = read(old, new).faults
        #expect(faults.contains { $0.message.contains(message) }, "\(faults)")
    }

    @Test func marksAndRulesStandOnce() {
        let twice = "    - tag: \"aws:platform\"\n    - tag: \"aws:platform\""
        #expect(read("    - tag: \"aws:platform\"", twice).faults.contains { $0.message.contains("is there twice") })
    }

    @Test(arguments: [
        ("- cloud: eks.amazonaws.com\n    party: provider", nil), ("- cloud: \"role/x*\"\n    party: provider\n    assumable: true", nil),
        ("- cloud: \"*x\"\n    party: provider", "has a * before its end"), ("- cloud: x\n    user: y\n    party: provider", "exactly one of"),
        ("- user: x\n    party: provider\n    assumable: true", "'assumable' has a meaning"),
        ("- cloud: x\n    party: provider\n    managers: [y]", "'managers' has a meaning"),
        ("- cloud: x\n    party: provider\n    sources: [NONE]", "there is no source 'NONE'"),
    ])
    func principalsMayBeOfACloud(row: String, message: String?) {
        let document = ResponsibilityModel.document.replacing("  principals:\n", with: "  principals:\n  \(row)\n")
        let reading = ResponsibilityModel.read(Array(document.utf8), source: "model.yaml")
        if let message {
            #expect(reading.faults.contains { $0.message.contains(message) }, "\(reading.faults)")
        } else {
            #expect(reading.model != nil, "\(reading.faults)")
        }
    }

    @Test func differencesShowThem() throws {
        let eks = try #require(ResponsibilityModel.builtIn("eks"))
        let self0 = try #require(ResponsibilityModel.builtIn("self-managed"))
        let paths = Set(ResponsibilityModel.differences(from: self0, to: eks).map(\.path))
        #expect(
            paths.contains("securityGroups.marks[tag aws:eks:cluster-name]")
                && paths.contains("securityGroups.rules[ingress all from itself].required"))
        #expect(paths.contains("principals[cloud:eks.amazonaws.com].party"))
        let acs = try #require(ResponsibilityModel.builtIn("acs"))
        #expect(ResponsibilityModel.differences(from: eks, to: acs).contains { $0.path == "principals[cloud:role/aliyuncsdefaultrole].assumable" })
    }
}
