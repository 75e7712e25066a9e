import BuiltInControls
import Controls
import Foundation
import Testing

/// `docs/coverage.md` names controls; each name is that of a control.
struct CoverageDocumentTests {
    private static let path = "docs/coverage.md"

    private static let text: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }()

    private let ids = Set(BuiltInControls.all.map(\.id))

    /// The rows of all tables: what users expect, and what answers it.
    private var rows: [[String]] {
        Self.text.split(separator: "\n").filter { $0.hasPrefix("|") && !$0.hasPrefix("| ---") && !$0.hasPrefix("|---") }
            .map { row in row.split(separator: "|", omittingEmptySubsequences: true).map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    @Test func namesOnlyControlsThatExist() {
        #expect(rows.count > 100)
        for row in rows {
            guard let answer = row.last else { continue }
            for id in answer.matches(of: /`([a-z0-9-]+)`/).map({ String($0.1) }) {
                #expect(ids.contains(id), "\(Self.path) says that \(id) answers \(row[0]), and there is no such control; correct the row")
            }
        }
    }

    @Test func saysNothingIsMissingThatExists() {
        let planned = Set(Self.text.matches(of: /not yet: ([a-z0-9-]+)/).map { String($0.1) })
        let existing = planned.intersection(ids).sorted().joined(separator: "|")
        #expect(existing.isEmpty, "these exist now; run sed -i -E 's/not yet: (\(existing))\\b/`\\1`/g' \(Self.path)")
    }

    /// A control that calls itself the answer to a policy of ACK is named in that policy's row.
    @Test func namesEveryControlThatRefersToAPolicy() {
        for control in BuiltInControls.all {
            for reference in control.references where reference.framework == "ack-policy" || reference.framework == "ack-inspection" {
                let row = rows.first { $0.first == reference.id }
                #expect(row != nil, "\(Self.path) has no row for \(reference.id), which \(control.id) refers to")
                guard let answer = row?.last else { continue }
                #expect(answer.contains("`\(control.id)`"), "add `\(control.id)` to the row \(reference.id) of \(Self.path)")
            }
        }
    }
}
