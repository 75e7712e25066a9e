import Advisories
import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// Every example of every control gives exactly the findings its markers say.
struct ExampleTests {
    @Test(arguments: BuiltInControls.all.map(\.id))
    func examplesSayWhatTheControlDoes(id: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        #expect(!control.passing.isEmpty && !control.failing.isEmpty, "\(id) needs a passing and a failing example")
        for example in control.passing { try expectFindings(of: control, in: example, atMarkers: false) }
        for example in control.failing { try expectFindings(of: control, in: example, atMarkers: true) }
    }

    private func expectFindings(of control: Control, in example: Example, atMarkers: Bool) throws {
        let parsed = DocumentTree.parse(example.manifest)
        #expect(parsed.problems.isEmpty, "\(control.id): \(parsed.problems)")
        let read = SourceObjects(parsed.tree)
        #expect(read.malformed.isEmpty && read.foreign.isEmpty, "\(control.id): an example is no Kubernetes object")
        let inventory = Inventory(read.objects)
        let catalogue = Catalogue([control], kubernetesVersion: example.version ?? .newest)
        let judgement = catalogue.judge(inventory, objects: inventory.objects.indices, settings: .examples)
        #expect(judgement.gaps.isEmpty, "\(control.id): \(judgement.gaps)")
        #expect(judgement.evaluated > 0, "\(control.id): no object of the example is a subject of the control")
        let lines = Set(judgement.findings.map { $0.place.position.line })
        let marked = example.manifest.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.contains("# ✗") }.map { $0.offset + 1 }
        if atMarkers { #expect(!marked.isEmpty, "\(control.id): a failing example needs a marker") }
        #expect(lines == Set(marked), "\(control.id) in:\n\(example.manifest)")
    }
}

extension Settings {
    /// What the examples of controls that depend on an organisation's settings assume.
    static let examples: Settings = {
        var settings = Settings()
        settings.allowedRegistries = ["registry.example.com"]
        settings.requiredLabels = ["team"]
        settings.allowedObjectStorageLocations = ["oss-eu-central-1"]
        let amongItself = GroupRule(.ingress, .all, .all, peer: .itself, written: "self")
        settings.platformGroups.rules = [PlatformGroups.Rule(amongItself, isRequired: true, title: "the cluster among itself")]
        settings.advisories = .examples
        settings.requiresSandbox = true
        settings.tenants = Tenants(["red", "blue"].map { name in Tenant(name: name, namespaces: [name].compactMap(Pattern.init)) })
        return settings
    }()
}

extension AdvisoryIndex {
    /// What the examples of controls on packages, kernels and Kubernetes itself assume.
    static let examples = AdvisoryIndex(
        [
            #"""
            {"openssl": {"CVE-2024-0001": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u3", "urgency": "not yet assigned"}}}},
             "curl": {"CVE-2024-0002": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "7.88.1-10+deb12u5", "urgency": "low"}}}},
             "zlib": {"CVE-2024-0003": {"releases": {"bookworm": {"status": "open"}, "sid": {"status": "open"}}}},
             "systemd": {"CVE-2024-0004": {"releases": {"bookworm": {"status": "open"}, "sid": {"status": "resolved", "fixed_version": "255-1"}}}},
             "linux": {"CVE-2024-0005": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "6.1.76-1"}}}}}
            """#,
            #"""
            {"id": "CVE-2021-0001", "affected": [{"package": {"ecosystem": "kubernetes", "name": "k8s.io/kubelet"},
             "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"}],
             "ranges": [{"type": "SEMVER", "events": [{"introduced": "1.21.0"}, {"fixed": "1.21.5"}]}]}]}
            """#,
        ].enumerated().map { AdvisorySource(Array($1.utf8), source: "advisories-\($0).json") })
}
