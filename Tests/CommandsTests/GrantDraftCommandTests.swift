import Foundation
import Testing

/// What `grant draft` prints is what the reader of grants takes, once a person has filled it in.
struct GrantDraftCommandTests {
    private static let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec:
          containers:
          - name: app
            image: registry.example.com/app:1.0
            securityContext: {capabilities: {add: [NET_ADMIN]}}

        """

    private static let everything = [
        "added-capabilities", "privilege-escalation", "run-as-non-root", "required-seccomp-profile", "dropped-capabilities",
    ]

    /// What the webhook would refuse the Pod for, and nothing that it only warns of.
    @Test(
        arguments: [
            ([], ["added-capabilities"]), (["--all"], everything), (["--model", "self-managed"], everything),
        ] as [([String], [String])])
    func theDraftIsThatOfTheDenial(arguments: [String], controls: [String]) throws {
        let result = try Program.run(["grant", "draft", "-"] + arguments, input: Self.pod)
        let found = result.output.split(separator: "\n").compactMap { $0.wholeMatch(of: #/  - control: "?([a-z0-9-]+)"?/#).map { String($0.1) } }
        #expect(result.code == 0 && found == controls, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("--all asks") == arguments.isEmpty, "\(result.errors)")
    }

    @Test func aPodThatIsOnlyWarnedAboutNeedsNoGrant() throws {
        let plain = Self.pod.replacing("{add: [NET_ADMIN]}", with: "{}")
        let warned = try Program.run(["grant", "draft", "-"], input: plain)
        #expect(warned.code == 0 && warned.output.isEmpty && warned.errors.contains("nothing here needs a grant under model acs"), "\(warned)")
    }

    @Test func aFilledDraftIsReadAndStillNotApproved() throws {
        try Program.withFiles(["a.yaml": Self.pod]) { directory in
            let now = ["--now", "2026-11-24T00:00:00Z"]
            let draft = try Program.run(["grant", "draft", "a.yaml"] + now, in: directory)
            #expect(draft.code == 0 && draft.errors.contains("--all asks for those, too"), "\(draft.errors)")
            #expect(try Program.run(["grant", "draft", "a.yaml", "--quiet"] + now, in: directory).errors.isEmpty)
            let form = directory.appending(path: "grant.yaml")
            let scan = [
                "scan", ".", "--format", "json", "--control", "grant-malformed", "--control", "grant-not-approved", "--control", "added-capabilities",
            ]

            try draft.output.write(to: form, atomically: false, encoding: .utf8)
            let unfilled = try Program.run(scan + now, in: directory).output
            #expect(unfilled.contains("still what the draft left there"))

            let filled = draft.output.replacing(/<fill in:[^>]*>/, with: "payments")
            try filled.write(to: form, atomically: false, encoding: .utf8)
            let read = try Program.run(scan + now, in: directory)
            #expect(!read.output.contains("\"control\":\"grant-malformed\""), "\(read.output)")
            #expect(read.output.contains("\"control\":\"grant-not-approved\""))
            #expect(read.code == 1 && !read.output.contains("\"verdict\":\"accepted\""), "a draft grants nothing")
        }
    }
}
