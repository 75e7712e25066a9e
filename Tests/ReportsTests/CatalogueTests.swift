import BuiltInControls
import Controls
import Foundation
import Testing

@testable import Reports

/// What is said about controls apart from any scan.
struct CatalogueTests {
    @Test(arguments: ControlsReport.Format.allCases)
    func catalogueIsAsKept(format: ControlsReport.Format) throws {
        let report = ControlsReport(SampleControls.all, options: ReportOptions(width: 80))
        try expectGolden(report.text(as: format), "controls-\(format.rawValue).txt")
    }

    @Test func explanationIsAsKept() throws {
        let explanation = ExplainReport(SampleControls.privileged, model: Sample.model, options: ReportOptions(width: 80))
        try expectGolden(explanation.text, "explain.txt")
    }

    @Test func theDocumentHasEveryKey() throws {
        let bytes = Data(ControlsReport(BuiltInControls.all).text(as: .json).utf8)
        let controls = try #require(JSONSerialization.jsonObject(with: bytes) as? [[String: Any]])
        #expect(controls.count == BuiltInControls.all.count)
        for control in controls {
            #expect(
                Set(control.keys) == [
                    "id", "title", "severity", "duty", "subjectKinds", "summary", "remediation", "references", "minimumKubernetesVersion",
                ])
        }
    }

    @Test func everyControlHasAnAnchor() {
        let page = ControlsReport(BuiltInControls.all).text(as: .markdown)
        for control in BuiltInControls.all {
            #expect(page.contains("(#\(control.id))"))
            #expect(page.contains("\n## \(control.id)\n"))
        }
    }

    @Test func anEmptyCatalogueIsStillADocument() throws {
        #expect(try JSONSerialization.jsonObject(with: Data(ControlsReport([]).text(as: .json).utf8)) as? [String] == [])
        #expect(ControlsReport([]).text(as: .table).contains("0 controls"))
    }
}
