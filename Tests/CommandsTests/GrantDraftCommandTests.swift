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

    @Test func aFilledDraftIsReadAndStillNotApproved() throws {
        try Program.withFiles(["a.yaml": Self.pod]) { directory in
            let now = ["--now", "2026-11-24T00:00:00Z"]
            let draft = try Program.run(["grant", "draft", "a.yaml"] + now, in: directory)
            #expect(draft.code == 0 && draft.errors.isEmpty)
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
