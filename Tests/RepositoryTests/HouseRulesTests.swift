import BuiltInControls
import Controls
import Foundation
import Testing

/// The rules of the house that a machine can judge. A failing test names what to do.
struct HouseRulesTests {
    /// Which rooms each room may import; lower rooms never import higher ones.
    static let mayImport: [String: Set<String>] = [
        "Documents": ["CLibYAML"],
        "Kubernetes": ["Documents", "Synchronization"],
        "Access": ["Documents", "Kubernetes"],
        "Reachability": ["Documents", "Kubernetes", "Synchronization"],
        "NodeEvidence": [
            "Documents", "SystemPackage", "FoundationEssentials", "CoreFoundation", "X509", "SwiftASN1", "Crypto", "Synchronization", "Glibc", "Musl",
        ],
        "Advisories": ["Documents"],
        "Ledger": ["GRDB", "Crypto", "Foundation", "Synchronization"],
        "Controls": ["Documents", "Kubernetes", "Advisories", "Synchronization"],
        "BuiltInControls": ["Documents", "Kubernetes", "NodeEvidence", "Advisories", "Controls", "Access", "Reachability", "Synchronization"],
        "Responsibility": ["Documents", "Kubernetes", "Reachability", "Controls", "Crypto"],
        "Blame": ["CZlib", "Documents", "Kubernetes", "Access", "Controls", "Responsibility", "Synchronization"],
        "Reports": ["Documents", "Kubernetes", "Access", "Reachability", "Controls", "Responsibility", "Blame", "Crypto"],
        "Traces": [
            "Documents", "Tracing", "AsyncHTTPClient", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "Logging", "ServiceLifecycle",
            "FoundationEssentials", "Synchronization",
        ],
        "KubernetesClient": [
            "Documents", "Kubernetes", "Traces", "Tracing",
            "AsyncHTTPClient", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "X509", "SwiftASN1", "Subprocess",
            "SystemPackage",
            "FoundationEssentials", "Synchronization", "Glibc", "Musl",
        ],
        "Admission": ["Documents", "Kubernetes", "Controls", "Responsibility", "Blame", "Synchronization"],
        "Server": [
            "Documents", "Kubernetes", "Controls", "Responsibility", "Blame", "Reports", "KubernetesClient", "Admission", "Ledger", "Traces",
            "Tracing", "Hummingbird",
            "HummingbirdHTTP2", "HummingbirdTLS", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOHTTP2", "NIOHTTPTypes",
            "NIOSSL", "NIOTLS",
            "X509",
            "SwiftASN1", "Crypto", "Logging", "ServiceLifecycle", "FoundationEssentials", "Synchronization", "Glibc", "Musl",
        ],
        "Commands": [
            "Documents", "Kubernetes", "NodeEvidence", "Advisories", "Access", "Reachability", "Controls", "BuiltInControls", "Responsibility",
            "Blame", "Reports", "Ledger", "Traces", "KubernetesClient", "Admission", "Server", "ArgumentParser",
            "Logging", "ServiceLifecycle", "UnixSignals", "SystemPackage", "FoundationEssentials", "Synchronization", "Glibc", "Musl",
        ],
        "demarc": ["Commands"],
    ]

    @Test(arguments: mayImport.keys.sorted())
    func roomsImportOnlyLowerRooms(room: String) throws {
        let allowed = try #require(Self.mayImport[room])
        for file in Repository.files(below: "Sources/\(room)", withExtension: "swift") {
            for line in file.text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position <= 2, words.count > position + 1, !line.contains("//") else { continue }
                let module = String(words[position + 1])
                #expect(allowed.contains(module), "\(file.path) imports \(module); \(room) may import \(allowed.sorted().joined(separator: ", "))")
            }
        }
    }

    @Test func everyRoomHasARule() throws {
        let rooms = try FileManager.default.contentsOfDirectory(atPath: Repository.root.appending(path: "Sources").path).filter {
            $0 != "CLibYAML" && $0 != "CZlib"
        }
        #expect(Set(rooms) == Set(Self.mayImport.keys), "a room is missing in `mayImport` of this test")
    }

    @Test func everyControlFileHoldsOneListedControl() throws {
        let files = Repository.files(below: "Sources/BuiltInControls", withExtension: "swift")
        let list = try #require(files.first { $0.path.hasSuffix("/BuiltInControls.swift") })
        var declared: [String] = []
        for file in files where file.path != list.path {
            let names = file.text.matches(of: /static let (\w+)(?:: Control)? = Control(?:\.\w+)?\(/).map { String($0.1) }
            #expect(names.count <= 1, "\(file.path) declares \(names.count) controls; give each its own file")
            declared += names
        }
        for name in declared { #expect(list.text.contains(".\(name)"), "list .\(name) in Sources/BuiltInControls/BuiltInControls.swift") }
        #expect(declared.count == BuiltInControls.all.count)
    }

    @Test func controlsAreWellFormed() {
        let ids = BuiltInControls.all.map(\.id)
        #expect(Set(ids).count == ids.count, "two controls have the same id")
        for control in BuiltInControls.all {
            #expect(control.id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(control.id) is not in kebab case")
            #expect(!control.summary.isEmpty && !control.remedy.isEmpty && !control.checks.isEmpty, "\(control.id) lacks a text or a check")
            #expect(
                control.title.first?.isUppercase == true && control.title.last != ".", "\(control.id): the title is an imperative without a full stop"
            )
        }
    }

    /// What a crash or a data race could hide behind needs a reason, given beside it.
    @Test(arguments: ["try!", "fatalError(", "@unchecked Sendable", "nonisolated(unsafe)", "TODO", "FIXME"])
    func dangerousWordsHaveReasons(word: String) {
        let allowed: [String: Set<String>] = [:]
        for file in Repository.files(below: "Sources", withExtension: "swift") where file.text.contains(word) {
            #expect(allowed[word]?.contains(file.path) ?? false, "\(file.path) uses \(word); avoid it or add it to the allow-list with its reason")
        }
    }

    @Test func foldersSayWhatTheyHold() throws {
        let walk = try #require(FileManager.default.enumerator(at: Repository.root.appending(path: "Sources"), includingPropertiesForKeys: nil))
        for case let url as URL in walk {
            #expect(!["Utils", "Helpers", "Common", "Extensions"].contains(url.lastPathComponent), "\(url.path) says nothing about what it holds")
        }
    }
}
