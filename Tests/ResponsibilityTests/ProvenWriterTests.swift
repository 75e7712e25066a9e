import Controls
import Documents
import Kubernetes
import Testing

@testable import Responsibility

/// Attribution by a record of authenticated requests: it proves, and what does not prove decides nothing.
struct ProvenWriterTests {
    /// Says of each value that this one wrote it.
    struct Record: WriteRecord {
        let writer: ProvenWriter?

        func writer(of place: Value, missing: String, in object: KubernetesObject) -> ProvenWriter? { missing.isEmpty ? writer : nil }
    }

    private static func writer(_ user: String, _ groups: [String] = ["system:authenticated"], asked: Bool = true) -> ProvenWriter {
        ProvenWriter(user: user, groups: groups, time: "2026-11-24T05:18:49Z", evidence: "audit event audit.log:17", wasAsked: asked)
    }

    private static func attribution(_ writer: ProvenWriter?, namespace: String = "shop", metadata: String = "") throws -> Attribution {
        let manifest = AttributionTests.pod(namespace, metadata: metadata)
        let inventory = Inventory(SourceObjects(DocumentTree.parse(manifest, source: "estate.yaml").tree).objects)
        let model = try #require(ResponsibilityModel.builtIn("acs"))
        let now = try #require(Timestamp("2026-06-15T00:00:00Z"))
        let attributor = Attributor(
            model: model, inventory: inventory, controls: TestControls.all, now: now, writes: writer.map { Record(writer: $0) })
        let judgement = Catalogue(TestControls.all).judge(inventory, objects: inventory.objects.indices)
        let found = attributor.attribute(judgement.findings, controls: TestControls.all)
        let privileged = found.first { TestControls.all[$0.finding.control].id == "privileged-containers" }
        return try #require(privileged).attribution
    }

    @Test func anAuthenticatedUserIsProven() throws {
        let attribution = try Self.attribution(Self.writer("alice"))
        #expect(attribution.party == .customer && attribution.principal == "alice" && attribution.basis == .provenance)
        #expect(attribution.strength == .proven)
        #expect(
            attribution.chain.last
                == "provenance: alice (2026-11-24T05:18:49Z, audit event audit.log:17) wrote it, authenticated as group:system:authenticated, which is the customer's"
        )
    }

    /// The proof goes before what managedFields record, and against the plane.
    @Test func theProofIsStrongerThanEveryRecord() throws {
        let managed = AttributionTests.managed("kubectl-edit", AttributionTests.privilegedField)
        #expect(try Self.attribution(nil, metadata: managed).strength == .recorded)
        #expect(try Self.attribution(Self.writer("alice"), metadata: managed).principal == "alice")
        let component = try Self.attribution(Self.writer("system:kube-scheduler"))
        #expect(component.party == .provider && component.strength == .proven)
        let tenant = try Self.attribution(Self.writer("alice"), namespace: "kube-system")
        #expect(tenant.party == .customer && tenant.strength == .proven)
    }

    @Test(arguments: [
        (writer("alice", asked: false), "a default or an admission plugin added it"),
        (writer("system:serviceaccount:kube-system:replicaset-controller"), "wrote what an owner says that is not in the estate"),
        (writer("system:kube-controller-manager"), "wrote what an owner says"),
        (writer("system:anonymous", ["system:unauthenticated"]), "of whom the model knows nothing"),
    ])
    func whatDoesNotProveDecidesNothing(writer: ProvenWriter, says: String) throws {
        let attribution = try Self.attribution(writer)
        #expect(attribution.basis == .plane && attribution.strength == .presumed && attribution.principal == nil)
        #expect(attribution.chain.contains { $0.contains(says) }, "\(attribution.chain)")
    }

    /// Says who wrote objects of a kind.
    private struct RecordOfKinds: WriteRecord {
        let writers: [String: ProvenWriter]

        func writer(of place: Value, missing: String, in object: KubernetesObject) -> ProvenWriter? { missing.isEmpty ? writers[object.kind] : nil }
    }

    /// Whoever creates a Pod may claim an owner of somebody else. Its author is the Pod's only where a controller wrote what it says.
    @Test(
        arguments: [
            (writer("system:serviceaccount:kube-system:replicaset-controller"), true, "alice"), (writer("mallory"), true, "mallory"),
            (nil, true, nil),
            (writer("system:serviceaccount:kube-system:replicaset-controller"), false, nil),
        ] as [(ProvenWriter?, Bool, String?)])
    func aClaimedOwnerIsNoProof(ofPod: ProvenWriter?, isSame: Bool, principal: String?) throws {
        let owner = "ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: web, uid: d-1, controller: true}]"
        let estate = """
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: web, namespace: shop, uid: d-1}
            spec: {template: {spec: {containers: [{name: app, image: "r/app:1", securityContext: {privileged: \(isSame)}}]}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web-1, namespace: shop, \(owner)}
            spec: {containers: [{name: app, image: "r/app:1", securityContext: {privileged: true}}]}
            """
        let inventory = Inventory(SourceObjects(DocumentTree.parse(estate, source: "estate.yaml").tree).objects)
        let model = try #require(ResponsibilityModel.builtIn("acs"))
        let now = try #require(Timestamp("2026-06-15T00:00:00Z"))
        var writers = ["DaemonSet": Self.writer("alice")]
        writers["Pod"] = ofPod
        let attributor = Attributor(
            model: model, inventory: inventory, controls: TestControls.all, now: now, writes: RecordOfKinds(writers: writers))
        let judgement = Catalogue(TestControls.all).judge(inventory, objects: inventory.objects.indices)
        let found = attributor.attribute(judgement.findings, controls: TestControls.all).first {
            TestControls.all[$0.finding.control].id == "privileged-containers" && inventory.objects[$0.finding.object].kind == "Pod"
        }
        let attribution = try #require(found).attribution
        #expect(attribution.principal == principal && attribution.introducedBy?.user == principal)
        #expect(attribution.strength == (principal == nil ? .presumed : .proven))
    }

    @Test func withoutARecordNothingChanges() throws {
        #expect(try Self.attribution(nil).strength == .presumed)
    }

    @Test func controllersAreThoseOfKubernetes() {
        #expect(WorkloadControllers.contains(user: "system:serviceaccount:kube-system:job-controller"))
        #expect(!WorkloadControllers.contains(user: "system:serviceaccount:shop:job-controller"))
        #expect(!WorkloadControllers.contains(user: "system:serviceaccount:kube-system:tenant"))
    }
}
