import Foundation
import Testing

/// `demarc reach` as its contract has it: documents, exit codes, streams.
struct ReachTests {
    static let estate = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: data}
        spec:
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: c, image: i}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]}
        """

    static let policy = """

        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: only-web
          namespace: data
        spec:
          podSelector: {}
          ingress:
          - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]
            ports: [{port: 5432}, {port: 6000, endPort: 6010}, {port: 53, protocol: UDP}]
        """

    private static func run(_ arguments: [String], files: [String: String] = ["a.yaml": estate + policy], input: String = "") throws -> Program.Result
    {
        try Program.withFiles(files) { try Program.run(["reach"] + arguments, input: input, in: $0) }
    }

    private struct Document: Decodable {
        struct Flow: Decodable, Equatable {
            let src: String
            let dst: String
            let conns: Connections
        }

        /// `"all"`, or ports by protocol.
        enum Connections: Decodable, Equatable {
            case all
            case ports([String: [String]])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    #expect(text == "all")
                    self = .all
                } else {
                    self = .ports(try container.decode([String: [String]].self))
                }
            }
        }

        struct Entry: Decodable {
            let workload: String
            let kind: String
            let reach: String
            let path: [String]
            let file: String
            let line: Int
            let sources: [String]
            let targets: Connections
            let allowed: Connections
            let certain: Bool
        }

        struct Gap: Decodable {
            let source: String
            let line: Int
            let reason: String
            let message: String
        }

        let schemaVersion: String
        let flows: [Flow]
        let entries: [Entry]
        let gaps: [Gap]
    }

    private static func decode(_ text: String) throws -> Document { try JSONDecoder().decode(Document.self, from: Data(text.utf8)) }

    @Test func theDocumentIsThatOfTheContract() throws {
        let result = try Self.run(["--format", "json", "a.yaml"])
        #expect(result.code == 0 && result.errors.isEmpty)
        let document = try Self.decode(result.output)
        let everywhere = "0.0.0.0-255.255.255.255"
        let some = Document.Connections.ports(["TCP": ["5432", "6000-6010"], "UDP": ["53"]])
        #expect(document.schemaVersion == "1" && document.gaps.isEmpty)
        #expect(
            document.flows == [
                Document.Flow(src: everywhere, dst: "shop/web[Deployment]", conns: .all),
                Document.Flow(src: "data/db[StatefulSet]", dst: everywhere, conns: .all),
                Document.Flow(src: "data/db[StatefulSet]", dst: "shop/web[Deployment]", conns: .all),
                Document.Flow(src: "shop/web[Deployment]", dst: everywhere, conns: .all),
                Document.Flow(src: "shop/web[Deployment]", dst: "data/db[StatefulSet]", conns: some),
            ])
        let entry = try #require(document.entries.first)
        #expect(document.entries.count == 1 && entry.kind == "loadBalancer" && entry.reach == "internet" && entry.path == ["Service shop/web"])
        #expect(entry.file == "a.yaml" && entry.line == 19 && entry.workload == "shop/web[Deployment]" && entry.certain && entry.sources.isEmpty)
        #expect(entry.targets == .ports(["TCP": ["8080"]]) && entry.allowed == entry.targets)
    }

    @Test func theTableSaysTheSameInShort() throws {
        let result = try Self.run(["a.yaml"])
        #expect(result.code == 0 && result.errors.isEmpty && !result.output.contains("\u{1B}"))
        let rows = result.output.split(separator: "\n").map { $0.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) } }
        for row in [
            ["shop/web[Deployment]", "data/db[StatefulSet]", "TCP 5432,6000-6010; UDP 53"], ["everything", "shop/web[Deployment]", "all"],
            ["every workload", "outside", "all"], ["shop/web[Deployment]", "LoadBalancer of Service shop/web", "TCP 8080", "TCP 8080"],
        ] {
            #expect(rows.contains(row), "\(row)\n\(result.output)")
        }
        #expect(result.output.hasPrefix("demarc reach · 2 workloads · 1 policy · 1 way in from outside\n"))
    }

    @Test func standardInputFilesAndEndings() throws {
        let piped = try Self.run(["--format", "json", "-"], input: Self.estate + Self.policy)
        #expect(piped.code == 0 && piped.output.contains("<stdin>"))
        try Program.withFiles(["a.yaml": Self.estate + Self.policy]) { directory in
            for (name, start) in [("r.json", "{\"schemaVersion\""), ("r.svg", "<svg "), ("r.dot", "digraph reach"), ("r.txt", "demarc reach")] {
                let result = try Program.run(["reach", "a.yaml", "-o", name], in: directory)
                #expect(result.code == 0 && result.output.isEmpty)
                #expect(try String(contentsOf: directory.appending(path: name), encoding: .utf8).hasPrefix(start))
            }
            #expect(try Program.run(["reach", "a.yaml", "--format", "svg"], in: directory).output.hasPrefix("<svg "))
        }
    }

    @Test func theNamespaceOfObjectsThatNameNone() throws {
        let pod = ["a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c}]}\n"]
        #expect(try Self.run(["a.yaml", "--format", "json"], files: pod).output.contains("default/a[Pod]"))
        #expect(try Self.run(["a.yaml", "--format", "json", "-n", "shop"], files: pod).output.contains("shop/a[Pod]"))
    }

    // MARK: - Explanations

    private static let questions: [([String], Int32, [String])] = [
        (
            ["shop/web", "data/db", "5432"], 0,
            ["allowed: shop/web → data/db TCP 5432", "a.yaml:30", "spec.ingress[0] allows it", "since no policy speaks of it"]
        ),
        (["shop/web[Deployment]", "data/db[StatefulSet]", "53/udp"], 0, ["allowed"]),
        (["shop/web", "data/db", "53/SCTP"], 1, ["denied", "NetworkPolicies select the Pod", "a.yaml:25", "has no rule that allows it"]),
        (["203.0.113.7", "shop/web", "80/TCP"], 0, ["allowed: 203.0.113.7 → shop/web TCP 80"]),
        (["203.0.113.0/24", "data/db", "5432"], 1, ["denied", "ingress of data/db[StatefulSet]"]),
        (["data/db", "2001:db8::1", "443"], 0, ["egress of data/db[StatefulSet]"]),
        (["shop/nobody", "data/db", "80"], 3, ["no workload 'shop/nobody'", "demarc reach lists them all"]),
        (["web", "data/db", "80"], 3, ["no workload 'default/web'", "shop/web[Deployment]"]),
        (["10.0.0.1", "10.0.0.2", "80"], 2, ["one end at least"]),
        (["shop/web", "data/db", "0"], 2, ["no port"]), (["shop/web", "data/db", "http"], 2, ["no port"]),
        (["shop/web", "data/db", "70000"], 2, ["no port"]),
        (["shop/web", "data/db", "80/ICMP"], 2, ["no protocol"]), (["shop/web", "data/db"], 2, ["SOURCE DESTINATION PORT"]),
    ]

    @Test(arguments: questions)
    func explanationsNameWhatDecides(words: [String], code: Int32, says: [String]) throws {
        let result = try Self.run(["--explain"] + words + ["a.yaml"])
        #expect(result.code == code, "\(result.output)\(result.errors)")
        for text in says { #expect((result.output + result.errors).contains(text), "\(text)\n\(result.output)\(result.errors)") }
        // The paths may stand before the question too.
        if code < 2 { #expect(try Self.run(["a.yaml", "--explain"] + words).output == result.output) }
    }

    @Test func onlySomeAddressesOfABlock() throws {
        let policy = Self.policy.replacing(
            "- from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]", with: "- from: [{ipBlock: {cidr: 10.1.0.0/16}}]")
        let result = try Self.run(["--explain", "10.0.0.0/8", "data/db", "5432", "a.yaml"], files: ["a.yaml": Self.estate + policy])
        #expect(result.code == 0 && result.output.contains("only for 10.1.0.0-10.1.255.255"))
    }

    // MARK: - Differences

    @Test func differencesAreShownAsDiffShowsThem() throws {
        let files = [
            "old/a.yaml": Self.estate, "new/a.yaml": Self.estate + Self.policy,
            "broken/a.yaml": Self.estate + Self.policy.replacing("5432", with: "-1"),
        ]
        let closed = try Self.run(["diff", "old", "new"], files: files)
        #expect(closed.code == 1 && closed.output.contains("CLOSED  2") && !closed.output.contains("OPENED"))
        #expect(closed.output.contains("- shop/web[Deployment] → data/db[StatefulSet]     TCP 1-5431,5433-5999,6011-65535; UDP 1-52,54-65535; SCTP"))
        #expect(closed.output.contains("- 0.0.0.0-255.255.255.255 → data/db[StatefulSet]  all"))
        let opened = try Self.run(["diff", "new", "old"], files: files)
        #expect(
            opened.code == 1 && opened.output.contains("OPENED  2") && opened.output.contains("+ 0.0.0.0-255.255.255.255 → data/db[StatefulSet]  all")
        )
        let same = try Self.run(["diff", "new", "new"], files: files)
        #expect(same.code == 0 && same.output == "no connection is opened or closed\n")
        let gaps = try Self.run(["diff", "old", "broken"], files: files)
        #expect(gaps.code == 3 && gaps.output.contains("broken/a.yaml:31") && gaps.output.contains("1 to 65535"))
        #expect(try Self.run(["diff", "old", "nowhere"], files: files).code == 3)
        #expect(try Self.run(["diff", "old"], files: files).code == 2)
        #expect(try Self.run(["diff", "-", "-"], files: files).code == 2)
    }

    @Test func differencesAsADocument() throws {
        struct Difference: Decodable {
            let schemaVersion: String
            let opened: [Document.Flow]
            let closed: [Document.Flow]
            let gaps: [Document.Gap]
        }
        let result = try Self.run(
            ["diff", "old", "new", "--format", "json"], files: ["old/a.yaml": Self.estate, "new/a.yaml": Self.estate + Self.policy])
        let document = try JSONDecoder().decode(Difference.self, from: Data(result.output.utf8))
        #expect(result.code == 1 && document.opened.isEmpty && document.closed.map(\.dst) == ["data/db[StatefulSet]", "data/db[StatefulSet]"])
        #expect(document.schemaVersion == "1" && document.gaps.isEmpty && document.closed[0].conns == .all)
    }

    // MARK: - Bad input

    private static let wrong: [([String], Int32, String)] = [
        ([], 2, "which estate?"), (["nowhere"], 3, "no such file"), (["a.yaml", "--format", "pdf"], 2, "known are table, json, dot, svg"),
        (["a.yaml", "--model", "none"], 2, "there is no model 'none'"),
        (["a.yaml", "--format", "json", "--explain", "a", "b", "1"], 2, "leave out --format"),
        (["a.yaml", "-o", "no/such/directory/x.json"], 2, "cannot be written"), (["a.yaml", "--max-bytes", "0"], 2, "must be at least 1"),
        (["a.yaml", "--max-bytes", "10"], 3, "more than the limit"), (["diff", "a.yaml", "a.yaml", "--format", "svg"], 2, "known are table, json"),
    ]

    @Test(arguments: wrong)
    func wrongCommandLinesAreExplained(arguments: [String], code: Int32, says: String) throws {
        let result = try Self.run(arguments)
        #expect(result.code == code, "\(result.output)\(result.errors)")
        #expect((result.output + result.errors).contains(says), "\(result.errors)\(result.output)")
    }

    @Test(arguments: [
        ("kind: CiliumNetworkPolicy", "apiVersion: cilium.io/v2", "not judged here"),
        ("kind: NetworkPolicy", "apiVersion: networking.k8s.io/v2x", ""),
    ])
    func unknownPoliciesAreGaps(kind: String, version: String, says: String) throws {
        let policy = "\n---\n\(version)\n\(kind)\nmetadata: {name: p, namespace: data}\nspec: {podSelector: {}}\n"
        for format in ["table", "json", "dot", "svg"] {
            let result = try Self.run(["a.yaml", "--format", format], files: ["a.yaml": Self.estate + policy])
            #expect(result.code == (says.isEmpty ? 0 : 3))
            #expect((result.output + result.errors).contains(says) || says.isEmpty)
        }
    }

    @Test func gapsStandInTheDocument() throws {
        let broken = Self.estate + Self.policy.replacing("port: 5432", with: "port: -1")
        let result = try Self.run(["a.yaml", "--format", "json"], files: ["a.yaml": broken])
        let gap = try #require(try Self.decode(result.output).gaps.first)
        #expect(result.code == 3 && gap.reason == "wrongType" && gap.source == "a.yaml" && gap.line == 31)
        #expect(gap.message.contains("spec.ingress[0].ports[0].port should be a port from 1 to 65535"))
    }

    @Test func theHelpShowsExamples() throws {
        let help = try Program.run(["reach", "--help"])
        #expect(
            help.code == 0 && help.output.contains("demarc reach --explain shop/web payments/db 5432 manifests/")
                && help.output.contains("Exit code 3"))
        #expect(try Program.run(["reach", "diff", "--help"]).output.contains("demarc reach diff before/ after/"))
        #expect(try Program.run(["--help"]).output.contains("reach"))
    }

    /// A closed pipe, as behind `| head`, is no crash: flows are written as they come.
    @Test func manyFlowsAreWrittenAsTheyCome() throws {
        let pods = (0..<120).map {
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p\($0), namespace: many, labels: {a: x\($0)}}\nspec: {containers: [{name: c}]}\n"
        }
        let result = try Self.run(["--format", "json", "a.yaml"], files: ["a.yaml": pods.joined(separator: "---\n")])
        #expect(try Self.decode(result.output).flows.count == 120 * 119 + 240)
    }
}
