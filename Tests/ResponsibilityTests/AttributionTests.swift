import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// The six steps, one after the other.
struct AttributionTests {
    static func pod(_ namespace: String = "shop", metadata: String = "", spec: String = "    securityContext: {privileged: true}") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          namespace: \(namespace)
        \(metadata)
        spec:
          securityContext: {runAsNonRoot: true}
          runtimeClassName: gvisor
          containers:
          - name: app
            image: registry.example.com/app:1
        \(spec)
        """
    }

    static func managed(_ manager: String, _ fields: String, time: String = "2026-05-01T00:00:00Z", operation: String = "Update") -> String {
        """
          managedFields:
          - manager: \(manager)
            operation: \(operation)
            apiVersion: v1
            time: "\(time)"
            fieldsType: FieldsV1
            fieldsV1: \(fields)
        """
    }

    static let privilegedField = #"{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:securityContext":{".":{},"f:privileged":{}}}}}}"#

    // MARK: - 1 Fixed duty

    @Test func aFixedDutyEndsTheSearch() throws {
        let estate = try TestEstate(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: shop, labels: {addon.example.com/name: x}}
            data: {a: b}
            """)
        let found = try estate.only("hardened")
        #expect(found.attribution.party == .provider)
        #expect(found.attribution.basis == .fixedDuty && found.attribution.strength == .presumed)
        #expect(found.attribution.chain == ["fixedDuty: A5 (Harden the control plane) is the provider's without condition"])
    }

    // MARK: - 6 Plane

    @Test(
        arguments: [
            ("shop", Party.customer, "a tenant namespace is the customer's"), ("kube-system", .provider, "a system namespace is the provider's"),
            ("managed-net", .provider, "a system namespace is the provider's"), ("managed", .customer, "a tenant namespace is the customer's"),
        ])
    func thePlaneDecidesLast(namespace: String, party: Party, words: String) throws {
        let found = try TestEstate(AttributionTests.pod(namespace)).only("privileged-containers")
        #expect(found.attribution.party == party)
        #expect(found.attribution.basis == .plane && found.attribution.strength == .presumed && found.attribution.principal == nil)
        #expect(
            found.attribution.chain == [
                "fixedDuty: C5 is nobody's without condition", "grant: no grant names this workload",
                "provenance: the object has no managedFields", "origin: no mark of a chart or add-on",
                "transfer: no condition that manifests can show", "plane: \(words)",
            ])
    }

    @Test func whatNobodyWroteIsTheBusinessOfWhoHasTheDuty() throws {
        let missing = AttributionTests.pod().replacing("  runtimeClassName: gvisor\n", with: "")
        let left = try TestEstate(missing).only("sandbox")
        #expect(left.attribution.party == .provider && left.attribution.basis == .plane && left.attribution.strength == .presumed)
        #expect(left.attribution.chain.last?.contains("nobody set the field; duty A3") == true)
        let written = try TestEstate(AttributionTests.pod().replacing("gvisor", with: "runc")).only("sandbox")
        #expect(written.attribution.party == .customer)
    }

    @Test func aDutyTheModelLacksStillGetsAParty() throws {
        let control = Control(
            id: "odd", title: "odd", severity: .low, duty: "X1", summary: "", remedy: "", passing: [], failing: [],
            check: .pods { pod, report in report.fail(pod.node, "odd") })
        let found = try TestEstate(AttributionTests.pod(), controls: [control]).only("odd")
        #expect(found.attribution.party == .customer)
        #expect(found.attribution.chain.first == "fixedDuty: the model does not have this duty")
    }

    @Test func aDutyMayTakeAControlThatNamesAnother() throws {
        let model = try ResponsibilityModel.read(
            ResponsibilityModel.document.replacing("party: provider, fixed: true}", with: "party: provider, fixed: true, controls: [twice]}"))
        let estate = try TestEstate("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {x: 1}}", model: model)
        for found in estate.findings(of: "twice") { #expect(found.attribution.basis == .fixedDuty) }
        #expect(estate.attributor.duty(of: TestControls.twice)?.id == "A5")
    }

    // MARK: - 3 Provenance

    @Test func whoWroteTheFieldIsRecorded() throws {
        let found = try TestEstate(AttributionTests.pod(metadata: AttributionTests.managed("kubectl-edit", AttributionTests.privilegedField)))
            .only("privileged-containers")
        #expect(found.attribution.party == .customer && found.attribution.principal == "kubectl-edit")
        #expect(found.attribution.basis == .provenance && found.attribution.strength == .recorded)
        #expect(found.attribution.chain.count == 3)
        #expect(found.attribution.chain.last?.contains("kubectl-edit (Update, 2026-05-01T00:00:00Z)") == true)
    }

    @Test(
        arguments: [
            #"{"f:spec":{"f:containers":{"k:{\"name\":\"other\"}":{"f:securityContext":{"f:privileged":{}}}}}}"#,
            #"{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{"f:image":{}}}}}"#, #"{"f:metadata":{"f:labels":{}}}"#, "{}", "null",
            #"{"f:spec":{"f:containers":{"k:not json":{}}}}"#,
        ])
    func anotherFieldsWriterDecidesNothing(fields: String) throws {
        let found = try TestEstate(AttributionTests.pod(metadata: AttributionTests.managed("kubectl-edit", fields))).only("privileged-containers")
        // A set without entries below the root owns everything, as the set `{}` of a leaf does; no server writes such a record.
        if fields != "{}" { #expect(found.attribution.basis == .plane, "\(found.attribution.chain)") }
        #expect(found.attribution.party == .customer)
    }

    @Test func anUnreadableRecordSaysSoAndDecidesNothing() throws {
        let found = try TestEstate(AttributionTests.pod(metadata: "  managedFields: [{manager: 7}]")).only("privileged-containers")
        #expect(found.attribution.basis == .plane)
        #expect(found.attribution.chain.contains("provenance: managedFields cannot be read"))
    }

    @Test(
        arguments: [
            (#"{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{"f:securityContext":{"f:capabilities":{"f:add":{}}}}}}}"#, true),
            (#"{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{"f:securityContext":{"f:capabilities":{"f:add":{"v:\"NET_RAW\"":{}}}}}}}}"#, true),
            (#"{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{"f:securityContext":{"f:capabilities":{"f:add":{"i:0":{}}}}}}}}"#, true),
            (#"{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{"f:securityContext":{"f:capabilities":{"f:add":{"v:\"KILL\"":{}}}}}}}}"#, false),
            (#"{"f:spec":{"f:containers":{"k:{\"name\":\"app\",\"image\":\"other\"}":{}}}}"#, false),
            (#"{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{}}}}"#, true), (#"{"f:spec":{"f:containers":{}}}"#, true),
        ])
    func ownershipFollowsListsSetsAndWholes(fields: String, isOwner: Bool) throws {
        let spec = "    securityContext: {capabilities: {add: [NET_RAW]}}"
        let found = try TestEstate(AttributionTests.pod(metadata: AttributionTests.managed("helm", fields), spec: spec)).only("added-capabilities")
        #expect((found.attribution.basis == .provenance) == isOwner, "\(found.attribution.chain)")
    }

    @Test func theLatestOfSeveralOwnersCounts() throws {
        let entries = [("first", "2026-01-01T00:00:00Z"), ("last", "2026-03-01T00:00:00+00:00"), ("middle", "2026-02-01T00:00:00Z")]
        let list = entries.map { AttributionTests.managed($0.0, AttributionTests.privilegedField, time: $0.1, operation: "Apply") }
        let joined = list[0] + "\n" + list.dropFirst().map { $0.replacing("  managedFields:\n", with: "") }.joined(separator: "\n")
        let found = try TestEstate(AttributionTests.pod(metadata: joined)).only("privileged-containers")
        #expect(found.attribution.principal == "last")
    }

    @Test func aFieldThatIsMissingBelongsToWhoWroteWhatIsAboveIt() throws {
        let text = AttributionTests.pod(metadata: AttributionTests.managed("argocd", #"{"f:spec":{"f:securityContext":{"f:fsGroup":{}}}}"#))
            .replacing("{runAsNonRoot: true}", with: "{fsGroup: 1}")
        let found = try TestEstate(text).only("run-as-non-root")
        #expect(found.attribution.principal == "argocd" && found.attribution.basis == .provenance)
    }

    @Test func nobodyWroteWhatTheProviderShouldHaveSet() throws {
        let text = AttributionTests.pod(metadata: AttributionTests.managed("argocd", #"{"f:spec":{"f:containers":{}}}"#))
            .replacing("  runtimeClassName: gvisor\n", with: "")
        let found = try TestEstate(text).only("sandbox")
        #expect(found.attribution.party == .provider && found.attribution.basis == .plane)
        #expect(found.attribution.chain.contains("provenance: nobody wrote 'runtimeClassName'"))
    }

    // MARK: - 4 Origin

    @Test func anAddOnOfThePlatformInASystemNamespaceIsTheProviders() throws {
        let found = try TestEstate(AttributionTests.pod("kube-system", metadata: "  labels: {addon.example.com/name: dns}")).only(
            "privileged-containers")
        #expect(found.attribution.party == .provider && found.attribution.basis == .origin && found.attribution.strength == .presumed)
        #expect(found.attribution.chain.last == "origin: addon.example.com/name=dns: an add-on of the platform")
    }

    @Test func aVendorsProductIsTheVendorsPresumably() throws {
        let found = try TestEstate(AttributionTests.pod(metadata: "  annotations: {vendor.example.com/product: db-7}")).only("privileged-containers")
        #expect(found.attribution.party == .vendor && found.attribution.principal == "db-7")
        #expect(found.attribution.basis == .origin && found.attribution.strength == .presumed)
        let other = try TestEstate(AttributionTests.pod(metadata: "  annotations: {vendor.example.com/product: cache}")).only("privileged-containers")
        #expect(other.attribution.party == .customer)
    }

    @Test(arguments: ["labels: {helm.sh/chart: web-1.2}", "annotations: {meta.helm.sh/release-name: web}"])
    func aChartIsAHint(mark: String) throws {
        let found = try TestEstate(AttributionTests.pod(metadata: "  \(mark)")).only("privileged-containers")
        #expect(found.attribution.party == .customer && found.attribution.basis == .plane)
        #expect(found.attribution.chain.contains { $0.hasPrefix("origin: chart web") })
    }

    @Test func whoChangedAPreinstalledComponentAnswersForTheChange() throws {
        let record = AttributionTests.managed("kubectl-edit", AttributionTests.privilegedField)
        let found = try TestEstate(AttributionTests.pod("kube-system", metadata: record)).only("privileged-containers")
        #expect(found.attribution.party == .customer && found.attribution.basis == .origin && found.attribution.strength == .recorded)
        #expect(found.attribution.principal == "kubectl-edit")
        let untouched = AttributionTests.managed("addon-operator", AttributionTests.privilegedField)
        let kept = try TestEstate(AttributionTests.pod("kube-system", metadata: untouched)).only("privileged-containers")
        #expect(kept.attribution.party == .provider && kept.attribution.basis == .plane && kept.attribution.strength == .presumed)
    }

    @Test func aChangeOfAnotherFieldIsNoChangeOfThisOne() throws {
        let record = AttributionTests.managed("kubectl-edit", #"{"f:metadata":{"f:labels":{"f:a":{}}}}"#)
        let found = try TestEstate(AttributionTests.pod("kube-system", metadata: record)).only("privileged-containers")
        #expect(found.attribution.party == .provider)
    }

    // MARK: - 5 Transfers

    @Test func unsafeKernelParametersAreWhoseEnabledThem() throws {
        let text = AttributionTests.pod(spec: "").replacing(
            "{runAsNonRoot: true}", with: "{runAsNonRoot: true, sysctls: [{name: net.core.somaxconn, value: '9'}]}")
        let found = try TestEstate(text).only("unsafe-sysctls")
        #expect(found.attribution.party == .customer && found.attribution.basis == .transfer && found.attribution.strength == .presumed)
        #expect(found.attribution.chain.last == "transfer: unsafeSysctl: unsafe kernel parameters")
    }

    @Test func aComponentThatHelmInstalledIsTheCustomers() throws {
        let helm = "  annotations: {meta.helm.sh/release-name: ingress}"
        let found = try TestEstate(AttributionTests.pod("kube-system", metadata: helm)).only("privileged-containers")
        #expect(found.attribution.party == .customer && found.attribution.basis == .transfer)
        let addon = helm + "\n  labels: {addon.example.com/name: dns}"
        let kept = try TestEstate(AttributionTests.pod("kube-system", metadata: addon)).only("privileged-containers")
        #expect(kept.attribution.party == .provider && kept.attribution.basis == .origin)
    }

    @Test(arguments: [
        ("cni", "", Party.customer), ("kube-system", "  annotations: {meta.helm.sh/release-name: cilium}", .customer), ("kube-system", "", .provider),
    ])
    func aNetworkPluginOfOnesOwnIsOnesOwn(namespace: String, metadata: String, party: Party) throws {
        let text = AttributionTests.pod(
            namespace, metadata: metadata, spec: "    securityContext: {privileged: true}\n  volumes: [{name: a, hostPath: {path: /etc/cni/net.d}}]")
        let found = try TestEstate(text).only("privileged-containers")
        #expect(found.attribution.party == party)
        if party == .customer { #expect(found.attribution.basis == .transfer) }
    }

    @Test func aPartnersWorkloadIsTheVendors() throws {
        let text = AttributionTests.pod(metadata: "  labels: {cloud.google.com/matching-allowlist: partner-agent}")
        let found = try TestEstate(text).only("privileged-containers")
        #expect(found.attribution.party == .vendor && found.attribution.basis == .transfer && found.attribution.strength == .presumed)
    }

    // MARK: - Owners

    static func owned(uid: String, root: String = "helm", controller: String = "true") -> String {
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-1
          namespace: shop
          uid: u1
        \(managed(root, #"{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{"f:securityContext":{"f:privileged":{}}}}}}}}"#))
        spec:
          template:
            spec:
              runtimeClassName: gvisor
              securityContext: {runAsNonRoot: true}
              containers:
              - {name: side, image: b}
              - {name: app, image: a, securityContext: {privileged: true}}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-1-a
          namespace: shop
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: \(uid), controller: \(controller)}]
        \(managed("kube-controller-manager", privilegedField))
        spec:
          runtimeClassName: gvisor
          securityContext: {runAsNonRoot: true}
          containers:
          - {name: app, image: a, securityContext: {privileged: true}}
        """
    }

    @Test func theRootsRecordCountsForWhatAControllerMade() throws {
        let pods = try TestEstate(AttributionTests.owned(uid: "u1")).findings(of: "privileged-containers")
        #expect(pods.map(\.attribution.principal) == ["helm", "helm"])
    }

    @Test(arguments: [("u2", "true"), ("u1", "false"), ("\"\"", "true")])
    func anOwnerThatDoesNotConfirmIsNoOwner(uid: String, controller: String) throws {
        let found = try TestEstate(AttributionTests.owned(uid: uid, controller: controller)).findings(of: "privileged-containers")
        #expect(found.last?.attribution.party == .customer)
        #expect(found.last?.attribution.basis == .plane, "\(found.last?.attribution.chain ?? [])")
    }

    @Test func ownersInACircleEnd() throws {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, namespace: shop, uid: u, ownerReferences: [{kind: Pod, name: a, uid: u, controller: true}]}
            spec: {containers: [{name: app, image: a, securityContext: {privileged: true}}]}
            """
        #expect(try TestEstate(text).only("privileged-containers").attribution.party == .customer)
    }

    // MARK: - Both ways in

    @Test func oneByOneAndTogetherGiveTheSame() throws {
        let estate = try TestEstate(AttributionTests.owned(uid: "u1") + "\n---\n" + AttributionTests.pod("kube-system"))
        for found in estate.attributed {
            let again = estate.attributor.attribute(
                found.finding, control: estate.controls[found.finding.control], object: estate.inventory.objects[found.finding.object])
            #expect(again.attribution == found.attribution)
        }
    }

    @Test func plainChainsAreShared() throws {
        let first = AttributionTests.pod()
        let estate = try TestEstate(first + "\n---\n" + first.replacing("name: web", with: "name: api"))
        let chains = estate.findings(of: "privileged-containers").map(\.attribution.chain)
        try #require(chains.count == 2)
        let bases = chains.map { chain in chain.withUnsafeBufferPointer { $0.baseAddress } }
        #expect(bases[0] == bases[1])
    }
}

/// What a customer can write must not make the provider answer.
struct SpoofingTests {
    static let labels = [
        "addon.example.com/name: dns", "addonmanager.kubernetes.io/mode: Reconcile", "kubernetes.io/cluster-service: 'true'", "tier: control-plane",
        "control-plane: 'true'", "app.kubernetes.io/managed-by: EKS", "eks.amazonaws.com/component: coredns", "helm.sh/chart: ack-ingress-1.0",
        "kubernetes.azure.com/managedby: aks", "components.gke.io/component-name: netd", "app.kubernetes.io/part-of: kube-system",
    ]

    @Test(arguments: ResponsibilityModel.builtInNames, labels)
    func aLabelOrAnnotationInATenantNamespaceMovesNothingToTheProvider(name: String, mark: String) throws {
        let model = try #require(ResponsibilityModel.builtIn(name))
        for place in ["labels", "annotations"] {
            let found = try TestEstate(AttributionTests.pod(metadata: "  \(place): {\(mark)}"), model: model).only("privileged-containers")
            #expect(found.attribution.party == .customer, "\(found.attribution.chain)")
        }
    }

    @Test(arguments: ResponsibilityModel.builtInNames)
    func aManagersNameMovesNothingToTheProvider(name: String) throws {
        let model = try #require(ResponsibilityModel.builtIn(name))
        let managers = Set(model.principals.flatMap { $0.managers.map(\.description) } + ["system:masters", "addon-manager", "eks", "kubelet"])
        for manager in managers.sorted() {
            let text = AttributionTests.pod(metadata: AttributionTests.managed("\"\(manager)\"", AttributionTests.privilegedField))
            let found = try TestEstate(text, model: model).only("privileged-containers")
            #expect(found.attribution.party == .customer, "\(manager): \(found.attribution.chain)")
        }
    }

    @Test func aPlatformsManagerNameWeakensNothingButTheStrength() throws {
        let text = AttributionTests.pod(metadata: AttributionTests.managed("net-agent-7", AttributionTests.privilegedField))
        let found = try TestEstate(text).only("privileged-containers")
        #expect(found.attribution.party == .customer && found.attribution.strength == .presumed && found.attribution.basis == .plane)
        #expect(found.attribution.chain.contains { $0.contains("serviceAccount:managed-net/agent uses and any client can choose") })
    }

    @Test(arguments: ["kube-system-2", "kube-system.", "Kube-system", "managed", "xkube-system", "my-kube-system"])
    func aNamespaceThatLooksLikeASystemOneIsATenants(namespace: String) throws {
        #expect(try TestEstate(AttributionTests.pod("\"\(namespace)\"")).only("privileged-containers").attribution.party == .customer)
    }

    /// A manifest can name a system namespace; that is presumed, never more, whatever else it claims.
    @Test(arguments: ResponsibilityModel.builtInNames)
    func inASystemNamespaceTheProviderIsPresumedAtMost(name: String) throws {
        let model = try #require(ResponsibilityModel.builtIn(name))
        for mark in SpoofingTests.labels {
            let record = AttributionTests.managed("kube-controller-manager", AttributionTests.privilegedField)
            let text = AttributionTests.pod("kube-system", metadata: "  labels: {\(mark)}\n\(record)")
            let found = try TestEstate(text, model: model).only("privileged-containers")
            if found.attribution.party != .customer { #expect(found.attribution.strength == .presumed, "\(found.attribution.chain)") }
        }
    }

    @Test func aServiceAccountOrNodeNameInTheObjectIsNoPrincipal() throws {
        let text = AttributionTests.pod(
            metadata: "  annotations: {kubernetes.io/created-by: 'system:kube-controller-manager', user: 'system:masters'}",
            spec:
                "    securityContext: {privileged: true}\n  serviceAccountName: agent\n  nodeName: provider-node\n  priorityClassName: system-node-critical"
        )
        #expect(try TestEstate(text).only("privileged-containers").attribution.party == .customer)
    }

    @Test func aSystemClusterRoleIsNoProvidersByItsName() throws {
        let control = TestControls.control(
            "role", "C5", [], .objects(["ClusterRole"], { object, report in report.fail(object.root["rules"], "rules") }))
        let text =
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:mine', labels: {kubernetes.io/bootstrapping: rbac-defaults}}, rules: []}"
        #expect(try TestEstate(text, controls: [control]).only("role").attribution.party == .customer)
    }

    @Test func aGrantIsNotGivenByALabelOrAnnotation() throws {
        let marks = "  labels: {demarc.dev/grant: shop/web}\n  annotations: {demarc.dev/grant: shop/web, k8s.aliyun.com/eci-host-sysctls: '[]'}"
        let found = try TestEstate(AttributionTests.pod(metadata: marks)).only("privileged-containers")
        #expect(found.finding.verdict == .fail && found.grant == nil)
    }
}
