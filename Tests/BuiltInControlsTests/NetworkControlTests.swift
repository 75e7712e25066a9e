import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// Judges manifests with one control.
private func judge(_ control: String, _ manifests: String, settings: Settings = Settings()) throws -> Judgement {
    let control = try #require(BuiltInControls.all.first { $0.id == control })
    let inventory = Inventory(SourceObjects(DocumentTree.parse(manifests).tree).objects)
    return Catalogue([control]).judge(inventory, objects: inventory.objects.indices, settings: settings)
}

/// What a balancer's annotations and class say about its address, on every platform Demarc knows.
@Test(arguments: [
    ("metadata: {name: s}, spec: {type: LoadBalancer}", Verdict.fail),
    ("metadata: {name: s}, spec: {type: ClusterIP}", .pass),
    (
        "metadata: {name: s, annotations: {service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type: internet}}, spec: {type: LoadBalancer}",
        .fail
    ),
    (
        "metadata: {name: s, annotations: {service.beta.kubernetes.io/alicloud-loadbalancer-address-type: intranet}}, spec: {type: LoadBalancer}",
        .pass
    ),
    (
        "metadata: {name: s, annotations: {service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id: lb-1}}, spec: {type: LoadBalancer}",
        .notObservable
    ),
    ("metadata: {name: s, annotations: {service.beta.kubernetes.io/aws-load-balancer-scheme: internal}}, spec: {type: LoadBalancer}", .pass),
    ("metadata: {name: s, annotations: {service.beta.kubernetes.io/aws-load-balancer-internal: 'true'}}, spec: {type: LoadBalancer}", .pass),
    ("metadata: {name: s, annotations: {service.beta.kubernetes.io/aws-load-balancer-type: external}}, spec: {type: LoadBalancer}", .pass),
    (
        "metadata: {name: s, annotations: {service.beta.kubernetes.io/aws-load-balancer-type: external, "
            + "service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing}}, spec: {type: LoadBalancer}", .fail
    ),
    ("metadata: {name: s, annotations: {cloud.google.com/load-balancer-type: Internal}}, spec: {type: LoadBalancer}", .pass),
    ("metadata: {name: s, annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: 'false'}}, spec: {type: LoadBalancer}", .fail),
    ("metadata: {name: s}, spec: {type: LoadBalancer, loadBalancerClass: eks.amazonaws.com/nlb}", .pass),
    ("metadata: {name: s}, spec: {type: LoadBalancer, loadBalancerClass: alibabacloud.com/nlb}", .fail),
    ("metadata: {name: s}, spec: {type: LoadBalancer, loadBalancerClass: example.com/own}", .notObservable),
])
func balancersArePublicUnlessThePlatformIsTold(service: String, expected: Verdict) throws {
    let judgement = try judge("internet-load-balancers", "{apiVersion: v1, kind: Service, \(service)}")
    #expect(judgement.findings.map(\.verdict) == (expected == .pass ? [] : [expected]))
}

@Test func anAnnotationThatIsNoStringIsAGap() throws {
    let judgement = try judge(
        "internet-load-balancers",
        "{apiVersion: v1, kind: Service, metadata: {name: s, annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: true}}, "
            + "spec: {type: LoadBalancer}}")
    #expect(judgement.findings.isEmpty && judgement.gaps.count == 1 && judgement.passed == 0)
}

@Test(arguments: [
    (
        "dangling-network-policies",
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {matchExpressions: [{key: a, operator: Like}]}}}"
    ),
    ("dangling-services", "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: [app]}}"),
    (
        "pod-networking-selectors",
        "{apiVersion: network.alibabacloud.com/v1beta1, kind: PodNetworking, metadata: {name: p}, spec: {selector: {podSelector: web}}}"
    ),
    (
        "gateway-routes-from-all-namespaces",
        "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g}, spec: {listeners: [{allowedRoutes: {namespaces: {from: [All]}}}]}}"
    ),
    (
        "ingress-tls",
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {tls: [{hosts: a.example.com}], rules: [{host: a.example.com}]}}"
    ),
    ("namespace-pod-security", "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: 1}}}"),
    ("secrets-in-manifests", "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {port: 5432}}"),
    (
        "storage-class-encryption",
        "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: s}, provisioner: ebs.csi.aws.com, parameters: {encrypted: true}}"
    ),
    ("host-persistent-volumes", "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {hostPath: /data}}"),
])
func aFieldOfTheWrongTypeIsAGapAndNeverAPass(control: String, manifest: String) throws {
    let judgement = try judge(control, manifest)
    #expect(judgement.gaps.count == 1, "\(judgement)")
    #expect(judgement.passed == 0 && judgement.findings.isEmpty)
}

