import Documents
import Kubernetes
import Reachability
import Testing

/// What is really open is what everything on the way lets through together.
struct InternetExposureTests {
    private func exposures(
        _ documents: [String], hasPublicAddress: Bool = false, enforcesPolicies: Bool = true, object: Int = 0
    ) -> [InternetExposure] {
        let inventory = Inventory(documents.flatMap { SourceObjects(DocumentTree.parse($0).tree).objects })
        let question = ExposureQuestion(
            network: NetworkModel(of: inventory), enforcesPolicies: enforcesPolicies,
            cluster: SecurityGroups.ClusterGroup(ids: [], marks: [.tag("aws:eks:cluster-name")]))
        return SecurityGroups(of: inventory).internetExposures(ofObject: object, hasPublicAddress: hasPublicAddress, question)
    }

    static func pod(_ group: String = "sg-1") -> String {
        GroupAssignmentTests.pod(annotations: "{network.alibabacloud.com/security-group-ids: \(group)}")
    }

    static func policy(_ ingress: String, name: String = "web") -> String {
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: \(name), namespace: shop}, "
            + "spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: \(ingress)}}"
    }

    static func service(_ spec: String = "", annotations: String = "{}", port: Int = 80) -> String {
        "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, annotations: \(annotations)}, "
            + "spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: \(port)}]\(spec)}}"
    }

    static let everyone = "[{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]"

    // MARK: - A public address

    @Test(arguments: [
        (["ingress TCP 22/22 0.0.0.0/0 Accept 1"], "", "TCP 22"),
        (["ingress TCP 22/22 0.0.0.0/0 Accept 1"], policy("[]"), nil),
        (["ingress TCP 22/22 0.0.0.0/0 Accept 1"], policy(everyone), nil),
        (["ingress TCP 1/100 0.0.0.0/0 Accept 1"], policy(everyone), "TCP 80"),
        (["ingress ALL -1/-1 0.0.0.0/0 Accept 1"], policy("[{ports: [{port: 80}, {protocol: UDP, port: 53}]}]"), "TCP 80; UDP 53"),
        (["ingress TCP 80/80 10.0.0.0/8 Accept 1"], "", nil), (["ingress TCP 80/80 203.0.113.0/24 Accept 1"], "", nil), ([], "", nil),
        // Only together do both close it: each is open to another half of the Internet.
        (
            ["ingress TCP 80/80 0.0.0.0/1 Accept 1"], policy("[{from: [{ipBlock: {cidr: 128.0.0.0/1}}], ports: [{port: 80}]}]"), nil
        ),
        (["ingress TCP 80/80 0.0.0.0/1 Accept 1"], policy("[{from: [{ipBlock: {cidr: 0.0.0.0/2}}], ports: [{port: 80}]}]"), "TCP 80"),
        (["ingress TCP 80/80 ::/0 Accept 1"], policy(everyone), nil), (["ingress TCP 80/80 ::/0 Accept 1"], "", "TCP 80"),
    ])
    func isTheIntersectionOfGroupsAndPolicies(rules: [String], policy: String, expected: String?) {
        let found = exposures([Self.pod(), alibabaGroup(rules), policy], hasPublicAddress: true)
        #expect(found.map(\.open.description) == [expected].compactMap { $0 })
        #expect(found.allSatisfy { $0.possible == $0.open })
        #expect(exposures([Self.pod(), alibabaGroup(rules), policy]).isEmpty, "without an address there is no way")
    }

    @Test func namesTheRulesAndThePolicies() throws {
        let rules = ["ingress TCP 1/100 0.0.0.0/0 Accept 5", "ingress TCP 80/80 10.0.0.0/8 Accept 1", "ingress UDP 53/53 0.0.0.0/0 Accept 1"]
        let found = exposures([Self.pod(), alibabaGroup(rules), Self.policy(Self.everyone), Self.policy("[]", name: "none")], hasPublicAddress: true)
        let exposure = try #require(found.first)
        #expect(exposure.rules.map { "\($0.group.id): \($0.rule.rule)" } == ["sg-1: ingress tcp 1-100 from 0.0.0.0/0"])
        #expect(exposure.policies == [2, 3])
    }

    @Test func policiesThatNothingEnforcesCloseNothing() {
        let documents = [Self.pod(), alibabaGroup(["ingress TCP 22/22 0.0.0.0/0 Accept 1"]), Self.policy("[]")]
        #expect(exposures(documents, hasPublicAddress: true, enforcesPolicies: false).map(\.open.description) == ["TCP 22"])
    }

    @Test(arguments: [
        (pod("sg-9"), "all"), (pod("\"sg-1,sg-9\""), "all"), (GroupAssignmentTests.pod(), "all"),
        (GroupAssignmentTests.pod(annotations: "{network.alibabacloud.com/security-group-ids: sg-2}"), "TCP 90"),
    ])
    func whatIsNotKnownIsNeitherOpenNorClosed(pod: String, possible: String) {
        let groups = [alibabaGroup(["ingress TCP 22/22 10.0.0.0/8 Accept 1"]), alibabaGroup("sg-2", ["ingress TCP 90/90 pl-1 Accept 1"])]
        let found = exposures([pod] + groups, hasPublicAddress: true)
        #expect(found.map(\.open) == [.none] && found.map(\.possible.description) == [possible])
        #expect(exposures([pod] + groups + [Self.policy("[]")], hasPublicAddress: true).isEmpty, "what policies close is closed")
    }

    // MARK: - Through a balancer

    @Test(arguments: [
        (["ingress TCP 80/80 0.0.0.0/0 Accept 1"], "TCP 80", "TCP 80"),
        // Whether the balancer shows the client's address or its own is not known.
        (["ingress TCP 80/80 10.0.0.0/8 Accept 1"], "none", "TCP 80"),
        (["ingress TCP 80/80 0.0.0.0/1 Accept 1"], "none", "TCP 80"), (["ingress TCP 80/80 sg-lb Accept 1"], "none", "TCP 80"),
        (["ingress TCP 81/81 0.0.0.0/0 Accept 1"], nil, nil), ([], nil, nil),
    ])
    func aBalancerComesWithTheClientsAddressOrItsOwn(rules: [String], open: String?, possible: String?) {
        let found = exposures([Self.pod(), alibabaGroup(rules), Self.service()])
        #expect(found.map(\.open.description) == [open].compactMap { $0 } && found.map(\.possible.description) == [possible].compactMap { $0 })
    }

    @Test(arguments: [
        (service(", loadBalancerSourceRanges: [203.0.113.0/24]"), nil), (service(", loadBalancerSourceRanges: [10.0.0.0/8]"), nil),
        (service(", loadBalancerSourceRanges: [0.0.0.0/1, 128.0.0.0/1]"), "TCP 80"),
        (service(annotations: "{service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type: intranet}"), nil),
        (service(annotations: "{service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id: lb-1}"), "none"),
        (service().replacing("LoadBalancer", with: "NodePort"), nil), (service().replacing("LoadBalancer", with: "ClusterIP"), nil),
        (service(port: 81), nil),
    ])
    func theBalancerIsPartOfTheWay(service: String, open: String?) {
        let found = exposures([Self.pod(), alibabaGroup(["ingress TCP 80/80 0.0.0.0/0 Accept 1"]), service])
        #expect(found.map(\.open.description) == [open].compactMap { $0 })
    }

    @Test func policiesCloseWhatTheBalancerOpens() {
        let documents = [Self.pod(), alibabaGroup(["ingress ALL -1/-1 0.0.0.0/0 Accept 1"]), Self.service()]
        #expect(exposures(documents).map(\.open.description) == ["TCP 80"])
        #expect(exposures(documents + [Self.policy("[{from: [{podSelector: {}}]}]")]).isEmpty)
        #expect(exposures(documents + [Self.policy(Self.everyone)]).map(\.open.description) == ["TCP 80"])
    }

    /// Behind an Ingress the connection is that of the controller's Pods.
    @Test(arguments: [("sg-controller", "TCP 80"), ("sg-other", nil)])
    func anIngressComesWithItsControllersGroups(group: String, open: String?) {
        let controller = """
            {apiVersion: v1, kind: Pod, metadata: {name: controller, namespace: entry, labels: {app: controller, app.kubernetes.io/name: ingress-nginx}, annotations: {network.alibabacloud.com/security-group-ids: sg-controller}}, spec: {containers: [{name: app, image: "registry.k8s.io/ingress-nginx/controller:v1.12.1", args: [/nginx-ingress-controller]}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: controller, namespace: entry}, spec: {type: LoadBalancer, selector: {app: controller}, ports: [{port: 443}]}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}
            """
        let ingress =
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop}, spec: {ingressClassName: nginx, "
            + "defaultBackend: {service: {name: web, port: {number: 80}}}}}"
        let groups = awsGroups(
            awsGroup("sg-controller", egress: [SecurityGroupFilterTests.permission("-1", -1, -1, "0.0.0.0/0")]),
            awsGroup("sg-1", ingress: ["{IpProtocol: tcp, FromPort: 80, ToPort: 80, UserIdGroupPairs: [{GroupId: \(group)}]}"]))
        let found = exposures([Self.pod(), Self.service().replacing("LoadBalancer", with: "ClusterIP"), ingress, controller, groups])
        #expect(found.map(\.open.description) == [open].compactMap { $0 })
        if let rule = found.first?.rules.first { #expect(rule.rule.rule.description == "ingress tcp 80 from \(group)") }
    }

    /// More closing never opens, whatever else there is.
    @Test func closingNeverOpens() {
        let rules = ["ingress TCP 1/100 0.0.0.0/0 Accept 5", "ingress UDP 1/100 0.0.0.0/2 Accept 5"]
        let drops = ["ingress TCP 50/200 0.0.0.0/0 Drop 1", "ingress ALL -1/-1 0.0.0.0/1 Drop 1", "ingress TCP 80/80 pl-1 Drop 2"]
        let open = { (rules: [String], policy: String) -> (ConnectionSet, ConnectionSet) in
            let found = exposures([Self.pod(), alibabaGroup(rules), policy, Self.service()], hasPublicAddress: true)
            return (found.reduce(.none) { $0.union($1.open) }, found.reduce(.none) { $0.union($1.possible) })
        }
        let base = open(rules, "")
        #expect(base.0.description == "TCP 1-100; UDP 1-100")
        for drop in drops {
            for policy in ["", Self.policy(Self.everyone), Self.policy("[]")] {
                let less = open(rules + [drop], policy)
                #expect(base.0.isSuperset(of: less.0) && base.1.isSuperset(of: less.1) && less.1.isSuperset(of: less.0))
            }
        }
    }
}
