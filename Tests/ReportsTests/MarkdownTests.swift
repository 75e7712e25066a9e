import Foundation
import Testing

@testable import Reports

struct MarkdownTests {
    @Test func strangersCanNeitherMentionNorLink() throws {
        let report = try text(Sample.estate, as: .markdown)
        #expect(!report.contains("<script"))
        #expect(!report.contains("<img"))
        #expect(Markdown.plain("[click](https://evil.example)/@everyone") == #"\[click\](https://evil.example)/@"# + "\u{2060}everyone")
        #expect(Markdown.plain("a|b`c\nd") == #"a\|b\`c\\u{A}d"#)
        #expect(Markdown.code("a`b|c") == #"a'b\|c"#)
    }

    @Test(arguments: [3000, 6000, 60_000])
    func theReportStaysWithinItsBound(limit: Int) throws {
        let many = (0..<400).map { number in
            (
                name: "file-\(number).yaml",
                text:
                    "apiVersion: v1\nkind: Pod\nmetadata: {name: pod-\(number)}\nspec: {containers: [{name: a, image: b, securityContext: {privileged: true}}]}\n"
            )
        }
        let result = Sample.result(of: many + [(name: "broken.yaml", text: "a: [")], allVerdicts: false)
        var options = ReportOptions()
        options.maximumMarkdownBytes = limit
        let report = try text(result, as: .markdown, options: options)
        #expect(report.utf8.count <= limit)
        #expect(report.contains("Not judged"), "gaps are told before anything is left out")
    }

    @Test func whatIsLeftOutIsCounted() throws {
        var options = ReportOptions()
        options.maximumMarkdownBytes = 3000
        #expect(try text(Sample.estate, as: .markdown, options: options).contains("left out"))
    }

    @Test func noTextClosesItsBlock() {
        #expect(Markdown.block("a\n```\n\u{1B}b", language: "yaml") == "````yaml\na\n```\n\\u{1B}b\n````\n")
        #expect(Markdown.block("plain", language: "yaml") == "```yaml\nplain\n```\n")
    }

    @Test func aSuggestionIsShownOnceForAControl() throws {
        let report = try text(Sample.estate, as: .markdown)
        #expect(report.components(separatedBy: "<summary>Suggested for sample-privileged").count == 2)
        #expect(!report.contains("\u{1B}"))
    }
}
