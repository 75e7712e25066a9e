import Documents
import Kubernetes
import Reachability
import Testing

/// Which groups a workload has, and when nobody can say.
struct GroupAssignmentTests {
    static let marks: [PlatformGroups.Mark] = [.tag("aws:eks:cluster-name"), .managed]

    static func pod(_ name: String = "web", labels: String = "{app: web}", annotations: String = "{}", spec: String = "") -> String {
        "{apiVersion: v1, kind: Pod, metadata: {name: \(name), namespace: shop, labels: \(labels), annotations: \(annotations)}, "
            + "spec: {\(spec)containers: [{name: app}]}}"
    }

    static func policy(_ selectors: String, _ ids: String = "[sg-1]", name: String = "web") -> String {
        "{apiVersion: vpcresources.k8s.aws/v1beta1, kind: SecurityGroupPolicy, metadata: {name: \(name), namespace: shop}, "
            + "spec: {\(selectors)\(selectors.isEmpty ? "" : ", ")securityGroups: {groupIds: \(ids)}}}"
    }

    static func networking(_ selector: String, _ ids: String = "[sg-1]", name: String = "web", more: String = "") -> String {
        "{apiVersion: network.alibabacloud.com/v1beta1, kind: PodNetworking, metadata: {name: \(name)}, "
            + "spec: {selector: \(selector), securityGroupIDs: \(ids)\(more)}}"
    }

    /// `[ids]`, or `?` with the reason.
    private func groups(_ documents: [String], ids: [String] = [], object: Int = 0) -> String {
        let inventory = Inventory(documents.flatMap { SourceObjects(DocumentTree.parse($0).tree).objects })
        let set = SecurityGroups(of: inventory).groups(ofObject: object, SecurityGroups.ClusterGroup(ids: ids, marks: Self.marks))
        return set.unknown.map { "? \($0)" } ?? set.ids.joined(separator: ",")
    }

    @Test(arguments: [
        ("{network.alibabacloud.com/security-group-ids: \"sg-1, sg-2,sg-1,\"}", "sg-1,sg-2"),
        ("{k8s.aliyun.com/eci-security-group: sg-3}", "sg-3"),
        ("{k8s.aliyun.com/eci-security-group: sg-3, network.alibabacloud.com/security-group-ids: sg-1}", "sg-1"),
        ("{network.alibabacloud.com/security-group-ids: \"\"}", "sg-cluster"), ("{}", "sg-cluster"),
        ("{network.alibabacloud.com/security-group-ids: 7}", "? what the Pod says of its groups cannot be read"),
        ("{k8s.aliyun.com/pod-networks: \"{}\"}", "? the Pod brings interfaces of its own"),
        ("{k8s.aliyun.com/pod-networking: none}", "? PodNetworking 'none' is not in the estate"),
    ])
    func annotationsNameGroups(annotations: String, expected: String) {
        let other = Self.networking("{podSelector: {matchLabels: {app: api}}}")
        #expect(groups([Self.pod(annotations: annotations), other], ids: ["sg-cluster"]) == expected)
    }