/// Kinds that share a name with one of Kubernetes are no subjects.
@Test(arguments: [
    ("node-port-services", "serving.knative.dev/v1", "Service"), ("ingress-tls", "config.openshift.io/v1", "Ingress"),
    ("gateway-listener-tls", "networking.istio.io/v1", "Gateway"), ("network-policy-allows-all", "projectcalico.org/v3", "NetworkPolicy"),
])
func kindsOfOtherGroupsAreNoSubjects(control: String, apiVersion: String, kind: String) throws {
    let judgement = try judge(control, "{apiVersion: \(apiVersion), kind: \(kind), metadata: {name: x}, spec: {type: NodePort}}")
    #expect(judgement.passed == 0 && judgement.findings.isEmpty)
}

@Test func aSecretNeverShowsItsValue() throws {
    let judgement = try judge("secrets-in-manifests", "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {password: open-sesame}}")
    let finding = try #require(judgement.findings.first)
    #expect(finding.value == "password")
    #expect(!finding.message.contains("sesame"))
}

@Test func credentialsOfVolumesNeverShowTheirValue() throws {
    let judgement = try judge(
        "volume-credentials",
        "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {csi: {volumeAttributes: {akSecret: open-sesame}}}}")
    let finding = try #require(judgement.findings.first)
    #expect(finding.value == "akSecret" && !finding.message.contains("sesame"))
}

@Test func aSecretReadFromAClusterIsNoManifest() throws {
    let judgement = try judge(
        "secrets-in-manifests",
        "{apiVersion: v1, kind: Secret, metadata: {name: s, uid: 1-2, resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z'}, data: {a: YQ==}}"
    )
    #expect(judgement.notApplicable == 1)
}

@Test func policiesOfUnknownKindsLeaveTheQuestionOpen() throws {
    let judgement = try judge(
        "default-deny-ingress",
        """
        {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {}}
        ---
        {apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: p}, spec: {selector: all()}}
        """)
    #expect(judgement.findings.map(\.verdict) == [.notObservable])
}

@Test func eachNamespaceIsReportedOnce() throws {
    let pods = (0..<5).map { "{apiVersion: v1, kind: Pod, metadata: {name: p\($0), namespace: n\($0 % 2)}, spec: {}}" }
    let judgement = try judge("default-deny-egress", pods.joined(separator: "\n---\n"))
    #expect(judgement.findings.map(\.value) == ["n0", "n1"])
}

@Test func aPodOnTheHostNetworkIsOutOfReachOfPolicies() throws {
    let judgement = try judge("workload-network-policies", "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {hostNetwork: true}}")
    #expect(judgement.notApplicable == 1)
}

@Test func sizesAreComparedAsQuantities() throws {
    var settings = Settings()
    settings.maximumVolumeSize = "500Gi"
    func claim(_ size: String) -> String {
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {resources: {requests: {storage: \(size)}}}}"
    }
    #expect(try judge("volume-sizes", claim("0.5Ti"), settings: settings).findings.count == 1)
    #expect(try judge("volume-sizes", claim("512000Mi"), settings: settings).findings.isEmpty)
    settings.maximumVolumeSize = ""
    #expect(try judge("volume-sizes", claim("1Ei"), settings: settings).notApplicable == 1)
}

@Test func anAnnotationOfAnotherPlatformHidesNothing() throws {
    var settings = Settings()
    settings.loadBalancerPlatforms = ["alibaba"]
    func service(_ annotation: String) -> String {
        "{apiVersion: v1, kind: Service, metadata: {name: s, annotations: {\(annotation)}}, spec: {type: LoadBalancer}}"
    }
    let azure = service("service.beta.kubernetes.io/azure-load-balancer-internal: 'true'")
    #expect(try judge("internet-load-balancers", azure).findings.isEmpty)
    #expect(try judge("internet-load-balancers", azure, settings: settings).findings.map(\.verdict) == [.fail])
    let alibaba = service("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type: intranet")
    #expect(try judge("internet-load-balancers", alibaba, settings: settings).findings.isEmpty)
}

@Test(arguments: ["true", "True", "1", "t"])
func switchesAreReadAsControllersReadThem(value: String) throws {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {network.alibabacloud.com/pod-with-eip: '\(value)'}}, spec: {}}"
    #expect(try judge("public-pod-addresses", pod).findings.count == 1)
}

@Test func halvesOfTheInternetAreAsOpenAsAllOfIt() throws {
    let service =
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/1, 128.0.0.0/1]}}"
    #expect(try judge("load-balancer-source-ranges", service).findings.count == 2)
    let own = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 'fc00::/7']}}"
    #expect(try judge("load-balancer-source-ranges", own).findings.isEmpty)
}
