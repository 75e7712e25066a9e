import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// The definition of PrivilegeGrant, its rules in CEL included, on the code of today's Kubernetes.
@Suite(.enabled(if: ModernKubernetes.isAvailable, "\(ModernKubernetes.whyNot)"))
struct ServeModernGrantTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let path = "/apis/demarc.dev/v1alpha1/namespaces/shop/privilegegrants"

    /// A grant with every field there is, but for `selector` and `team`, which take the places of others.
    private static let grant = """
        {"apiVersion":"demarc.dev/v1alpha1","kind":"PrivilegeGrant","metadata":{"name":"web","namespace":"shop"},"spec":{
        "workload":{"kind":"Deployment","apiGroup":"apps","name":"web","serviceAccountName":"web"},
        "privileges":[{"control":"host-paths","container":"app","value":"/var/log","readOnly":true},{"control":"host-ports","value":8080}],
        "imageDigests":["\(digest)"],"justification":"because","ticket":"T-1","accountable":{"person":"ann"},
        "notBefore":"2026-06-01T00:00:00Z","expires":"2026-06-02T00:00:00Z","tier":"application","liabilityTextHash":"\(digest)",
        "emergency":{"reason":"fire"}}}
        """
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)

    /// One definition, one server: starting it takes longer than all that is asked.
    private static func defined(_ body: (APIServer) async throws -> Void) async throws {
        let text = try String(contentsOf: package.appending(path: "deploy/admission/privilegegrants.yaml"), encoding: .utf8)
        try await ModernKubernetes.serving { server in
            let answers = try server.create(text)
            // Its rules were compiled, and what they may cost was worked out: too much would be refused.
            try #require(answers.map(\.status) == [201], "\(answers)")
            #expect(answers[0].warnings == [])
            let isServed = try await eventually { try server.serves(path) }
            try #require(isServed)
            try await body(server)
        }
    }

    /// The grant with some of its text replaced.
    private static func changed(_ changes: [(String, String)], _ text: String = grant) throws -> String {
        try changes.reduce(text) { text, change in
            try #require(text.contains(change.0), "\(change.0) is not there")
            return text.replacing(change.0, with: change.1)
        }
    }

    // MARK: - The definition

    @Test func theDefinitionIsTakenAsItIs() async throws {
        try await Self.defined { server in
            let definition = Reading(try server.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/privilegegrants.demarc.dev").body)
            let conditions = definition["status"]["conditions"].items
            let states = Dictionary(conditions.map { ($0["type"].text ?? "", $0["status"].text ?? "") }, uniquingKeysWith: { $1 })
            #expect(states["Established"] == "True" && states["NamesAccepted"] == "True" && states["NonStructuralSchema"] == nil, "\(states)")
            // Not one rule was dropped.
            let schema = try JSONSerialization.data(withJSONObject: try #require(definition["spec"]["versions"][0].value))
            #expect(String(decoding: schema, as: UTF8.self).matches(of: /"rule":/).count == 6)
        }
    }

    @Test func kubectlPrintsItsColumns() async throws {
        try await Self.defined { server in
            #expect(try server.post(Self.path, Self.grant).status == 201)
            let status = try Self.changed([("}}}", #"}},"status":{"phase":"active","conditions":[{"type":"Active","status":"True"}]}}"#)])
            #expect(try server.request("PATCH", Self.path + "/web/status", body: status, headers: Self.merge).status == 200)
            let table = Reading(try server.get(Self.path, headers: ["Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"]).body)
            let columns = table["columnDefinitions"].items.map { ($0["name"].text ?? "", $0["priority"].number ?? 0) }
            #expect(columns.filter { $0.1 == 0 }.map(\.0) == ["Name", "Workload", "Phase", "Accountable", "Expires", "Age"])
            #expect(columns.filter { $0.1 == 1 }.map(\.0) == ["Kind", "Active", "Ticket"])
            let cells = table["rows"][0]["cells"].items.compactMap(\.text)
            #expect(cells.prefix(8) == ["web", "web", "active", "ann", "2026-06-02T00:00:00Z", "Deployment", "True", "T-1"], "\(cells)")
        }
    }

    private static let merge = ["Content-Type": "application/merge-patch+json"]

    // MARK: - Grants

    private static let good: [[(String, String)]] = [
        [], [(#""name":"web","service"#, #""selector":{"matchLabels":{"a":"b"}},"service"#)],
        [(#""person":"ann""#, #""team":"storage""#), (#""emergency":{"reason":"fire"}"#, #""later":"1""#), ("2026-06-02", "2027-06-02")],
        // A day to the second, in two time zones.
        [("2026-06-01T00:00:00Z", "2026-06-01T02:00:00+02:00")],
        // As text the end comes before the beginning.
        [("2026-06-01T00:00:00Z", "2026-06-01T12:00:00+12:00"), ("2026-06-02T00:00:00Z", "2026-06-01T06:00:00Z")],
        [("2026-06-02T00:00:00Z", "2026-06-01T00:00:00.001Z")],
        // What nobody knows is kept, so that whoever reads the grant can refuse it.
        [(#""control":"host-ports""#, #""control":"host-ports","onNode":"a""#)],
        // The value of a privilege may be of any type.
        [(#""value":"/var/log""#, #""value":true"#)],
    ]

    @Test func goodGrantsAreTaken() async throws {
        try await Self.defined { server in
            for (index, changes) in Self.good.enumerated() {
                let sent = try Self.changed(changes + [(#""metadata":{"name":"web""#, #""metadata":{"name":"g\#(index)""#)])
                let answer = try server.post(Self.path, sent)
                #expect(answer.status == 201, "\(changes): \(answer.body)")
                // Decisions are about the hash of what was written: nothing is added or dropped.
                let (kept, wanted) = (Reading(answer.body)["spec"].value as? NSDictionary, Reading(sent)["spec"].value as? NSDictionary)
                #expect(kept == wanted, "\(changes)")
            }
        }
    }

    /// Every grant that the repository shows anybody.
    @Test func theExamplesAreTaken() async throws {
        let grants = try Self.examples()
        try #require(grants.count > 1)
        try await Self.defined { server in
            for (grant, answer) in zip(grants, try server.create(grants.joined(separator: "\n"))) {
                #expect(answer.status == 201, "\(grant): \(answer.body)")
            }
        }
    }

    private static func examples() throws -> [String] {
        let folder = package.appending(path: "Examples")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)).compactMap { $0 as? URL }
        return try files.filter { $0.pathExtension == "yaml" }.flatMap { file in
            DocumentTree.parse(Array(try Data(contentsOf: file)), source: file.path).tree.roots.filter { $0["kind"].text == "PrivilegeGrant" }
                .map { CanonicalJSON.text(of: $0) }
        }
    }

    private static let ends = "the grant ends before it begins; write a later time for expires"
    private static let lasts = "an emergency lasts a day at most; the model may allow less"
    private static let workload = "a workload is exactly one of name, selector; write one of them"
    private static let accountable = "accountable is exactly one of person, team; write who answers for the privilege"

    /// What each breaks, and nothing else.
    private static let bad: [(changes: [(String, String)], field: String, message: String)] = [
        ([("2026-06-02", "2026-06-01")], "spec", ends), ([("2026-06-02", "2025-06-02")], "spec", ends),
        ([("2026-06-01T00:00:00Z", "2026-06-01T20:00:00-05:00")], "spec", ends),
        ([(#""person":"ann""#, #""team":"storage""#)], "spec", "an emergency is one person's; write accountable: {person: …}"),
        ([("2026-06-02T00:00:00Z", "2026-06-02T00:00:01Z")], "spec", lasts),
        ([("2026-06-02T00:00:00Z", "2026-06-02T00:00:00.000000001Z")], "spec", lasts),
        ([(#""name":"web","service"#, #""service"#)], "spec.workload", workload),
        ([(#""name":"web","service"#, #""name":"web","selector":{"matchLabels":{"a":"b"}},"service"#)], "spec.workload", workload),
        ([(#""person":"ann""#, #""person":"ann","team":"storage""#)], "spec.accountable", accountable),
        ([(#"{"person":"ann"}"#, "{}"), (#""emergency":{"reason":"fire"}"#, #""later":"1""#)], "spec.accountable", accountable),
        // Longer than CEL can subtract: refused all the same.
        ([("2026-06-01T", "1026-06-01T")], "spec", lasts),
    ]

    @Test func eachRuleRefusesWithItsOwnWords() async throws {
        try await Self.defined { server in
            for bad in Self.bad {
                let answer = try server.post(Self.path, try Self.changed(bad.changes))
                let causes = Reading(answer.body)["details"]["causes"].items
                let (field, words) = (causes.first?["field"].text, causes.first?["message"].text ?? "")
                #expect(answer.status == 422 && causes.count == 1 && field == bad.field, "\(bad.changes): \(answer.body)")
                // What stands before them is the server's.
                #expect(words.hasSuffix(": " + bad.message), "\(bad.changes): \(words)")
            }
        }
    }

    /// A grant that was good is not changed into a bad one.
    @Test func updatesAreHeldToTheRules() async throws {
        try await Self.defined { server in
            #expect(try server.post(Self.path, Self.grant).status == 201)
            for (patch, status) in [
                (#"{"spec":{"expires":"2026-05-01T00:00:00Z"}}"#, 422), (#"{"spec":{"accountable":{"team":"a"}}}"#, 422),
                (#"{"spec":{"workload":{"name":null}}}"#, 422), (#"{"spec":{"expires":"2026-06-01T05:00:00Z"}}"#, 200),
            ] {
                let answer = try server.request("PATCH", Self.path + "/web", body: patch, headers: Self.merge)
                #expect(answer.status == status, "\(patch): \(answer.body)")
            }
        }
    }

    // MARK: - Status

    private static func decisions(_ actions: [String]) -> String {
        actions.map { #"{"action":"\#($0)","by":{"username":"ann"},"at":"2026-06-01T00:00:00Z","specHash":"\#(digest)"}"# }.joined(separator: ",")
    }

    private static let statuses: [(patch: String, refusal: String?)] = [
        (#"{"decisions":[\#(decisions(["apply"]))]}"#, nil), (#"{"decisions":[\#(decisions(["apply", "approve"]))],"phase":"approved"}"#, nil),
        (#"{"decisions":[\#(decisions(["apply"]))]}"#, "what was decided stays"), (#"{"decisions":[]}"#, "what was decided stays"),
        (#"{"decisions":null}"#, "what was decided stays"), (#"{"phase":"expired"}"#, nil), (#"{"phase":"gone"}"#, "Unsupported value"),
        (#"{"conditions":[{"type":"Active","status":"True"},{"type":"Active","status":"False"}]}"#, "Duplicate value"),
        (#"{"decisions":[\#(decisions(["apply", "approve", "wish"]))]}"#, "Unsupported value"),
        (#"{"decisions":[\#(decisions(["apply", "approve", "accept"]))]}"#, nil),
    ]

    @Test func whatWasDecidedStays() async throws {
        try await Self.defined { server in
            #expect(try server.post(Self.path, Self.grant).status == 201)
            for (patch, refusal) in Self.statuses {
                let answer = try server.request("PATCH", Self.path + "/web/status", body: #"{"status":\#(patch)}"#, headers: Self.merge)
                #expect(answer.status == (refusal == nil ? 200 : 422), "\(patch): \(answer.body)")
                #expect(answer.body.contains(refusal ?? "PrivilegeGrant"), "\(patch): \(answer.body)")
            }
            // Without any status: as `kubectl replace` of a file would have it. The spec's own address leaves the status alone.
            let stored = Reading(try server.get(Self.path + "/web").body)
            let version = try #require(stored["metadata"]["resourceVersion"].text)
            let bare = try Self.changed([(#""namespace":"shop""#, #""namespace":"shop","resourceVersion":"\#(version)""#)])
            let emptied = try server.request("PUT", Self.path + "/web/status", body: bare)
            #expect(emptied.status == 422 && emptied.body.contains("what was decided stays"), "\(emptied.body)")
            let replaced = try server.request("PUT", Self.path + "/web", body: bare)
            #expect(replaced.status == 200 && Reading(replaced.body)["status"]["decisions"].items.count == 3)
        }
    }
}
