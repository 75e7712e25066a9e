import Foundation
import Reachability
import Testing

/// Graphs and pictures: valid, the same each time, and small however large the estate.
struct PictureTests {
    /// Names by somebody who means no good; the API server would refuse them, a file holds them all the same.
    private static let hostile = """
        apiVersion: v1
        kind: Pod
        metadata: {name: "</svg><script>alert('x')</script>", namespace: "a\\"]; x -> y [label=\\"\\\\", labels: {app: x}}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: "\\e[31m\\u202Egnp.exe & <b>", namespace: two}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: two}
        spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]}
        """

    @Test func picturesAreWellFormed() throws {
        for manifest in [Self.hostile, NetworkPolicyTests.pods, FoldedFlowTests.pods, ""] + (0..<12).map({ RandomEstate(seed: $0).estate.manifest }) {
            for maximum in [60, 2] {
                let svg = FlowPicture(of: model(manifest), maximumNodes: maximum).svg
                try expectWellFormed(svg)
                #expect(!svg.contains("<script") && !svg.contains("\u{1B}") && !svg.contains("\u{202E}"))
                #expect(!svg.contains("style=") && !svg.contains("href") && !svg.contains("url(h"))
            }
        }
    }

    /// Elements nest, attributes are quoted, nothing stands unescaped between them.
    private func expectWellFormed(_ svg: String) throws {
        var open: [Substring] = []
        var rest = svg[...]
        while let start = rest.firstIndex(of: "<") {
            let text = rest[..<start]
            #expect(!text.contains(">") && text.split(separator: "&").dropFirst().allSatisfy { $0.contains(";") } || !text.contains("&"))
            let end = try #require(rest[start...].firstIndex(of: ">"))
            let tag = rest[rest.index(after: start)..<end]
            #expect(!tag.contains("<") && tag.count { $0 == "\"" } % 2 == 0, "\(tag)")
            if tag.hasPrefix("/") {
                #expect(open.popLast() == tag.dropFirst())
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
            rest = rest[rest.index(after: end)...]
        }
        #expect(open.isEmpty && rest.allSatisfy(\.isWhitespace))
    }

    @Test func aPictureShowsWhatIsRestricted() throws {
        let open = FlowPicture(of: model(NetworkPolicyTests.pods)).svg
        // Without policies a line would join everything with everything.
        #expect(!open.contains("marker-end=") && open.components(separatedBy: "stroke-dasharray").count == 4)
        let policy = FoldedFlowTests.policy(
            "podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: 80}, {port: 443}]}]")
        let closed = FlowPicture(of: model(NetworkPolicyTests.pods + "---\n" + policy)).svg
        #expect(closed.components(separatedBy: "marker-end=").count == 2 && closed.contains(">TCP 80, TCP 443</text>"))
        #expect(closed.components(separatedBy: "stroke-dasharray").count == 3)
        let balancer =
            "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: one}\nspec: {type: LoadBalancer, selector: {app: a}, ports: [{port: 443}]}\n"
        #expect(FlowPicture(of: model(NetworkPolicyTests.pods + "---\n" + balancer)).svg.contains(">TCP 443 via LoadBalancer</text>"))
    }

    @Test func theSameEstateGivesTheSameBytes() {
        let manifest = RandomEstate(seed: 3).estate.manifest
        #expect((0..<5).allSatisfy { _ in FlowPicture(of: model(manifest)).svg == FlowPicture(of: model(manifest)).svg })
        #expect(FlowPicture(of: model(manifest), palette: .page).svg.contains("fill=\"var(--card)\""))
        #expect(!FlowPicture(of: model(manifest)).svg.contains("var("))
    }

    @Test func largeEstatesAreShownByNamespace() {
        let pods = (0..<300).map {
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p\($0), namespace: ns\($0 % 70), labels: {app: a\($0 % 9)}}\nspec: {containers: [{name: c}]}\n"
        }
        let policies = (0..<70).map {
            FoldedFlowTests.policy(
                "podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: a\($0 % 9)}}}]}]", "ns\($0)")
        }
        let svg = FlowPicture(of: model(pods.joined(separator: "---\n") + "---\n" + policies.joined())).svg
        #expect(svg.contains("each node is a namespace") && svg.contains("10 more namespaces") && svg.contains("more lines are not shown"))
        #expect(svg.utf8.count < 200_000 && svg.contains(">5 workloads</text>"))
    }

    @Test func dotNamesEveryFlow() throws {
        var dot = ""
        let model = model(Self.hostile)
        model.writeDot { dot += $0 }
        #expect(dot.hasPrefix("digraph reach {") && dot.hasSuffix("}\n"))
        #expect(dot.count { $0 == "{" } == dot.count { $0 == "}" })
        #expect(dot.split(separator: "\n").count { $0.hasSuffix("];") } == 1 + model.workloads.count + model.flows.count)
        for line in dot.split(separator: "\n") {
            // Each quote that a name holds is escaped, so those that are not come in pairs.
            let quotes = line.replacing("\\\\", with: "").replacing("\\\"", with: "").count { $0 == "\"" }
            #expect(quotes % 2 == 0, "\(line)")
        }
        guard let drawn = try draw(dot) else { return print("skipped: no dot on this machine to draw the graph with") }
        #expect(drawn.contains("</svg>"))
    }

    private func draw(_ dot: String) throws -> String? {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/dot") else { return nil }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/dot")
        process.arguments = ["-Tsvg"]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(dot.utf8))
        try input.fileHandleForWriting.close()
        let drawn = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: drawn, as: UTF8.self)
    }
}
