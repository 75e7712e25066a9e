import Controls
import Documents
import Kubernetes
import Testing

/// One fault is one finding, where a control includes another one and both speak of the same place.
struct InclusionTests {
    private static func control(_ id: String, _ severity: Severity, at field: StaticString, overrides: [String] = []) -> Control {
        Control(
            id: id, title: id, severity: severity, duty: "C5", summary: "", remedy: "", overrides: overrides, passing: [], failing: [],
            check: .pods { pod, report in report.fail(pod.node[field], id) })
    }

    private func found(_ controls: [Control]) throws -> [String] {
        let manifest = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {nodeName: one, hostname: web, subdomain: pods, containers: []}
            """
        let inventory = Inventory(SourceObjects(DocumentTree.parse(manifest).tree).objects)
        return Catalogue(controls).judge(inventory, objects: inventory.objects.indices).findings.map { controls[$0.control].id }
    }

    @Test(arguments: [
        (Severity.medium, Severity.high, "included"), (.high, .low, "including"), (.medium, .medium, "included"),
    ])
    func keepsTheMoreSevereFinding(including: Severity, included: Severity, kept: String) throws {
        let controls = [
            Self.control("including", including, at: "nodeName", overrides: ["included"]), Self.control("included", included, at: "nodeName"),
        ]
        #expect(try found(controls) == [kept])
        #expect(try found(controls.reversed()) == [kept])
    }

    @Test func keepsWhatIsSaidOfOtherPlaces() throws {
        let controls = [Self.control("including", .high, at: "nodeName", overrides: ["included"]), Self.control("included", .low, at: "hostname")]
        #expect(try found(controls) == ["including", "included"])
    }

    /// Without `overrides` two controls are about two faults.
    @Test func keepsBothOfUnrelatedControls() throws {
        let controls = [Self.control("one", .high, at: "nodeName"), Self.control("other", .low, at: "nodeName")]
        #expect(try found(controls) == ["one", "other"])
    }
}