    @Test(arguments: [
        ("podSelector: {matchLabels: {app: web}}", "sg-1"), ("podSelector: {}", "sg-1"), ("podSelector: {matchLabels: {app: api}}", "sg-cluster"),
        ("", "sg-cluster"), ("serviceAccountSelector: {}", "sg-1"), ("serviceAccountSelector: {matchLabels: {team: shop}}", "sg-1"),
        ("serviceAccountSelector: {matchLabels: {team: db}}", "sg-cluster"),
        ("podSelector: {matchLabels: {app: web}}, serviceAccountSelector: {matchLabels: {team: db}}", "sg-cluster"),
        ("podSelector: {matchExpressions: [{key: app, operator: Like}]}", "sg-cluster"),
    ])
    func securityGroupPoliciesSelect(selectors: String, expected: String) {
        let account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop, labels: {team: shop}}}"
        #expect(groups([Self.pod(), account, Self.policy(selectors)], ids: ["sg-cluster"]) == expected)
    }

    @Test func thePoliciesOfAPodAddUp() {
        let found = groups([Self.pod(), Self.policy("podSelector: {}", "[sg-1, sg-2]"), Self.policy("podSelector: {}", "[sg-2, sg-3]", name: "more")])
        #expect(found == "sg-1,sg-2,sg-3")
        #expect(groups([Self.pod(), Self.policy("podSelector: {}", "[]")], ids: ["sg-cluster"]) == "sg-cluster")
        #expect(
            groups([Self.pod(), Self.policy("serviceAccountSelector: {matchLabels: {a: b}}")], ids: ["sg-cluster"])
                == "? SecurityGroupPolicy 'web' asks for labels of a ServiceAccount that is not in the estate")
    }

    @Test(arguments: [
        ("{podSelector: {matchLabels: {app: web}}}", "", "sg-1"), ("{podSelector: {matchLabels: {app: api}}}", "", "sg-cluster"),
        ("{}", "", "sg-cluster"),
        ("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}", "", "sg-1"),
        (
            "{namespaceSelector: {matchLabels: {team: shop}}}", "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: shop}}}",
            "sg-1"
        ),
        ("{namespaceSelector: {matchLabels: {team: shop}}}", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}", "sg-cluster"),
        (
            "{namespaceSelector: {matchLabels: {team: shop}}}", "",
            "? PodNetworking 'web' asks for labels of namespace 'shop', which is not in the estate"
        ),
    ])
    func podNetworkingsSelect(selector: String, namespace: String, expected: String) {
        #expect(groups([Self.pod(), Self.networking(selector), namespace], ids: ["sg-cluster"]) == expected)
    }

    @Test func whichOfSeveralPodNetworkingsCountsIsNobodysPromise() {
        let both = [Self.networking("{podSelector: {}}", "[sg-1]"), Self.networking("{podSelector: {}}", "[sg-2]", name: "other")]
        #expect(groups([Self.pod()] + both) == "? 2 PodNetworkings with different groups match the Pod")
        #expect(groups([Self.pod(), both[0], Self.networking("{podSelector: {}}", "[sg-1]", name: "same")]) == "sg-1")
        #expect(groups([Self.pod(annotations: "{k8s.aliyun.com/pod-networking: other}")] + both) == "sg-2")
        #expect(groups([Self.pod(), Self.networking("{podSelector: {}}", more: ", allocationType: {type: Fixed}")], ids: ["sg-c"]) == "sg-c")
    }

    @Test func aPodOnTheNodesNetworkHasTheNodesGroups() {
        let found = groups([Self.pod(spec: "hostNetwork: true, "), Self.policy("podSelector: {}")], ids: ["sg-c"])
        #expect(found == "? the Pod is on its node's network, and the node's groups are not in the estate")
    }

    // MARK: - The cluster's group

    static let tagged = "[{Key: \"aws:eks:cluster-name\", Value: shop}]"
    static let forged = "[{Key: Name, Value: eks-cluster-sg-shop-1}, {Key: kubernetes.io/cluster/shop, Value: owned}]"

    @Test(arguments: [
        ([awsGroups(awsGroup("sg-1", tags: tagged), awsGroup("sg-2", tags: forged))], [], "sg-1"),
        ([awsGroups(awsGroup("sg-1", tags: tagged))], ["sg-7"], "sg-7"),
        (
            [awsGroups(awsGroup("sg-2", tags: forged))], [],
            "? which group the cluster's Pods are in is not in the estate; name it under clusterSecurityGroups in .demarc.yaml"
        ),
        (
            [awsGroups(awsGroup("sg-1", tags: tagged), awsGroup("sg-2", tags: tagged))], [],
            "? 2 groups are marked by the platform; name the cluster's under clusterSecurityGroups in .demarc.yaml"
        ),
        ([alibabaGroup("sg-1", []), "SecurityGroups: {SecurityGroup: [{SecurityGroupId: sg-1, ServiceManaged: true}]}"], [], "sg-1"),
        // On Alibaba Cloud anybody may write a tag that begins as AWS' own do.
        (
            [
                alibabaGroup("sg-1", []),
                "SecurityGroups: {SecurityGroup: [{SecurityGroupId: sg-1, Tags: {Tag: [{TagKey: \"aws:eks:cluster-name\", TagValue: shop}]}}]}",
            ], [], "? which group the cluster's Pods are in is not in the estate; name it under clusterSecurityGroups in .demarc.yaml"
        ),
    ])
    func isFoundByWhatOnlyThePlatformCanWrite(documents: [String], ids: [String], expected: String) {
        #expect(groups([Self.pod()] + documents, ids: ids) == expected)
    }

    @Test func membersAreThoseOfAnnotationsPoliciesAndTheCluster() {
        let inventory = estate(
            Self.pod("one"), Self.pod("two", labels: "{app: api}", annotations: "{network.alibabacloud.com/security-group-ids: \"sg-2\"}"),
            Self.pod("three", spec: "hostNetwork: true, "))
        let groups = SecurityGroups(of: inventory)
        let cluster = SecurityGroups.ClusterGroup(ids: ["sg-1"], marks: [])
        #expect(groups.members(of: "sg-1", cluster) == ([0], [2]))
        #expect(groups.members(of: "sg-2", cluster) == ([1], [2]))
        #expect(groups.isInhabited("sg-2", cluster) == true && groups.isInhabited("sg-1", cluster) == true)
        #expect(groups.isInhabited("sg-3", cluster) == nil, "the node's groups are not known")
    }

    @Test func tellsPoliciesThatGiveGroupsToNobody() throws {
        let inventory = estate(
            Self.pod(), Self.policy("podSelector: {}"), Self.policy("podSelector: {matchLabels: {app: api}}", name: "none"),
            Self.networking("{podSelector: {}}", name: "all"), Self.networking("{podSelector: {matchLabels: {app: api}}}", name: "nobody"))
        let groups = SecurityGroups(of: inventory)
        #expect(inventory.objects.dropFirst().map { groups.assigns($0) } == [true, false, true, false])
    }
}
