import Reachability
import Testing

/// Lists for people, differences, graphs and pictures.
struct FoldedFlowTests {
    private static func pod(_ name: String, _ namespace: String) -> String {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: \(name), namespace: \(namespace), labels: {app: \(name)}}\nspec: {containers: [{name: c}]}\n---\n"
    }

    static let pods = pod("a", "one") + pod("b", "one") + pod("c", "two")

    static func policy(_ spec: String, _ namespace: String = "one", name: String = "p") -> String {
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: \(name), namespace: \(namespace)}\nspec: {\(spec)}\n---\n"
    }

    @Test(arguments: [
        ("", ["everything → every workload: all", "every workload → outside: all"]),
        (policy("podSelector: {}, policyTypes: [Ingress]"), ["everything → two/c[Pod]: all", "every workload → outside: all"]),
        (
            policy("podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]"),
            ["one/* → one/*: TCP 80", "everything → two/c[Pod]: all", "every workload → outside: all"]
        ),
        (
            policy("podSelector: {matchLabels: {app: a}}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]"),
            [
                "192.0.2.0-192.0.2.255 → one/a[Pod]: all", "everything → one/b[Pod]: all", "everything → two/c[Pod]: all",
                "every workload → outside: all",
            ]
        ),
        (
            policy("podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"),
            ["two/c[Pod] → every workload: all", "outside → every workload: all", "one/* → outside (IPv4): all", "two/c[Pod] → outside: all"]
        ),
    ])
    func flowsAreFoldedForPeople(policy: String, expected: [String]) {
        let rows = FoldedFlows(model(Self.pods + policy)).rows.map { "\($0.source) → \($0.destination): \($0.connections)" }
        #expect(rows == expected)
    }

    /// What a fold says is what the flows say, no more and no less.
    @Test(arguments: 0..<20)
    func foldsLoseNothing(seed: Int) {
        let model = model(RandomEstate(seed: seed + 70_000).estate.manifest)
        func expand(_ label: String) -> [String] {
            switch label {
            case "everything", "every workload": model.workloads.map(\.description)
            case _ where label.hasSuffix("/*"): model.workloads.map(\.description).filter { $0.hasPrefix(label.dropLast()) }
            default: [label]
            }
        }
        var expanded: Set<String> = []
        for row in FoldedFlows(model).rows {
            for source in expand(row.source) {
                for destination in expand(row.destination) where source != destination {
                    expanded.insert("\(source) → \(destination): \(row.connections)")
                }
            }
        }
        let names = Set(model.workloads.map(\.description))
        let inside = expanded.filter { line in names.contains { line.hasPrefix("\($0) → ") } && names.contains { line.contains(" → \($0): ") } }
        #expect(inside == Set(lines(model).filter { !$0.contains("0.0") && !$0.contains("::") && !$0.contains("255.") && !$0.contains("-10.") }))
    }

    /// No more rows are made than are asked for; the rest is counted.
    @Test(arguments: [0, 1, 3, 100])
    func rowsBeyondAMaximumAreCounted(maximum: Int) {
        let model = model(RandomEstate(seed: 11).estate.manifest)
        let (all, some) = (FoldedFlows(model), FoldedFlows(model, maximum: maximum))
        #expect(some.rows == Array(all.rows.prefix(maximum)) && all.leftOut == 0)
        #expect(some.rows.count + some.leftOut >= all.rows.count && (maximum < 100) == (some.leftOut > 0))
    }

    // MARK: - Differences

    private static func difference(_ before: String, _ after: String) -> [String] {
        FlowDifference.between(model(pods + before), model(pods + after)).map { "\($0.source) → \($0.destination) +\($0.opened) -\($0.closed)" }
    }

    @Test func aChangeOpensAndCloses() {
        let narrow = Self.policy("podSelector: {matchLabels: {app: c}}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]", "two")
        let other = Self.policy("podSelector: {matchLabels: {app: c}}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 81}]}]", "two")
        #expect(Self.difference(narrow, narrow).isEmpty)
        #expect(Self.difference(narrow, other) == ["one/a[Pod] → two/c[Pod] +TCP 81 -TCP 80", "one/b[Pod] → two/c[Pod] +TCP 81 -TCP 80"])
        #expect(
            Self.difference("", narrow) == [
                "0.0.0.0-255.255.255.255 → two/c[Pod] +none -all", "one/a[Pod] → two/c[Pod] +none -TCP 1-79,81-65535; UDP; SCTP",
                "one/b[Pod] → two/c[Pod] +none -TCP 1-79,81-65535; UDP; SCTP",
            ])
    }

    @Test func rangesOutsideAreComparedAddressByAddress() {
        func block(_ cidr: String, _ port: Int) -> String {
            Self.policy(
                "podSelector: {matchLabels: {app: c}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: \"\(cidr)\"}}], ports: [{port: \(port)}]}]",
                "two")
        }
        #expect(
            Self.difference(block("10.0.0.0/8", 443), block("10.0.0.0/9", 443)).filter { $0.contains("10.") } == [
                "two/c[Pod] → 10.128.0.0-10.255.255.255 +none -TCP 443"
            ])
        #expect(
            Self.difference(block("10.0.0.0/8", 443), block("10.0.0.0/8", 80)) == ["two/c[Pod] → 10.0.0.0-10.255.255.255 +TCP 80 -TCP 443"])
        #expect(
            Self.difference(block("fd00::/8", 1), block("fd00::/9", 1)).contains {
                $0.contains("→ fd80::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff +none -TCP 1")
            })
    }

    @Test func newWorkloadsOpenWhatTheyMayDo() {
        let differences = FlowDifference.between(model(Self.pods), model(Self.pods + Self.pod("d", "two")))
        #expect(differences.count == 8 && differences.allSatisfy { $0.closed.isEmpty && "\($0.source) \($0.destination)".contains("two/d[Pod]") })
    }
}
