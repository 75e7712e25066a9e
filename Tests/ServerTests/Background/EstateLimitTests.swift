import Controls
import Documents
import Kubernetes
import KubernetesClient
import Reports
import Testing

@testable import Server

/// Whoever may write objects cannot make the server run out of memory, and what is cut away is never called judged.
struct EstateLimitTests {
    private static func limits(value: Int = 16, data: Int = 48, total: Int = 1 << 20) -> EstateLimits {
        var limits = EstateLimits()
        (limits.valueBytes, limits.dataBytes, limits.totalBytes) = (value, data, total)
        return limits
    }

    private static func map(_ name: String, _ data: [(String, String)], binary: [(String, String)] = []) -> Value {
        func object(_ entries: [(String, String)]) -> String { "{\(entries.map { #""\#($0.0)":"\#($0.1)""# }.joined(separator: ","))}" }
        return LiveCluster.value(
            #"{"metadata":{"name":"\#(name)","namespace":"shop","uid":"\#(name)"},"data":\#(object(data)),"binaryData":\#(object(binary)),"immutable":true}"#
        )
    }

    private static func long(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static let maps = LiveCluster.resource("ConfigMap")

    /// Takes an event as the store does.
    private static func take(_ table: inout ObjectTable, _ root: Value, _ limits: EstateLimits, of resource: Resource = maps) {
        let trimmed = limits.trimmed(root, of: resource)
        _ = table.take(.present(trimmed.root), of: resource, source: "cluster/test", isCut: trimmed.isCut)
    }

    // MARK: - One object

    @Test func longValuesKeepTheirBeginning() throws {
        let whole = Self.map("a", [("short", "s"), ("long", Self.long(17)), ("exact", Self.long(16)), ("beyond", "b")])
        let (root, isCut) = Self.limits().trimmed(whole, of: Self.maps)
        #expect(isCut)
        // The last would be more than all may be.
        #expect(try root["data"].stringMap() == ["short": "s", "long": Self.long(16), "exact": Self.long(16)])
        #expect(try root["metadata"]["name"].string() == "a" && root["immutable"].bool() == true)
        #expect(root.source == whole.source)
    }

    @Test(arguments: [
        [("a", "short")], [("a", long(16)), ("b", long(16))], [],
    ])
    func whatFitsStaysAsItIs(data: [(String, String)]) throws {
        let (root, isCut) = Self.limits().trimmed(Self.map("a", data), of: Self.maps)
        #expect(!isCut)
        #expect(try root["data"].stringMap() == Dictionary(uniqueKeysWithValues: data))
    }

    /// No control looks at it, so nothing is lost with it.
    @Test func binaryDataIsCutWithoutAWord() throws {
        let (root, isCut) = Self.limits().trimmed(
            Self.map("a", [("a", "b")], binary: [("k", Self.long(400)), ("l", Self.long(400)), ("m", Self.long(400))]), of: Self.maps)
        #expect(!isCut && root.treeMemory < 1_000)
        #expect(try root["data"].stringMap() == ["a": "b"])
    }

    @Test func otherKindsAreNotCut() {
        let whole = Self.map("a", [("a", Self.long(400))])
        let (root, isCut) = Self.limits().trimmed(whole, of: LiveCluster.resource("Secret"))
        #expect(!isCut && root["data"]["a"].text.utf8.count == 400)
        let foreign = Resource(group: "example.com", version: "v1", name: "configmaps", kind: "ConfigMap", isNamespaced: true)
        #expect(Self.limits().trimmed(whole, of: foreign).root["data"]["a"].text.utf8.count == 400)
    }

    @Test func definitionsLoseTheirSchemas() throws {
        let resource = Resource(
            group: "apiextensions.k8s.io", version: "v1", name: "customresourcedefinitions", kind: "CustomResourceDefinition", isNamespaced: false)
        let schema = #"{"openAPIV3Schema":{"type":"object","properties":{"spec":{"description":"\#(Self.long(2_000))"}}}}"#
        let whole = LiveCluster.value(
            #"{"metadata":{"name":"w.example.com"},"spec":{"group":"example.com","preserveUnknownFields":true,"validation":\#(schema),"versions":[{"name":"v1","served":true,"schema":\#(schema),"subresources":{"status":{}}},{"name":"v2","schema":\#(schema)}]}}"#
        )
        let (root, isCut) = Self.limits().trimmed(whole, of: resource)
        #expect(!isCut && root.treeMemory < 3_000)
        #expect(root["spec"]["preserveUnknownFields"].exists && !root["spec"]["validation"].exists)
        let versions = Array(try root["spec"]["versions"].items())
        #expect(versions.map { $0["name"].text } == ["v1", "v2"] && versions.allSatisfy { !$0["schema"].isWritten })
        #expect(versions[0]["subresources"]["status"].isWritten)
    }

    /// The schema is the only thing that is dropped without a gap, so no control may judge it.
    @Test func noControlJudgesSchemas() throws {
        let rules = try LiveCluster.rules()
        for control in rules.catalogue.controls where control.subjectKinds.contains("CustomResourceDefinition") {
            let manifests = (control.failing + control.passing).map { "\($0)" }
            #expect(!manifests.contains { $0.contains("openAPIV3Schema") }, "\(control.id)")
        }
    }

    // MARK: - All of them

    /// Five hundred of the largest there can be, in small.
    @Test func manyLargeObjectsAreBounded() {
        let limits = Self.limits(value: 256, data: 1_024, total: 400_000)
        var table = ObjectTable(limits: limits)
        _ = table.take(
            .present(LiveCluster.value(#"{"metadata":{"name":"web","namespace":"shop"}}"#)), of: LiveCluster.resource("Pod"), source: "cluster/test")
        _ = table.take(.beginsAnew, of: Self.maps, source: "cluster/test")
        let data = (0..<10).map { ("key\($0)", Self.long(2_000)) }
        var most = 0
        for index in 0..<100 {
            Self.take(&table, Self.map("m\(index)", data), limits)
            most = max(most, table.bytes)
        }
        #expect(table.count == 101 && most < 100 * 4_096, "cut, they fit")
        #expect(
            table.gaps.map(\.message) == [
                "configmaps: of 100 with a value of more than 256 bytes, or more than 1024 bytes in all, only the beginning was judged"
            ])
        #expect(table.cut == Set(0..<100), "of the order of a scan")
        for index in 100..<500 {
            Self.take(&table, Self.map("m\(index)", data), limits)
            most = max(most, table.bytes)
        }
        #expect(most <= limits.totalBytes)
        #expect(table.shed == [Self.maps] && table.objects.map(\.displayName) == ["Pod shop/web"] && table.cut.isEmpty)
        #expect(
            table.gaps.map(\.message) == [
                "configmaps: the objects of the cluster are more than 400000 bytes, and these are the most of it; none of them is judged; it is tried again every hour"
            ])
        // Told anew, and fewer by now.
        _ = table.take(.listed(resourceVersion: "1"), of: Self.maps, source: "cluster/test")
        #expect(table.gaps.count == 1, "the end of the list that was too much is no end of the gap")
        for event in [WatchEvent.beginsAnew, .present(Self.map("m", [])), .listed(resourceVersion: "2")] {
            _ = table.take(event, of: Self.maps, source: "cluster/test")
        }
        #expect(table.gaps.isEmpty && table.count == 2)
        _ = table.take(.deleted(Self.map("m", [])), of: Self.maps, source: "cluster/test")
        _ = table.lose(LiveCluster.resource("Pod"), nil)
        #expect(table.bytes == 0)
    }

    /// Not the kind that came last: a flood of one kind must not cost the server the grants.
    @Test func theLargestKindGoes() {
        let limits = Self.limits(value: 4_096, data: 4_096, total: 40_000)
        var table = ObjectTable(limits: limits)
        var index = 0
        while table.bytes < 38_000 {
            Self.take(&table, Self.map("m\(index)", [("k", Self.long(1_000))]), limits)
            index += 1
        }
        let grants = LiveCluster.resource("PrivilegeGrant")
        _ = table.take(.present(LiveCluster.granted.grant), of: grants, source: "cluster/test")
        let other = LiveCluster.value(#"{"metadata":{"name":"b","namespace":"shop","annotations":{"a":"\#(Self.long(3_000))"}}}"#)
        _ = table.take(.present(other), of: grants, source: "cluster/test")
        #expect(table.shed == [Self.maps] && table.admission.grants.count == 2)
    }

    /// What cannot be read costs something, too.
    @Test func gapsAreBounded() {
        var table = ObjectTable(limits: Self.limits(total: 20_000))
        for index in 0..<100 {
            let object = UnreadableObject(namespace: "shop", name: "m\(index)", message: "too deep")
            _ = table.take(.unreadable(object), of: Self.maps, source: "cluster/test")
            #expect(table.bytes <= 20_000)
        }
        #expect(table.shed == [Self.maps] && table.gaps.count == 1)
    }

    @Test func theStoreCutsAndSheds() {
        let store = EstateStore(source: "cluster/test", limits: Self.limits(value: 64, data: 128, total: 20_000))
        store.watches([Self.maps], gaps: [])
        store.take(.beginsAnew, of: Self.maps)
        store.take(.present(Self.map("a", [("k", Self.long(5_000))])), of: Self.maps)
        let snapshot = store.snapshot()
        #expect(snapshot.cut == [0] && snapshot.gaps.count == 1 && snapshot.objects[0].root["data"]["k"].text.utf8.count == 64)
        var index = 0
        while !store.isShed(Self.maps), index < 100 {
            store.take(.present(Self.map("m\(index)", [("k", Self.long(5_000))])), of: Self.maps)
            index += 1
        }
        #expect(store.isShed(Self.maps) && store.count == 0 && store.isComplete, "nobody waits for what is too much")
    }

    // MARK: - Judging

    /// The beginning is judged, and of the rest nothing is said.
    @Test func nothingThatWasCutIsPassed() throws {
        let rules = try LiveCluster.rules()
        func judged(_ data: [(String, String)], _ limits: EstateLimits) -> LiveFindings {
            var table = ObjectTable(limits: limits)
            for name in ["a", "b"] { Self.take(&table, Self.map(name, data), limits) }
            var live = LiveFindings()
            live.judge(EstateSnapshot(table), rules: rules, now: LiveCluster.now)
            return live
        }
        func fails(_ live: LiveFindings) -> Int {
            live.reports.values.flatMap(\.rows).count { $0.policy == "credentials-in-config-maps" }
        }
        let roomy = Self.limits(value: 4_096, data: 8_192)
        let narrow = Self.limits(value: 64, data: 8_192)
        let data = [("app", Self.long(100)), ("note", "harmless")]
        let (whole, cut) = (judged(data, roomy), judged(data, narrow))
        #expect(whole.coverage == 1 && whole.allGaps.isEmpty)
        let (all, part) = (try #require(whole.namespaces["shop"]), try #require(cut.namespaces["shop"]))
        #expect(all.notObservable == 0 && part.notObservable > 0 && part.evaluated == all.evaluated && cut.coverage < 1)
        #expect(
            cut.allGaps.map(\.message) == [
                "configmaps: of 2 with a value of more than 64 bytes, or more than 8192 bytes in all, only the beginning was judged"
            ])
        // What the beginning shows is found.
        let open = data + [("db_password", "hunter2-" + Self.long(100))]
        #expect(fails(judged(open, roomy)) == 2 && fails(judged(open, narrow)) == 2)
    }

    /// An object of a thousand faults is counted in full and kept in part.
    @Test func rowsOfOneObjectAreBounded() throws {
        var rows = Array(repeating: try #require(ReportSyncTests.object("a").rows.first), count: 1_300)
        rows.append(PolicyReportRow(bypass: "came in unseen"))
        let object = JudgedObject(scope: ReportSyncTests.object("a").scope, rows: rows)
        #expect(object.rows.count == 1_001 && object.omitted == [.fail: 300])
        #expect(object.rows.last?.policy == PolicyReportRow.bypassPolicy)
        let api = try #require(PolicyReportAPI.allCases.first)
        let text = String(decoding: ReportText(object, api: api, mostRows: 100, mostBytes: 1 << 20).bytes(at: LiveCluster.now), as: UTF8.self)
        #expect(text.contains(#""demarc.dev/omitted-results":"1201""#) && text.contains(#""fail":1301"#))
        #expect(JudgedObject(scope: object.scope, rows: Array(rows.prefix(1_000))).omitted.isEmpty)
    }
}
