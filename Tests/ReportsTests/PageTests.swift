import Foundation
import Reports
import Responsibility
import Testing

/// The HTML report: as text, and in a real browser where there is one.
struct PageTests {
    @Test func thePageAsksTheNetworkForNothing() throws {
        let page = try text(Sample.estate, as: .html)
        #expect(page.contains("default-src 'none'"))
        for forbidden in [" src=\"", " href=\"http", "@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML", "eval("] {
            // What strangers wrote stands in the data, where it is text.
            #expect(!withoutData(page).contains(forbidden), "\(forbidden)")
        }
    }

    @Test func strangersCannotLeaveTheData() throws {
        let page = try text(Sample.estate, as: .html)
        let data = try #require(self.data(of: page))
        #expect(!data.contains("<"))
        let object = try #require(JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        #expect((object["objects"] as? [String])?.contains { $0.contains("</script><script>alert('x')</script>") } == true)
        #expect((object["findings"] as? [[Any]])?.count == Sample.estate.findings.count)
        // One for the data, one for the script.
        #expect(page.components(separatedBy: "</script>").count == 3)
    }

    @Test func theFilterInTheAddressWorks() throws {
        let all = try rows("")
        guard let all else {
            print("skipped: no chromium on this machine to open the page with")
            return
        }
        #expect(all.count == Sample.estate.findings.count)
        let provider = try #require(try rows("#party=provider"))
        #expect(provider.count == Sample.estate.findings.count { $0.attribution.party == .provider })
        #expect(provider.rows.allSatisfy { $0.contains(">provider<") })
        #expect(try rows("#severity=critical&q=web")?.count == 1)
        #expect(try rows("#control=sample-image-digest")?.count == 6)
        #expect(try rows("#q=nothing+like+this")?.count == 0)
    }

    /// The rows a browser shows for an address.
    private func rows(_ hash: String) throws -> (count: Int, rows: [Substring])? {
        let file = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString).html")
        try Data(try text(Sample.estate, as: .html).utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom", "file://\(file.path)\(hash)"]
        guard let browser = try run("chromium", arguments) else { return nil }
        #expect(browser.status == 0)
        // A script of strangers would have shown a dialogue or changed the page.
        #expect(!browser.text.contains("<img"))
        let rows = browser.text.split(separator: "<details class=\"row\"").dropFirst()
        return (rows.count, Array(rows))
    }

    private func data(of page: String) -> String? {
        guard let start = page.range(of: "id=\"data\">"), let end = page.range(of: "</script>", range: start.upperBound..<page.endIndex) else {
            return nil
        }
        return String(page[start.upperBound..<end.lowerBound])
    }

    private func withoutData(_ page: String) -> String { data(of: page).map { page.replacingOccurrences(of: $0, with: "") } ?? page }
}

/// The picture of who reaches whom in the page.
struct PagePictureTests {
    private static let pods = """
        apiVersion: v1
        kind: Pod
        metadata: {name: "a<script>alert(1)</script>", namespace: one, labels: {app: a}}
        spec: {containers: [{name: c, image: i}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: two}
        spec: {containers: [{name: c, image: i}]}

        """

    private static let policy = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: two}
        spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]}
        """

    private static let service = """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: s, namespace: one}
        spec: {type: LoadBalancer, selector: {app: a}, ports: [{port: 443}]}
        """

    private static func page(_ manifest: String) throws -> String {
        try text(Sample.result(of: [("a.yaml", manifest)], allVerdicts: false), as: .html)
    }

    @Test(arguments: [(policy, ">TCP 80</text>"), (service, ">TCP 443 via LoadBalancer</text>")])
    func thePageShowsWhoReachesWhom(manifest: String, label: String) throws {
        let page = try Self.page(Self.pods + manifest)
        #expect(page.contains("<h2 id=\"reach\">Who reaches whom</h2>") && page.contains(label))
        // One for the data, one for the script: names of strangers add none.
        #expect(page.components(separatedBy: "<script").count == 3 && page.contains("a&lt;script&gt;alert"))
        #expect(!page.contains("style=\""))
    }

    @Test func whereNothingIsSaidThereIsNoPicture() throws {
        #expect(try !Self.page(Self.pods).contains("<svg") && !Self.page(Self.policy).contains("<svg"))
    }

    @Test func aLargeEstateMakesNoLargePage() throws {
        let pods = (0..<400).map {
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p\($0), namespace: n\($0 % 80)}\nspec: {containers: [{name: c, image: i}]}\n"
        }
        let page = try Self.page(pods.joined(separator: "---\n") + Self.policy)
        let start = try #require(page.range(of: "<svg")), end = try #require(page.range(of: "</svg>"))
        #expect(page[start.lowerBound..<end.upperBound].utf8.count < 120_000 && page.contains("each node is a namespace"))
    }
}
