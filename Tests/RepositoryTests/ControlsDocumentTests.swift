import BuiltInControls
import Controls
import Reports
import Responsibility
import Testing

/// `docs/controls.md` is written by the program; nobody edits it, and nobody forgets to write it anew.
struct ControlsDocumentTests {
    @Test func isUpToDate() throws {
        let written = (try? Repository.text("docs/controls.md")) ?? ""
        let expected = ControlsReport(BuiltInControls.all + GrantControls.all).text(as: .markdown)
        // Compared as a whole, told in one line: a difference of two long texts helps nobody.
        let isUpToDate = written == expected
        #expect(isUpToDate, "docs/controls.md differs from the catalogue; run make docs")
    }
}
