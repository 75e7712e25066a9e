import Foundation
import Testing

/// What somebody might write or name so that a scan comes out clean, and what must be said instead.
struct HiddenFindingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let files: [String: String]
        /// 1 when the finding must be seen, 3 when it must at least be a gap.
        let code: Int32
        let says: [String]
        var testDescription: String { name }
    }

    private static let pod = BadInputTests.pod
    private static let privileged = "\"privileged-containers\""

    static let cases: [Case] = [
        Case(
            name: "a ConfigMap with items",
            files: ["a.json": #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"items":[\#(podAsJSON)]}"#],
            code: 1, says: [privileged]),
        Case(name: "a group that is none", files: ["a.yaml": pod.replacing("v1", with: "core/v1")], code: 3, says: ["no kind 'Pod' in 'core/v1'"]),
        Case(
            name: "a kind in small letters", files: ["a.yaml": pod.replacing("kind: Pod", with: "kind: pod")], code: 3,
            says: ["no kind 'pod' in 'v1'"]),
        Case(name: "the core group spelled with a slash", files: ["a.yaml": pod.replacing("v1", with: "/v1")], code: 1, says: [privileged]),
        Case(name: "a hidden file", files: [".a.yaml": pod], code: 1, says: [privileged, ".a.yaml"]),
        Case(name: "a hidden directory", files: [".deploy/a.yaml": pod], code: 1, says: [privileged, ".deploy/a.yaml"]),
        Case(
            name: "a kustomization", files: ["kustomization.yml": "resources: [a.yaml]\n", "a.yaml": pod.replacing("true", with: "false")], code: 3,
            says: ["kustomization.yml", "kustomize build"]),
        Case(
            name: "an object that stands twice",
            files: ["a.yaml": pod.replacing("true", with: "false") + "\n---\n" + pod.replacing("true", with: "false")],
            code: 3, says: ["duplicateObject", "Pod default/web stands twice"]),
    ]

    private static let podAsJSON =
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","securityContext":{"privileged":true}}]}}"#

    @Test(arguments: cases)
    func isSeen(hidden: Case) throws {
        try Program.withFiles(hidden.files) { directory in
            let result = try Program.run(["scan", ".", "--format", "json", "--control", "privileged-containers"], in: directory)
            #expect(result.code == hidden.code, "\(result.output + result.errors)")
            for expected in hidden.says { #expect(result.output.contains(expected), "'\(expected)' is missing in: \(result.output)") }
        }
    }

    @Test func versionControlIsNotRead() throws {
        try Program.withFiles([".git/a.yaml": Self.pod, "b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"]) { directory in
            let result = try Program.run(["scan", ".", "--format", "json"], in: directory)
            #expect(!result.output.contains(".git"))
        }
    }

    /// Names reach the terminal by the draft itself, by refusals and by gaps.
    @Test func namesDoNotSteerTheTerminalOfADraft() throws {
        let hostile = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"x\\u001b[2J\\u009b31m\\u202e"},"spec":{"containers":[
            {"name":"c\\n  privileges: []\\u001b]0;","image":"a","securityContext":{"privileged":true,"capabilities":{"add":["NET_RAW","SYS_ADMIN\\n\\u001b[A"]}}},
            {"name":"d","resources":{"limits":{"\\u001b[31m":[1]}}}]}}
            """
        try Program.withFiles(["a.json": hostile]) { directory in
            let result = try Program.run(["grant", "draft", "a.json"], in: directory)
            let shown = result.output + result.errors
            #expect(shown.contains("Pod default/x\\u{1B}[2J"))
            for scalar in shown.unicodeScalars where scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format {
                #expect(scalar == "\n", "U+\(String(scalar.value, radix: 16)) reached the terminal")
            }
            #expect(!result.output.contains("\n  privileges: []"))
        }
    }
}
