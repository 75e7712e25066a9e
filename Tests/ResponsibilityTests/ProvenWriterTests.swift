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

    @Test func withoutARecordNothingChanges() throws {
        #expect(try Self.attribution(nil).strength == .presumed)
    }

    @Test func controllersAreThoseOfKubernetes() {
        #expect(WorkloadControllers.contains(user: "system:serviceaccount:kube-system:job-controller"))
        #expect(!WorkloadControllers.contains(user: "system:serviceaccount:shop:job-controller"))
        #expect(!WorkloadControllers.contains(user: "system:serviceaccount:kube-system:tenant"))
    }
}
