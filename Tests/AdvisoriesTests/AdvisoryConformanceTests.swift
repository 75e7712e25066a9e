import Documents
import Foundation
import Testing

@testable import Advisories

/// The official feed of Kubernetes, where it lies beside the project: every record is read, and each version it names is judged as it says.
struct AdvisoryConformanceTests {
    static let folder: URL = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data = ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(filePath: $0) } ?? root.appending(path: "../shared/data")
        return data.appending(path: "advisories/kubernetes")
    }()

    static let isHere = FileManager.default.fileExists(atPath: folder.path)

    @Test(.enabled(if: isHere, "the official feed is not here; set DEMARC_CONFORMANCE_DATA")) func everyVersionOfTheFeedIsJudgedAsItSays() throws {
        var judged = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted() where name.hasSuffix(".json") {
            let source = AdvisorySource(Array(try Data(contentsOf: Self.folder.appending(path: name))), source: name)
            let index = AdvisoryIndex([source])
            #expect(index.problems.isEmpty && index.count == 1 && index.coversKubernetes, "\(name)")
            for record in source.records {
                for (package, _, entry) in record.affected {
                    for range in try entry["ranges"].items() {
                        for event in try range["events"].items() {
                            let isFix = event["fixed"].exists
                            let text = isFix ? event["fixed"].text : event["introduced"].text
                            let answer = index.standings(ofKubernetes: [package], version: text)
                            #expect(answer.unreadable.isEmpty && answer.sorted.first?.severity != .unknown)
                            #expect(answer.sorted.first?.state.isOpen == !isFix, "\(name): \(text) is \(answer.sorted.map(\.state))")
                            judged += 1
                        }
                    }
                }
            }
        }
        #expect(judged > 200, "\(judged) versions were judged")
    }
}
