import Controls
import Documents
import Foundation
import KubernetesClient
import Reports
import Testing

@testable import Server

struct ReportSyncTests {
    static func object(_ uid: String, rows: Int = 1, message: String = "m") -> JudgedObject {
        let scope = PolicyReportScope(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web-\(uid)", uid: uid)
        let row = PolicyReportRow(
            policy: "p", category: "c", severity: .high, verdict: .fail, message: message, party: "customer", duty: "C5", remedy: "r")
        return JudgedObject(scope: scope, rows: Array(repeating: row, count: rows))
    }

    private static func reports(_ objects: JudgedObject...) -> [String: JudgedObject] {
        Dictionary(uniqueKeysWithValues: objects.map { ($0.scope.uid ?? "", $0) })
    }

    private static func all(_ sync: inout ReportSync) -> [ReportSync.Action] {
        var actions: [ReportSync.Action] = []
        while let action = sync.next() { actions.append(action) }
        return actions
    }

    @Test func nothingIsWrittenBeforeTheServerWasRead() {
        var sync = ReportSync()
        sync.want(Self.reports(Self.object("a")))
        #expect(sync.next() == nil && sync.stored == nil)
        sync.read([:])
        #expect(Self.all(&sync) == [.write(uid: "a")])
    }

    @Test func onlyChangesAreLookedAt() {
        var sync = ReportSync()
        sync.want(Self.reports(Self.object("a"), Self.object("b")))
        sync.read(["c": .init(namespace: "shop", hash: "x"), "a": .init(namespace: "shop", hash: "y")])
        #expect(Self.all(&sync) == [.delete(uid: "c"), .write(uid: "b"), .write(uid: "a")])
        #expect(sync.hash(of: "a") == "y" && sync.hash(of: "b") == nil)
        sync.wrote("b", namespace: "shop", hash: "z")
        sync.deleted("c")
        sync.want(Self.reports(Self.object("a"), Self.object("b", message: "other")))
        #expect(Self.all(&sync) == [.write(uid: "b")])
        sync.want([:])
        #expect(Set(Self.all(&sync).map { "\($0)" }) == [#"delete(uid: "a")"#, #"delete(uid: "b")"#])
        sync.deleted("a")
        sync.deleted("b")
        #expect(sync.isIdle && sync.stored == [:])
    }

    /// What was queued may be superfluous when its turn comes.
    @Test func theLastWordCounts() {
        var sync = ReportSync()
        sync.read([:])
        sync.want(Self.reports(Self.object("a")))
        sync.want([:])
        #expect(Self.all(&sync) == [], "it was never written")
        sync.want(Self.reports(Self.object("a")))
        sync.wrote("a", namespace: "shop", hash: "1")
        sync.want([:])
        sync.want(Self.reports(Self.object("a")))
        #expect(Self.all(&sync) == [.write(uid: "a")])
    }

    @Test func whoeverLosesTheLeaseKnowsNothing() {
        var sync = ReportSync()
        sync.read([:])
        sync.want(Self.reports(Self.object("a")))
        sync.forget()
        #expect(sync.next() == nil && sync.stored == nil && sync.isIdle)
    }
}

struct ReportTextTests {
    private static func text(_ object: JudgedObject, rows: Int = 100, bytes: Int = 1 << 20, api: PolicyReportAPI = .openReports) -> ReportText {
        ReportText(object, api: api, mostRows: rows, mostBytes: bytes)
    }

    private static func value(_ text: ReportText, at seconds: Int64 = 7) throws -> Value {
        try #require(DocumentTree.parse(text.bytes(at: Timestamp(secondsSinceEpoch: seconds)), source: "report", syntax: .json).tree.roots.first)
    }

    @Test func aReportIsOwnedByItsObject() throws {
        let root = try Self.value(Self.text(ReportSyncTests.object("u-1")))
        #expect(root["apiVersion"].text == "openreports.io/v1alpha1" && root["kind"].text == "Report")
        #expect(root["metadata"]["name"].text == "u-1" && root["metadata"]["namespace"].text == "shop")
        let owner = try #require(try root["metadata"]["ownerReferences"].items().first { _ in true })
        #expect(["apiVersion", "kind", "name", "uid"].map { owner.entry(named: $0).text } == ["apps/v1", "Deployment", "web-u-1", "u-1"])
        #expect(root["metadata"]["labels"].entry(named: "app.kubernetes.io/managed-by").text == "demarc")
        #expect(root["summary"]["fail"].text == "1" && root["results"].count == 1)
        let old = try Self.value(Self.text(ReportSyncTests.object("u-1"), api: .policyReport))
        #expect(old["apiVersion"].text == "wgpolicyk8s.io/v1alpha2" && old["kind"].text == "PolicyReport" && !old["source"].exists)
    }

    @Test func timeIsNoChange() throws {
        let text = Self.text(ReportSyncTests.object("u"))
        #expect(text.bytes(at: Timestamp(secondsSinceEpoch: 1)) != text.bytes(at: Timestamp(secondsSinceEpoch: 2)))
        #expect(try Self.value(text, at: 1)["metadata"]["labels"].entry(named: ReportText.hashKey).text == text.hash && text.hash.utf8.count == 32)
        #expect(text == Self.text(ReportSyncTests.object("u")) && text != Self.text(ReportSyncTests.object("u", message: "n")))
    }

    @Test(arguments: [(250, 100, 1 << 20), (3, 100, 1 << 20), (2_000, 5_000, 64 << 10), (40, 100, 8 << 10)])
    func whatIsTooMuchIsCounted(rows: Int, most: Int, bytes: Int) throws {
        let object = ReportSyncTests.object("u", rows: rows, message: String(repeating: "long ", count: 30))
        let text = Self.text(object, rows: most, bytes: bytes)
        let root = try Self.value(text)
        let shown = root["results"].count
        #expect(root["summary"]["fail"].text == "\(rows)")
        let omitted = root["metadata"]["annotations"].entry(named: ReportText.omittedKey)
        #expect(rows == shown ? !omitted.exists : omitted.text == "\(rows - shown)")
        #expect(shown <= most && shown >= min(rows, min(most, bytes / 1_024)))
        // A timestamp for each row comes on top.
        #expect(text.bytes(at: Timestamp(secondsSinceEpoch: 1)).count < bytes + shown * 60 + 400)
    }

    /// One row beyond all bounds leaves the counts.
    @Test func aRowBeyondTheBoundsIsLeftOut() throws {
        let root = try Self.value(Self.text(ReportSyncTests.object("u", message: String(repeating: "x", count: 10_000)), bytes: 4_000))
        #expect(root["results"].count == 0 && root["summary"]["fail"].text == "1")
    }

    @Test func theNewerAPIIsChosen() {
        func served(_ api: PolicyReportAPI, _ isNamespaced: Bool) -> Resource {
            Resource(
                group: api.group, version: api.version, name: isNamespaced ? "r" : "cr", kind: api.kind(isNamespaced: isNamespaced),
                isNamespaced: isNamespaced)
        }
        let both = PolicyReportAPI.allCases.flatMap { [served($0, true), served($0, false)] }
        #expect(ReportWriter.Target.choose(both)?.api == .openReports)
        #expect(ReportWriter.Target.choose(Array(both.reversed()))?.api == .openReports)
        #expect(ReportWriter.Target.choose(Array(both[2...]))?.api == .policyReport)
        #expect(ReportWriter.Target.choose([both[0], both[3]]) == nil, "one of two kinds is none")
    }
}
