import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// Who acts on a vulnerability follows how far its fix has come, where the model says so.
struct PatchAttributionTests {
    static let evidence = """
        apiVersion: demarc.dev/v1alpha1
        kind: NodeEvidence
        nodeName: node-1
        packages: []
        """

    static func control(_ duty: String, _ patch: PatchCondition?) -> Control {
        TestControls.control(
            "known-faults", duty, [],
            .objects(["NodeEvidence"]) { object, report throws(WrongType) in report.fail(object.root["packages"], "a fault", patch: patch) })
    }

    static let a4 = "fixedDuty: A4 (Announce and fix vulnerabilities of the node operating system)"

    @Test(arguments: [
        ("acs", "A4", PatchCondition?.none, Party.provider, Attribution.Basis.fixedDuty, "\(a4) is the provider's without condition"),
        ("acs", "A4", .fixNotRolledOut, .customer, .transfer, "transfer: fixNotRolledOut: the fix is out, but the Pod or node was not re-created"),
        ("acs", "A4", .noUpstreamFix, .upstream, .transfer, "transfer: noUpstreamFix: upstream has no fix yet; the provider tracks it"),
        ("acs", "A1", .noUpstreamFix, .upstream, .transfer, "transfer: noUpstreamFix: upstream has no fix yet; the provider tracks it"),
        // Without a transfer of that name the search goes on as ever.
        ("self-managed", "A4", .fixNotRolledOut, .customer, .plane, "plane: a node is the customer's"),
        ("self-managed", "A4", .noUpstreamFix, .upstream, .transfer, "transfer: noUpstreamFix: upstream has no fix yet; the provider tracks it"),
    ])
    func theStateOfTheFixDecidesFirst(
        model: String, duty: String, patch: PatchCondition?, party: Party, basis: Attribution.Basis, last: String
    ) throws {
        let model = try #require(ResponsibilityModel.builtIn(model))
        let attribution = try TestEstate(Self.evidence, model: model, controls: [Self.control(duty, patch)]).only("known-faults").attribution
        #expect(attribution.party == party && attribution.basis == basis && attribution.strength == .presumed)
        #expect(attribution.chain.last == last)
    }

    @Test func theChainNamesTheDutyThatWasMoved() throws {
        let model = try #require(ResponsibilityModel.builtIn("acs"))
        let found = try TestEstate(Self.evidence, model: model, controls: [Self.control("A4", .noUpstreamFix)]).only("known-faults")
        #expect(
            found.attribution.chain.first
                == "fixedDuty: A4 (Announce and fix vulnerabilities of the node operating system) is the provider's without condition, but the state of the fix moves it"
        )
    }

    /// A Pod that asked for a sandbox and did not get it: whoever wrote the Pod has done nothing wrong.
    @Test(arguments: [("acs", Party.provider), ("self-managed", .customer)])
    func whatAMachineDoesIsTheMachinesSide(model: String, party: Party) throws {
        let manifests = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              namespace: shop
              managedFields:
              - {manager: kubectl, operation: Apply, fieldsV1: {"f:spec": {"f:runtimeClassName": {}}}}
            spec:
              runtimeClassName: gvisor
              containers: [{name: app, image: registry.example.com/app:1}]
            ---
            \(Self.evidence)
            """
        let control = TestControls.control(
            "claims", "A3", [],
            .pods { pod, report throws(WrongType) in
                let objects = report.inventory.objects
                guard let machine = objects.firstIndex(where: { $0.isNodeEvidence }) else { return }
                report.fail(
                    pod.node["runtimeClassName"], "no sandbox", cause: Finding.Cause(objects[machine].root["packages"], object: machine))
            })
        let model = try #require(ResponsibilityModel.builtIn(model))
        let attribution = try TestEstate(manifests, model: model, controls: [control]).only("claims").attribution
        #expect(attribution.party == party && attribution.basis == .plane && attribution.strength == .presumed)
        #expect(
            attribution.chain == [
                "fixedDuty: A3 is nobody's without condition", "grant: no grant names this workload",
                "provenance: NodeEvidence node-1 shows it, whatever the object says",
                "plane: a node brings it about, which is \(party == .provider ? "the provider's" : "the customer's")",
            ])
    }
}
