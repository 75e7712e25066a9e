import BuiltInControls
import Controls
import Documents
import Foundation
import Testing

/// The tables of benchmarks beside the editions' own lists, which lie outside the repository, and beside our controls.
struct BenchmarkRowTests {
    /// Where the list is absent, a line says so.
    @Test(arguments: Benchmark.all)
    func rowsAreThoseOfTheEdition(benchmark: Benchmark) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data = ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"] ?? package.appending(path: "../shared/data").path
        let file = data + "/cis/\(benchmark.id).json"
        guard let bytes = FileManager.default.contents(atPath: file) else {
            print("conformance, benchmarks: skipped, \(file) is not there; set DEMARC_CONFORMANCE_DATA to run it")
            return
        }
        let root = try #require(DocumentTree.parse([UInt8](bytes), source: file).tree.roots.first)
        var isAutomated: [String: Bool] = [:]
        for check in try root["checks"].items() { isAutomated[try check["id"].string() ?? ""] = try check["type"].string() == "automated" }
        let rows = Dictionary(uniqueKeysWithValues: benchmark.rows.map { ($0.id, $0.isAutomated) })
        for (id, value) in isAutomated.sorted(by: { $0.key < $1.key }) {
            #expect(rows[id] == value, "\(benchmark.id) \(id) is \(value ? "automated" : "for people") there")
        }
        #expect(Set(rows.keys).subtracting(isAutomated.keys).sorted() == [], "\(benchmark.id) has no such rows")
        print("conformance, benchmarks: \(benchmark.id), \(isAutomated.count) rows")
    }

    @Test func referencesOfControlsExist() {
        let rows = Set(Benchmark.all.flatMap { benchmark in benchmark.rows.map { Reference(benchmark.id, $0.id) } })
        let editions = Set(Benchmark.all.map(\.id))
        for control in BuiltInControls.all {
            for reference in control.references where editions.contains(reference.framework) {
                #expect(rows.contains(reference), "\(control.id) refers to \(reference.id), which \(reference.framework) does not have")
            }
        }
    }

    /// A row without a word on what to look at is answered by controls, or nobody answers it.
    @Test(arguments: Benchmark.all)
    func rowsAreVerified(benchmark: Benchmark) {
        let verified = Set(BuiltInControls.all.flatMap(\.references).filter { $0.framework == benchmark.id }.map(\.id))
        let open = benchmark.rows.filter { $0.lookAt == nil && !verified.contains($0.id) }.map(\.id)
        #expect(open == [], "\(benchmark.id): no control refers to these rows")
    }
}
