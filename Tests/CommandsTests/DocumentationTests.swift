import Foundation
import Testing

/// What the documents show is what the program does.
struct DocumentationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// The first fenced block behind a text.
    private func block(behind marker: String, in document: String) throws -> String {
        let start = try #require(document.range(of: marker)?.upperBound)
        let open = try #require(document.range(of: "\n```", range: start..<document.endIndex)?.upperBound)
        let line = try #require(document.range(of: "\n", range: open..<document.endIndex)?.upperBound)
        let end = try #require(document.range(of: "\n```", range: line..<document.endIndex)?.lowerBound)
        return String(document[line..<end])
    }

    /// From a heading to the next of its level.
    private func section(_ heading: String, of manual: String) throws -> Substring {
        let start = try #require(manual.range(of: heading)).upperBound
        return manual[start..<(manual.range(of: "\n## ", range: start..<manual.endIndex)?.lowerBound ?? manual.endIndex)]
    }

    @Test func theReadmesFirstContactIsReal() throws {
        let shown = try block(behind: "$ demarc scan Examples/minimal\n", in: text("README.md"))
        let result = try Program.run(["scan", "Examples/minimal"], in: Self.root, environment: ["COLUMNS": "80"])
        #expect(result.code == 1)
        #expect(
            shown.trimmingCharacters(in: .newlines) == result.output.trimmingCharacters(in: .newlines),
            "put the output of COLUMNS=80 demarc scan Examples/minimal into README.md")
    }

    @Test func theConfigurationOfTheManualIsAccepted() throws {
        let configuration = try block(behind: "## `.demarc.yaml`", in: text("docs/cli.md"))
        try Program.withFiles([".demarc.yaml": configuration]) { directory in
            let result = try Program.run(["config", "show"], in: directory)
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output.contains("skipControls: [\"image-digests\"]") && result.output.contains("# exceptions: 1"))
        }
    }

    /// Every flag the manual names exists.
    @Test func theFlagsOfTheManualExist() throws {
        let manual = try text("docs/cli.md")
        for command in ["scan", "reach"] {
            let help = try Program.run([command, "--help"]).output
            let section = try section("## `demarc \(command)`", of: manual)
            for flag in Set(section.matches(of: /`(--[a-z-]+)/).map { String($0.1) }) {
                #expect(help.contains(flag), "\(flag) is no flag of \(command)")
            }
        }
    }

    /// So do those of `access`, each in the commands that the manual names.
    @Test func theFlagsOfAccessExist() throws {
        let manual = try text("docs/cli.md")
        let section = try section("## `demarc access`", of: manual)
        let help = try Dictionary(
            uniqueKeysWithValues: ["can-i", "who-can", "used"].map { ($0, try Program.run(["access", $0, "--help"]).output) })
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count > 10)
        for row in rows {
            let cells = row.split(separator: "|").map(String.init)
            let commands = help.keys.filter { cells[1].contains("all") || cells[1].contains($0) }
            for flag in cells[0].matches(of: /`(--?[A-Za-z-]+)/).map({ String($0.1) }) {
                for command in commands { #expect(help[command]?.contains(flag) == true, "\(flag) is no flag of access \(command)") }
            }
        }
    }

    @Test func theExamplesHoldTheirPromises() throws {
        let hardened = try Program.run(["scan", "Examples/estate/payments/hardened.yaml", "--fail-on", "low"], in: Self.root)
        #expect(hardened.code == 0, "\(hardened.output)")
        let estate = try Program.run(
            ["scan", "Examples/estate", "--now", "2026-11-24T00:00:00Z", "--format", "json", "--quiet"], in: Self.root)
        #expect(estate.code == 1)
        #expect(estate.output.contains("\"gaps\":[]"), "the estate is read without gaps")
        for party in ["provider", "customer", "shared"] { #expect(estate.output.contains("\"party\":\"\(party)\"")) }
        #expect(estate.output.contains("\"grant\":\"edge/vpn-gateway-net-admin\""))
    }
}
