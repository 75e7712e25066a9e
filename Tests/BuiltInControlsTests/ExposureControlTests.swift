import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// What is worse for being reachable from outside, and what keeps tenants apart.
struct ExposureControlTests {
    private func judge(_ id: String, _ manifests: String, settings: Settings = Settings()) throws -> Judgement {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        let parsed = DocumentTree.parse(manifests)
        #expect(parsed.problems.isEmpty)
        let inventory = Inventory(SourceObjects(parsed.tree).objects)
        return Catalogue([control]).judge(inventory, objects: inventory.objects.indices, settings: settings)
    }

    // MARK: - Ways in

    private let privileged = """
        {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}},
         spec: {containers: [{name: a, image: b, ports: [{containerPort: 8080}], securityContext: {privileged: true}}]}}
        ---

        """

    /// Only what strangers may really come through makes a privilege worse.
    @Test(arguments: [
        ("{type: LoadBalancer, selector: {app: web}, ports: [{port: 8080}]}", "", Verdict.fail),
        ("{type: LoadBalancer, selector: {app: web}, ports: [{port: 8080}], loadBalancerSourceRanges: [10.0.0.0/8]}", "", .pass),
        ("{type: LoadBalancer, selector: {app: api}, ports: [{port: 8080}]}", "", .pass),
        ("{type: NodePort, selector: {app: web}, ports: [{port: 8080}]}", "", .pass),
        ("{selector: {app: web}, ports: [{port: 8080}]}", "", .pass),
        ("{selector: {app: web}, ports: [{port: 8080}], externalIPs: [203.0.113.7]}", "", .fail),
        ("{type: LoadBalancer, selector: {app: web}, ports: [{port: 8080}]}", "{podSelector: {}}", .pass),
        ("{type: LoadBalancer, selector: {app: web}, ports: [{port: 8080}]}", "{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}", .fail),
        ("{type: LoadBalancer, selector: {app: web}, ports: [{port: 8080}]}", "{podSelector: {}, ingress: [{ports: [{port: 9090}]}]}", .pass),
        (
            "{type: LoadBalancer, selector: {app: web}, ports: [{port: 8080}]}",
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}", .pass
        ),
    ])
    func aPrivilegeIsWorseWhereStrangersComeIn(service: String, policy: String, verdict: Verdict) throws {
        var manifests = privileged + "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: \(service)}"
        if !policy.isEmpty {
            manifests += "\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: \(policy)}"
        }
        let judgement = try judge("exposed-node-access", manifests)
        #expect(judgement.findings.map(\.verdict) == (verdict == .fail ? [.fail] : []))
        #expect(
            judgement.findings.allSatisfy {
                $0.fieldPath == "spec.containers[0].securityContext.privileged" && $0.message.hasPrefix("Service shop/web leads")
            })
        let isReachable = try judge("exposed-workloads", manifests).findings.count == 1
        #expect(isReachable == (verdict == .fail || service.contains("NodePort")), "ports of nodes are reachable, but nobody says by whom")
    }

    /// Policies that nobody here can judge may close what seems open.
    @Test(arguments: ["cilium.io/v2, kind: CiliumNetworkPolicy", "projectcalico.org/v3, kind: GlobalNetworkPolicy"])
    func unreadPoliciesLeaveTheQuestionOpen(kind: String) throws {
        let manifests =
            privileged + "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, "
            + "ports: [{port: 8080}]}}\n---\n{apiVersion: \(kind), metadata: {name: p, namespace: shop}, spec: {}}"
        for id in ["exposed-node-access", "exposed-metadata-access", "exposed-workloads-open-egress", "exposed-workloads-without-policy"] {
            #expect(try judge(id, manifests).findings.map(\.verdict) == [.notObservable], "\(id)")
        }
    }

    /// The whole chain: Ingress, its controller in the estate, the program, its token, the cluster.
    @Test(arguments: [("cluster-admin", true), ("view", false)])
    func aStrangerTakesTheCluster(role: String, takes: Bool) throws {
        let judgement = try judge(
            "exposed-cluster-control",
            """
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: web}},
              spec: {containers: [{name: a, image: b}]}}}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
            ---
            {apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: edge, namespace: shop}, spec: {listeners: [{name: a, port: 443, protocol: HTTPS}]}}
            ---
            {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop},
             spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: web, port: 80}]}]}}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: everybody},
             roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \(role)},
             subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:shop"}]}
            """)
        #expect(judgement.findings.count == (takes ? 1 : 0))
        guard let finding = judgement.findings.first else { return }
        #expect(finding.message.hasPrefix("Gateway shop/edge leads outsiders to these Pods, whose service account 'default' takes the cluster in"))
        #expect(finding.fieldPath == "spec.template.spec.serviceAccountName" && finding.value == "default")
    }

    // MARK: - Tenants

    private let tenants: Settings = {
        var settings = Settings()
        settings.tenants = Tenants([
            Tenant(name: "Red", namespaces: ["red", "red-*"].compactMap(Pattern.init), mayReach: ["Shared"]),
            Tenant(name: "Blue", namespaces: ["blue"].compactMap(Pattern.init)),
            Tenant(name: "Shared", namespaces: ["shared"].compactMap(Pattern.init)),
        ])
        return settings
    }()

    private func pod(_ name: String, _ namespace: String) -> String {
        "{apiVersion: v1, kind: Pod, metadata: {name: \(name), namespace: \(namespace), labels: {app: \(name)}}, spec: {containers: [{name: a, image: b}]}}\n---\n"
    }

    private func policy(_ namespace: String, _ spec: String) -> String {
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: \(namespace)}, spec: \(spec)}\n---\n"
    }

    @Test func aCrossingIsShown() throws {
        let judgement = try judge(
            "tenant-network-crossing",
            pod("x", "red-one") + pod("api", "blue") + pod("z", "blue") + pod("s", "shared") + pod("idle", "nobody")
                + policy("blue", "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]}")
                + policy("red-one", "{podSelector: {}}") + policy("shared", "{podSelector: {}, policyTypes: [Ingress, Egress]}")
                + policy("blue", "{podSelector: {matchLabels: {app: z}}, ingress: [{from: [{podSelector: {}}]}]}").replacing(
                    "name: p", with: "name: q"),
            settings: tenants)
        #expect(judgement.findings.map(\.message) == ["tenant 'Red' may connect to tenant 'Blue': red-one/x[Pod] → blue/api[Pod] on TCP 80"])
        #expect(judgement.findings.map(\.fieldPath) == ["metadata.name"] && judgement.findings.map(\.value) == ["Blue"])
        #expect(judgement.findings.first?.fix == nil, "the policy that lets them in must change")
        #expect(judgement.notApplicable == 1, "nobody's namespace is not kept apart")
    }

    @Test func severalAreCounted() throws {
        let judgement = try judge(
            "tenant-network-crossing",
            pod("b", "blue") + pod("x", "red") + pod("api", "red-two") + pod("s", "shared") + policy("red", "{podSelector: {}}")
                + policy("red-two", "{podSelector: {}}").replacing("name: p", with: "name: q"), settings: tenants)
        #expect(
            judgement.findings.map(\.message) == [
                "tenants 'Red' and 'Shared' may connect to tenant 'Blue': red-two/api[Pod] → blue/b[Pod] on every port; 2 more workloads",
                // Red may reach Shared.
                "tenant 'Blue' may connect to tenant 'Shared': blue/b[Pod] → shared/s[Pod] on every port",
            ])
    }

    /// Closed at one end or at the other, tenants are proven to be apart.
    @Test(arguments: [
        "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}", "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}",
    ])
    func apartIsProven(spec: String) throws {
        let manifests = pod("x", "red") + pod("api", "blue") + policy("red", spec) + policy("blue", spec)
        let judgement = try judge("tenant-network-crossing", manifests, settings: tenants)
        #expect(judgement.findings.isEmpty && judgement.passed == 2)
        #expect(try judge("tenant-network-crossing", manifests).notApplicable == 2, "without tenants nobody is kept apart")
        let open = try judge("tenant-network-crossing", pod("x", "red") + pod("api", "blue") + policy("red", spec), settings: tenants)
        #expect(open.findings.count == 1, "one end that is closed is half a wall")
    }

    @Test(arguments: [
        ("RoleBinding", "namespace: blue, ", "{kind: ServiceAccount, namespace: red, name: a}", "ClusterRole", "view", true),
        ("RoleBinding", "namespace: blue, ", "{kind: ServiceAccount, name: a}", "ClusterRole", "view", false),
        (
            "RoleBinding", "namespace: blue, ", "{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:serviceaccount:red:a'}",
            "ClusterRole", "view", true
        ),
        ("RoleBinding", "namespace: blue, ", "{apiGroup: rbac.authorization.k8s.io, kind: User, name: jane}", "ClusterRole", "view", false),
        ("RoleBinding", "namespace: shared, ", "{kind: ServiceAccount, namespace: red, name: a}", "ClusterRole", "view", false),
        ("RoleBinding", "namespace: nobody, ", "{kind: ServiceAccount, namespace: red, name: a}", "ClusterRole", "view", false),
        ("ClusterRoleBinding", "", "{kind: ServiceAccount, namespace: red, name: a}", "ClusterRole", "view", true),
        (
            "ClusterRoleBinding", "", "{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts:red'}", "ClusterRole", "view",
            true
        ),
        ("ClusterRoleBinding", "", "{kind: ServiceAccount, namespace: nobody, name: a}", "ClusterRole", "view", false),
        ("ClusterRoleBinding", "", "{kind: ServiceAccount, namespace: red, name: a}", "ClusterRole", "system:discovery", false),
        ("ClusterRoleBinding", "", "{kind: ServiceAccount, namespace: red, name: a}", "ClusterRole", "system:persistent-volume-provisioner", true),
    ])
    func rightsInAnothersNamespacesAreFound(
        kind: String, namespace: String, subject: String, roleKind: String, role: String, isCrossing: Bool
    ) throws {
        let judgement = try judge(
            "tenant-access-crossing",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: \(kind), metadata: {\(namespace)name: b}, roleRef: {apiGroup: rbac.authorization.k8s.io, "
                + "kind: \(roleKind), name: '\(role)'}, subjects: [\(subject)]}", settings: tenants)
        #expect(judgement.findings.map(\.fieldPath) == (isCrossing ? ["subjects[0]"] : []))
        #expect(judgement.gaps.isEmpty)
    }

    @Test(arguments: [
        ("Service", "v1", "{type: ExternalName, externalName: db.blue.svc}", ["spec.externalName"]),
        ("Service", "v1", "{type: ExternalName, externalName: DB.Blue.svc.cluster.local.}", ["spec.externalName"]),
        ("Service", "v1", "{type: ExternalName, externalName: db.shared.svc}", []),
        ("Service", "v1", "{type: ExternalName, externalName: blue.example.com}", []),
        (
            "HTTPRoute", "gateway.networking.k8s.io/v1", "{rules: [{backendRefs: [{name: a}, {name: b, namespace: blue}]}]}",
            ["spec.rules[0].backendRefs[1].namespace"]
        ),
        ("ReferenceGrant", "gateway.networking.k8s.io/v1beta1", "{from: [{namespace: red}, {namespace: blue}], to: []}", ["spec.from[1].namespace"]),
    ])
    func servicesThatJoinTenantsAreFound(kind: String, apiVersion: String, spec: String, places: [String]) throws {
        let manifest = "{apiVersion: \(apiVersion), kind: \(kind), metadata: {name: x, namespace: red-one}, spec: \(spec)}"
        #expect(try judge("tenant-service-crossing", manifest, settings: tenants).findings.map(\.fieldPath) == places)
        #expect(try judge("tenant-service-crossing", manifest).notApplicable == 1)
    }

    // MARK: - What the server refuses

    @Test(arguments: [
        ("network-policy-unmatched-peers", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]}"),
        ("network-policy-covered-rules", "{podSelector: {}, ingress: [{ports: [{port: -1}]}]}"),
        (
            "network-policy-metadata-egress",
            "{podSelector: {}, egress: [{to: [{namespaceSelector: {matchExpressions: [{key: a, operator: Like}]}}]}]}"
        ),
        ("network-policy-blocks-of-pods", "{podSelector: 7}"), ("network-policy-excess-ingress", "{podSelector: {}, policyTypes: [Both]}"),
    ])
    func aRefusedPolicyIsAGapAndNeverAPass(id: String, spec: String) throws {
        let judgement = try judge(id, policy("red", spec))
        #expect(judgement.gaps.count == 1 && judgement.passed == 0 && judgement.findings.isEmpty)
    }

    @Test func aRefusedPolicyOfAdministratorsIsAGap() throws {
        let manifest =
            "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}, spec: {priority: 1001, subject: {namespaces: {}}}}"
        for id in ["admin-policy-preempted-rules", "admin-policy-overrides-network-policies", "baseline-policy-missing"] {
            #expect(try judge(id, manifest).gaps.count == 1, "\(id)")
        }
    }
}
