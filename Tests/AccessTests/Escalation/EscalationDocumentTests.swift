import Foundation
import Kubernetes
import Testing

@testable import Access

/// The table of techniques in the manual says what the program does.
struct EscalationDocumentTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/escalation.md")

    @Test func theTableIsUpToDate() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- techniques -->\n"))
        let end = try #require(text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex))
        let isUpToDate = text[start.upperBound..<end.lowerBound] == Self.table
        #expect(isUpToDate, "the table of techniques in docs/escalation.md should be:\n\(Self.table)")
    }

    @Test func techniquesAreComplete() {
        #expect(Set(Technique.all.map(\.id)).count == Technique.all.count)
        for technique in Technique.all {
            #expect(technique.id.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(technique.id)")
            #expect(technique.source.hasPrefix("https://") || technique.source.hasPrefix("kubernetes "), "\(technique.id) needs a source")
            #expect(!technique.title.hasSuffix(".") && !technique.condition.isEmpty && !technique.gives.isEmpty, "\(technique.id)")
            #expect(Technique.named(technique.id)?.index == technique.index)
        }
    }

    private static var table: String {
        let rows = Technique.all.map { technique in
            let source = technique.source.hasPrefix("https://") ? "[source](\(technique.source))" : "`\(technique.source)`"
            return "| `\(technique.id)` | \(technique.severity.rawValue) | \(technique.title) | \(needs(technique)) | \(technique.condition) | "
                + "\(technique.gives) | \(source) |"
        }
        let head = "| technique | severity | what is done | needs | condition | gives | |\n|---|---|---|---|---|---|---|\n"
        return head + rows.joined(separator: "\n") + "\n"
    }

    /// `create pods; get, list secrets`
    private static func needs(_ technique: Technique) -> String {
        guard !technique.needs.isEmpty else { return "–" }
        return technique.needs.map { need in
            let choice = need.permissions.map { "`\($0.verbs.names.joined(separator: ",")) \($0.resource.path)`" }.joined(separator: " or ")
            return technique.needs.count > 1 && need.permissions.count > 1 ? "(\(choice))" : choice
        }.joined(separator: " and ")
    }
}
