import BuiltInControls
import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// The examples of controls about grants, run through attribution and audit.
struct GrantExampleTests {
    @Test(arguments: GrantControls.all.map(\.id))
    func examplesSayWhatTheControlDoes(id: String) throws {
        let control = try #require(GrantControls.all.first { $0.id == id })
        #expect(!control.passing.isEmpty && !control.failing.isEmpty)
        for example in control.passing { try expectFindings(of: id, in: example.manifest) }
        for example in control.failing {
            #expect(example.manifest.contains("# ✗"), "a failing example needs a marker")
            try expectFindings(of: id, in: example.manifest)
        }
    }

    private func expectFindings(of id: String, in manifest: String) throws {
        let model = try #require(ResponsibilityModel.builtIn("acs"))
        let estate = try TestEstate(manifest, model: model, controls: BuiltInControls.all + GrantControls.all)
        let lines = estate.audit().filter { $0.control == id }.map { $0.finding.finding.place.position.line }
        let marked = manifest.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.contains("# ✗") }.map { $0.offset + 1 }
        #expect(Set(lines) == Set(marked), "\(id) in:\n\(manifest)")
    }

    @Test func theEngineLeavesThemAlone() throws {
        let manifest = try #require(GrantControls.all.first?.failing.first?.manifest)
        let inventory = Inventory(SourceObjects(DocumentTree.parse(manifest).tree).objects)
        let judgement = Catalogue(GrantControls.all).judge(inventory, objects: inventory.objects.indices)
        #expect(judgement.findings.isEmpty && judgement.evaluated == 0)
        for control in GrantControls.all {
            #expect(control.subjectKinds == ["PrivilegeGrant"])
            #expect(control.minimumKubernetesVersion == nil)
        }
    }
}
