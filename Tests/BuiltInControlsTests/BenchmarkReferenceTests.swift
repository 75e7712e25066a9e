import BuiltInControls
import Controls
import Documents
import Foundation
import Testing

/// The numbers of the CIS benchmark that controls refer to are numbers of that benchmark. Its list lies outside the
/// repository: where it is absent, a line says so.
struct BenchmarkReferenceTests {
    @Test func numbersOfTheBenchmarkExist() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data = ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"] ?? package.appending(path: "../shared/data").path
        let file = data + "/cis/cis-1.12.json"
        guard let bytes = FileManager.default.contents(atPath: file) else {
            print("conformance, CIS numbers: skipped, \(file) is not there; set DEMARC_CONFORMANCE_DATA to run it")
            return
        }
        let root = try #require(DocumentTree.parse([UInt8](bytes), source: file).tree.roots.first)
        var known: Set<String> = []
        for check in try root["checks"].items() { known.insert(try check["id"].string() ?? "") }
        for control in BuiltInControls.all {
            for reference in control.references where reference.framework == "cis-1.12" {
                #expect(known.contains(reference.id), "\(control.id) refers to \(reference.id), which CIS 1.12 does not have")
            }
        }
    }
}
