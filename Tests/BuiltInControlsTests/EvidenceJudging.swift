import Advisories
import Controls
import Documents
import Kubernetes
import Testing

@testable import BuiltInControls

/// Judges documents that tests write, by some controls, with the settings of the examples unless others are given.
func judge(_ controls: [Control], _ manifests: String, settings: Settings = .examples) -> Judgement {
    let parsed = DocumentTree.parse(manifests)
    #expect(parsed.problems.isEmpty, "\(parsed.problems)")
    let inventory = Inventory(SourceObjects(parsed.tree).objects)
    return Catalogue(controls.map(\.heedingBrokenEvidence)).judge(inventory, objects: inventory.objects.indices, settings: settings)
}

extension Settings {
    static func with(advisories texts: String...) -> Settings {
        var settings = Settings()
        settings.advisories = AdvisoryIndex(texts.map { AdvisorySource(Array($0.utf8), source: "advisories.json") })
        return settings
    }
}

/// A finding as tests compare it: verdict, path, message.
func told(_ judgement: Judgement) -> [String] { judgement.findings.map { "\($0.verdict.rawValue) \($0.fieldPath): \($0.message)" } }
