import Documents
import Foundation
import Synchronization
import Testing

@testable import Server

/// Audit events as an API server sends them, and what is left of them.
struct AuditLogTests {
    private static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)

    private static func event(_ id: String, _ resource: String = "pods", subresource: String = "", extra: String = "") -> String {
        """
        {"level":"RequestResponse","auditID":"\(id)","stage":"ResponseComplete","verb":"create","user":{"username":"ann"},"objectRef":{"resource":\
        "\(resource)","namespace":"shop","name":"a"\(subresource.isEmpty ? "" : #","subresource":"\#(subresource)""#)},"requestObject":{"a":"request"},\
        "responseObject":{"a":"response"}\(extra)}
        """
    }

    private static func list(_ events: String...) -> [UInt8] {
        Array(#"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[\#(events.joined(separator: ","))]}"#.utf8)
    }

    private static func texts(_ events: AuditEvents) -> [String] { events.lines.map { String(decoding: $0, as: UTF8.self) } }

    @Test func eachEventIsALineThatStandsAlone() throws {
        let read = try AuditEvents(Self.list(Self.event("1"), Self.event("2", extra: #","note":"a\nb""#)))
        let lines = Self.texts(read)
        #expect(lines.count == 2 && read.refused == 0)
        for line in lines {
            #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { !$0.isNewline })
            let root = try #require(DocumentTree.parse(Array(line.utf8), source: "line", syntax: .json).tree.roots.first)
            #expect(root["kind"].text == "Event" && root["apiVersion"].text == "audit.k8s.io/v1" && root["requestObject"]["a"].text == "request")
        }
        #expect(lines[1].contains(#""note":"a\nb""#))
    }

    @Test(arguments: [
        ("secrets", ""), ("secrets", "status"), ("serviceaccounts", "token"), ("tokenreviews", ""), ("certificatesigningrequests", "approval"),
    ])
    func bodiesThatOpenDoorsAreDropped(resource: String, subresource: String) throws {
        let lines = Self.texts(try AuditEvents(Self.list(Self.event("1", resource, subresource: subresource))))
        #expect(lines.count == 1 && lines[0].contains(#""username":"ann""#) && lines[0].contains(#""name":"a""#))
        #expect(!lines[0].contains("Object\"") && !lines[0].contains("response\""))
    }

    @Test func theBodiesOfAllElseStay() throws {
        for resource in ["serviceaccounts", "configmaps", "pods"] {
            #expect(Self.texts(try AuditEvents(Self.list(Self.event("1", resource))))[0].contains("requestObject"))
        }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"kind":"EventList"}"#, #"{"kind":"EventList","apiVersion":"audit.k8s.io/v1beta1","items":[]}"#,
        #"{"kind":"Event","apiVersion":"audit.k8s.io/v1"}"#,
    ])
    func whatIsNoListIsRefused(body: String) {
        #expect(throws: AuditEvents.Fault.self) { try AuditEvents(Array(body.utf8)) }
    }

    /// What one client sends must not cost the events of all others: an API server drops a batch that is refused.
    @Test func aPatchLikeNoOtherCostsOnlyItsOwnBody() throws {
        let deep = Self.event("1").replacing(
            #""a":"request""#, with: #""a":\#(String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000))"#)
        let twice = Self.event("2").replacing(#""a":"request""#, with: #""a":"x","a":"y","b":1,"b":2,"a":"request""#)
        let read = try AuditEvents(Self.list(deep, twice, Self.event("3")))
        let lines = Self.texts(read)
        #expect(lines.count == 3 && read.refused == 0)
        #expect(lines[0].contains(#""username":"ann""#) && !lines[0].contains("Object\"") && lines[0].contains(#""level":"Metadata""#))
        #expect(lines[1].contains(#""requestObject":{"a":"request","b":2}"#), "\(lines[1])")
    }

    @Test func whatIsNoEventIsCounted() throws {
        let read = try AuditEvents(Self.list("1", "{}", "[]", "null", #"{"auditID":"1"}"#, Self.event("2")))
        #expect(read.lines.count == 1 && read.refused == 5)
        let long = Self.event("3", extra: #","x":"\#(String(repeating: "x", count: 5 << 20))""#)
        #expect(try AuditEvents(Self.list(long)) == AuditEvents(Self.list("7")))
    }

    // MARK: - The folder

    private static func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-audit-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    private static func files(_ folder: URL) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

    @Test func filesAreBoundedAndTheOldestGoFirst() async throws {
        try await Self.withFolder { folder in
            var settings = AuditStore.Settings()
            (settings.fileBytes, settings.totalBytes) = (100, 350)
            let store = AuditStore(folder: folder.path, settings: settings, now: { Self.now })
            let line = { (number: Int) in Array((String(repeating: "\(number % 10)", count: 39) + "\n").utf8) }
            for number in 0..<20 { try await store.append([line(number)]) }
            let files = try Self.files(folder)
            let text = try files.map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }.joined()
            #expect(files.count == 4 && text.utf8.count <= 350)
            #expect(text.split(separator: "\n").compactMap(\.first) == ["2", "3", "4", "5", "6", "7", "8", "9"].map { Character($0) })
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: files[0]).path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            // Another run adds files of its own and keeps what is there within the bounds.
            let again = AuditStore(folder: folder.path, settings: settings, now: { Self.now })
            try await again.append([line(0)])
            let bytes = await again.bytes
            #expect(bytes <= 350)
        }
    }

    @Test func whatIsTooOldGoesAndWhatOthersPutThereStays() async throws {
        try await Self.withFolder { folder in
            let time = Mutex(Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)))
            let make = { AuditStore(folder: folder.path, now: { time.withLock { $0 } }) }
            try await make().append([Array("one\n".utf8)])
            try "mine".write(to: folder.appending(path: "notes.txt"), atomically: true, encoding: .utf8)
            time.withLock { $0 = $0.advanced(bySeconds: 8 * 86_400) }
            try await make().append([Array("two\n".utf8)])
            let files = try Self.files(folder)
            #expect(files.count == 2 && files.contains("notes.txt"))
        }
    }

    @Test func aFolderThatCannotBeWrittenIsAnError() async throws {
        try await Self.withFolder { folder in
            try "a file".write(to: folder, atomically: true, encoding: .utf8)
            let store = AuditStore(folder: folder.path, now: { Self.now })
            await #expect(throws: AuditStore.Fault.self) { try await store.append([Array("one\n".utf8)]) }
        }
    }
}
