import Reports
import Testing

@testable import Server

struct FindingListTests {
    private static func reports(_ counts: [String: Int], namespace: String = "shop") -> [String: JudgedObject] {
        counts.reduce(into: [:]) { reports, one in
            let rows = ReportSyncTests.object(one.key, rows: one.value).rows
            reports[one.key] = JudgedObject(
                scope: PolicyReportScope(apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: "web-\(one.key)", uid: one.key),
                rows: rows)
        }
    }

    private static func query(_ text: String) throws -> FindingList.Query { try FindingList.Query.read(text).get() }

    /// What pages show, as uid and number of findings.
    private static func words(_ page: FindingList.Page) -> [String] {
        page.objects.map { "\($0.scope.uid ?? "")\($0.rows.count)" } + [page.next ?? "."]
    }

    @Test func pagesFollowEachOther() throws {
        let list = FindingList(Self.reports(["d": 1, "a": 2, "c": 2, "b": 1]))
        #expect(Self.words(list.page(try Self.query(""))) == ["a2", "b1", "c2", "d1", "."])
        #expect(Self.words(list.page(try Self.query("limit=3"))) == ["a2", "b1", "b"])
        #expect(Self.words(list.page(try Self.query("limit=3&continue=after:b"))) == ["c2", "d1", "."])
        #expect(Self.words(list.page(try Self.query("limit=4"))) == ["a2", "b1", "b"], "an object is not torn")
        #expect(Self.words(list.page(try Self.query("limit=1"))) == ["a2", "a"], "one that is more than a page is a page")
        #expect(Self.words(list.page(try Self.query("continue=after:d"))) == ["."])
        #expect(Self.words(FindingList().page(try Self.query("limit=1"))) == ["."])
    }

    /// The object at which the last page ended goes, another comes: what was there all the time is told once.
    @Test func aTokenOutlivesItsObject() throws {
        let before = FindingList(Self.reports(["a": 1, "b": 1, "d": 1, "e": 1])).page(try Self.query("limit=2"))
        #expect(Self.words(before) == ["a1", "b1", "b"])
        let after = FindingList(Self.reports(["aa": 1, "c": 1, "d": 1, "e": 1])).page(try Self.query("limit=9&continue=after:\(before.next ?? "")"))
        #expect(Self.words(after) == ["c1", "d1", "e1", "."])
    }

    @Test func aPageHoldsWhatWasAskedFor() throws {
        let reports = Self.reports(["a": 2, "c": 1]).merging(Self.reports(["b": 1, "d": 1], namespace: "bank")) { one, _ in one }
        let list = FindingList(reports)
        #expect(Self.words(list.page(try Self.query("namespace=bank&limit=1"))) == ["b1", "b"])
        #expect(Self.words(list.page(try Self.query("namespace=bank&limit=1&continue=after:b"))) == ["d1", "."])
        #expect(Self.words(list.page(try Self.query("party=customer&namespace=shop"))) == ["a2", "c1", "."])
        #expect(Self.words(list.page(try Self.query("party=provider"))) == ["."])
    }

    @Test(arguments: ["limit=0", "limit=1001", "limit=-1", "limit=many", "limit=1e3", "limit=99999999999999999999"])
    func aWrongLimitIsRefused(query: String) {
        #expect(throws: FindingList.Query.Fault.self) { try Self.query(query) }
    }

    /// An empty list would look as if all was well.
    @Test(arguments: ["party=zzz", "party=Customer", "continue=zzz", "continue=after:", "namespace=shop&party=all&limit=1"])
    func whatNoAnswerCanMeanIsRefused(query: String) {
        #expect(throws: FindingList.Query.Fault.self) { try Self.query(query) }
    }

    @Test func theLimitIsFiveHundredUnlessSaid() throws {
        #expect(try Self.query("").limit == 500 && Self.query("limit=1000").limit == 1_000 && Self.query("limit=").limit == 500)
        let list = FindingList(Self.reports(Dictionary(uniqueKeysWithValues: (0..<600).map { ("\(1_000 + $0)", 1) })))
        let page = list.page(try Self.query(""))
        #expect(page.objects.count == 500 && page.next == "1499")
    }
}
