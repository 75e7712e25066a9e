import Foundation
import Testing

@testable import NodeEvidence

/// A directory that looks like the root of a machine, for one test.
struct FakeRoot {
    let url: URL

    static func with<R>(_ files: [String: String] = [:], _ body: (FakeRoot) throws -> R) throws -> R {
        // Free of links, as the collector names what it finds.
        let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        let root = FakeRoot(url: base.appending(path: "demarc-\(UUID().uuidString)"))
        try FileManager.default.createDirectory(at: root.url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root.url) }
        for (path, text) in files { try root.write(path, text) }
        return try body(root)
    }

    func path(_ path: String) -> String { url.path + path }

    func write(_ path: String, _ text: String, mode: Int = 0o644) throws { try write(path, Data(text.utf8), mode: mode) }

    func write(_ path: String, _ data: Data, mode: Int = 0o644) throws {
        let file = URL(filePath: self.path(path))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    func directory(_ path: String) throws { try FileManager.default.createDirectory(atPath: self.path(path), withIntermediateDirectories: true) }

    func link(_ path: String, to target: String) throws {
        let file = URL(filePath: self.path(path))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
    }

    /// A process of a copy of `/proc`.
    func process(
        _ pid: Int, _ arguments: [String], environment: String = "", cgroup: String = "0::/system.slice/x.service", root: String = "/",
        maps: String = ""
    ) throws {
        let name = arguments[0].split(separator: "/").last.map(String.init) ?? ""
        try write("/proc/\(pid)/stat", "\(pid) (\(name.prefix(15))) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4700 0 0")
        try write("/proc/\(pid)/cmdline", arguments.joined(separator: "\0") + "\0")
        try write("/proc/\(pid)/status", "Name:\t\(name)\nUid:\t0\t0\t0\t0\n")
        try write("/proc/\(pid)/cgroup", cgroup + "\n")
        try write("/proc/\(pid)/environ", environment)
        try write("/proc/\(pid)/maps", maps)
        try link("/proc/\(pid)/exe", to: arguments[0])
        try link("/proc/\(pid)/root", to: root)
        try link("/proc/\(pid)/cwd", to: "/")
        try directory("/proc/\(pid)/fd")
    }

    func collect(_ change: (inout CollectorOptions) -> Void = { _ in }) throws -> Collected {
        var options = CollectorOptions(toolVersion: "0.0.0")
        options.root = url.path
        change(&options)
        return try Collected(NodeCollector(options).collect())
    }
}

/// A document as any reader of JSON sees it.
struct Collected {
    let result: CollectorResult
    let text: String
    private let document: [String: Any]

    init(_ result: CollectorResult) throws {
        self.result = result
        text = try #require(String(validating: result.json, as: UTF8.self))
        document = try #require(JSONSerialization.jsonObject(with: Data(result.json)) as? [String: Any])
    }

    func object(_ key: String) -> [String: Any] { document[key] as? [String: Any] ?? [:] }
    func string(_ key: String) -> String? { document[key] as? String }
    func list(_ key: String) -> [[String: Any]] { document[key] as? [[String: Any]] ?? [] }
    func has(_ key: String) -> Bool { document[key] != nil }

    /// The entry of a path, as the machine sees it.
    func file(_ path: String, process: String? = nil) -> [String: Any]? {
        list("files").first { $0["path"] as? String == path && $0["process"] as? String == process }
    }

    func content(_ path: String) -> String? { file(path)?["content"] as? String }
    func process(_ name: String) -> [String: Any]? { list("processes").first { $0["name"] as? String == name } }
    func refusal(_ path: String) -> String? { list("refusals").first { $0["path"] as? String == path }?["error"] as? String }
    var certificates: [[String: Any]] { list("certificates") }
}

/// Something that has the form of a certificate.
func certificateBlock(_ filling: UInt8) -> String {
    let der = [UInt8]([0x30, 0x82, 0x01, 0x00, 0x30, 0x82, 0x00, 0xF0, 0xA0, 0x03]) + [UInt8](repeating: filling, count: 100)
    return
        "-----BEGIN CERTIFICATE-----\n\(Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed]))\n-----END CERTIFICATE-----\n"
}
