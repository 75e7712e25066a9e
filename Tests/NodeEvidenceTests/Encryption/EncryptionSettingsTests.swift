import Documents
import Foundation
import NodeEvidence
import Testing

struct EncryptionSettingsTests {
    private func settings(_ resources: String) throws -> EncryptionSettings {
        try EncryptionSettings(
            try #require(
                DocumentTree.parse(
                    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\(resources.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))"
                ).tree.roots.first
            ))
    }

    private static let box = "{secretbox: {keys: [{name: a, secret: b}]}}"

    @Test(arguments: [
        ("- {resources: [secrets], providers: [BOX]}", true, false, false),
        ("- {resources: [secrets], providers: [{identity: {}}, BOX]}", false, false, false),
        ("- {resources: ['*.'], providers: [BOX]}", true, true, false),
        ("- {resources: ['*.*'], providers: [BOX]}", true, true, true),
        ("- {resources: ['*.apps'], providers: [BOX]}", false, false, true),
        ("- {resources: [deployments.apps], providers: [BOX]}", false, false, true),
        ("- {resources: [deployments], providers: [BOX]}", false, false, false),
        // The first entry that names it holds, whatever comes later.
        ("- {resources: [secrets], providers: [{identity: {}}]}\n- {resources: ['*.*'], providers: [BOX]}", false, true, true),
        ("- {resources: [secrets], providers: [BOX]}\n- {resources: ['*.*'], providers: [{identity: {}}]}", true, false, false),
        // Nothing behind the name is no provider.
        ("- {resources: [secrets], providers: [{secretbox: }]}", false, false, false),
        ("- {resources: [secrets], providers: []}", false, false, false),
    ])
    func findsTheEntryThatHolds(resources: String, secrets: Bool, maps: Bool, deployments: Bool) throws {
        let settings = try settings(resources.replacing("BOX", with: Self.box))
        #expect(settings.encrypts("secrets") == secrets && settings.encrypts("configmaps") == maps)
        #expect(settings.encrypts("deployments", group: "apps") == deployments)
    }

    @Test(arguments: [
        ("[]", ["it has no entry"]),
        ("- {resources: [], providers: [BOX]}", ["an entry names no resource"]),
        ("- {resources: [secrets], providers: []}", ["an entry has no provider"]),
        ("- {resources: [secrets], providers: [{}]}", ["an item of providers has 0 of them, and must have one"]),
        (
            "- {resources: [secrets], providers: [{identity: {}, aescbc: {keys: [{name: a}]}}]}",
            ["an item of providers has 2 of them, and must have one"]
        ),
        (
            "- {resources: [secrets], providers: [{aesctr: {}}]}",
            ["'aesctr' is no provider", "an item of providers has 0 of them, and must have one"]
        ),
        ("- {resources: [secrets], providers: [{aesgcm: {keys: }}]}", ["aesgcm has no key"]),
        ("- {resources: [secrets], providers: [{kms: {name: a, endpoint: 'tcp://1.2.3.4'}}]}", ["the endpoint of kms must be a socket (unix://)"]),
        (
            "- {resources: [secrets], providers: [{kms: {apiVersion: v3, name: a, endpoint: 'unix:///a'}}]}",
            ["'v3' is no version of the KMS interface"]
        ),
        ("- {resources: [secrets], providers: [{kms: {cat: b, endpoint: 'unix:///a'}}]}", ["kms has no field 'cat'", "kms has no name"]),
        (
            "- {resources: ['*.*'], providers: [BOX]}\n- {resources: [secrets], providers: [BOX]}",
            ["'secrets' is covered by an earlier entry with a wildcard"]
        ),
        (
            "- {resources: ['*.apps'], providers: [BOX]}\n- {resources: [deployments.apps, pods], providers: [BOX]}",
            ["'deployments.apps' is covered by an earlier entry with a wildcard"]
        ),
        ("- {resources: ['*.'], providers: [BOX]}\n- {resources: ['*.*'], providers: [BOX]}", []),
    ])
    func knowsWhatTheServerRefuses(resources: String, messages: [String]) throws {
        #expect(try settings(resources.replacing("BOX", with: Self.box)).refusals.map(\.message) == messages)
    }

    @Test(arguments: [
        "- secrets", "- {resources: secrets, providers: []}", "- {resources: [1], providers: []}", "- {resources: [secrets], providers: {}}",
        "- {resources: [secrets], providers: [identity]}", "- {resources: [secrets], providers: [{kms: v2}]}",
        "- {resources: [secrets], providers: [{aescbc: {keys: {}}}]}", "- {resources: [secrets], providers: [{kms: {apiVersion: 2}}]}",
    ])
    func wrongTypesAreThrown(resources: String) {
        #expect(throws: WrongType.self) { try settings(resources) }
    }

    // MARK: - Cases with expected results

    private static let folder: String = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"] ?? package.appending(path: "../shared/data").path)
            + "/kubernetes/encryption_files"
    }()

    private static func files(_ folder: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: "\(Self.folder)/\(folder)") else { return [] }
        return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }.map { "\(folder)/\($0)" }.sorted()
    }

    private static func read(_ file: String) throws -> EncryptionSettings? {
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        return try DocumentTree.parse(text).tree.roots.first.map { try EncryptionSettings($0) }
    }

    /// The files of Kubernetes' own tests: those it takes and those it refuses.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: folder), "set DEMARC_CONFORMANCE_DATA")) func agreesWithKubernetesOnItsOwnFiles() throws
    {
        let (valid, invalid) = (Self.files("valid-configs"), Self.files("invalid-configs"))
        #expect(valid.count >= 15 && invalid.count >= 6)
        for file in valid {
            let settings = try #require(try Self.read(file))
            #expect(settings.refusals.isEmpty, "\(file): \(settings.refusals.map(\.message))")
            let first = try #require(settings.entries.first?.providers.first)
            let name = file.split(separator: "/").last ?? ""
            let expected: EncryptionSettings.Provider.Kind? =
                switch name {
                case "identity-first.yaml", "legacy.yaml": .identity
                case "aes-gcm-first.yaml", "aes-gcm.yaml": .aesgcm
                case "kms-first.yaml", "default-timeout.yaml", "multiple-providers.yaml": .kms(version: "v1")
                case "kmsv2-first.yaml", "multiple-providers-mixed.yaml", "multiple-providers-kmsv2.yaml": .kms(version: "v2")
                case "secret-box-first.yaml": .secretbox
                default: name.hasPrefix("aes-cbc") ? .aescbc : nil
                }
            #expect(first.kind == expected, "\(file)")
            #expect(settings.encrypts("secrets") == (first.kind != .identity && !name.hasPrefix("aes-cbc-multiple")), "\(file)")
        }
        for file in invalid {
            // An empty file holds no document at all.
            guard let settings = try Self.read(file) else { continue }
            #expect(!settings.refusals.isEmpty, "\(file) is refused by the API server")
        }
    }
}
