import Controls
import Kubernetes
import Testing

/// The tables of benchmarks by themselves. That they hold what the editions hold is tested where the list of those is.
struct BenchmarkTests {
    @Test(arguments: Benchmark.all)
    func rowsAreInOrderAndOnce(benchmark: Benchmark) {
        let ids = benchmark.rows.map(\.id)
        #expect(Set(ids).count == ids.count, "\(benchmark.id) has a row twice")
        let numbers = ids.map { $0.split(separator: ".").compactMap { Int($0) } }
        #expect(numbers == numbers.sorted { $0.lexicographicallyPrecedes($1) }, "\(benchmark.id) has a row out of order")
    }

    @Test(arguments: Benchmark.all)
    func everyRowStandsInASectionAndEverySectionHasRows(benchmark: Benchmark) {
        var used: Set<String> = []
        for row in benchmark.rows {
            let section = benchmark.section(of: row)
            #expect(section != nil, "\(benchmark.id) \(row.id) has no section")
            used.insert(section?.id ?? "")
        }
        #expect(used == Set(benchmark.sections.map(\.id)), "\(benchmark.id) has a section without rows, or a section twice")
        #expect(benchmark.sections.count == used.count)
    }

    /// A counterpart is the row where the requirement is written, never one that points on.
    @Test(arguments: Benchmark.all)
    func counterpartsExist(benchmark: Benchmark) throws {
        for row in benchmark.rows {
            guard let counterpart = row.counterpart else { continue }
            let edition = try #require(Benchmark.named(counterpart.framework), "\(row.id) names \(counterpart.framework)")
            let origin = try #require(edition.rows.first { $0.id == counterpart.id }, "\(benchmark.id) \(row.id) names \(counterpart.id)")
            #expect(edition.id != benchmark.id)
            #expect(origin.counterpart == nil, "\(benchmark.id) \(row.id)")
            #expect(origin.title == row.title, "\(benchmark.id) \(row.id)")
        }
    }

    /// What is written like this is read by people: a capital, no full stop at the end of a title, one at the end of a sentence.
    @Test(arguments: Benchmark.all)
    func wordsAreInOrder(benchmark: Benchmark) {
        #expect(benchmark.title.hasPrefix("CIS ") && benchmark.sections.allSatisfy { !$0.title.isEmpty && !$0.title.hasSuffix(".") })
        let verbs: Set<String> = [
            "Admit", "Authorize", "Bind", "Boot", "Check", "Choose", "Close", "Configure", "Consider", "Demand", "Deny", "Do", "Drop", "Enable",
            "Encrypt", "Enforce", "Follow", "Forbid", "Give", "Hand", "Have", "Issue", "Keep", "Leave", "Let", "Limit", "Look", "Manage", "Monitor",
            "Mount", "Name", "Offer", "Protect", "Record", "Refuse", "Renew", "Repair", "Restrict", "Run", "Scan", "Send", "Separate", "Serve",
            "Set", "Sign", "Turn", "Upgrade", "Use", "Verify", "Write",
        ]
        for row in benchmark.rows {
            let first = row.title.prefix { $0 != " " }
            #expect(verbs.contains(String(first)), "\(benchmark.id) \(row.id) is '\(row.title)'; no imperative, or one this list does not know")
            #expect(!row.title.hasSuffix("."), "\(benchmark.id) \(row.id)")
            #expect(row.title.count <= 100, "\(benchmark.id) \(row.id)")
            if let lookAt = row.lookAt {
                #expect(lookAt.hasSuffix(".") && lookAt.count >= 40 && lookAt.count <= 320, "\(benchmark.id) \(row.id): '\(lookAt)'")
                #expect(lookAt.count { $0 == "`" }.isMultiple(of: 2), "\(benchmark.id) \(row.id)")
            }
        }
    }

    @Test(arguments: Benchmark.all)
    func aRowForPeopleSaysWhatToLookAt(benchmark: Benchmark) {
        for row in benchmark.rows where !row.isAutomated { #expect(row.lookAt != nil, "\(benchmark.id) \(row.id)") }
    }

    @Test(arguments: [
        ("cis-1.12", "1.2.16", "1.2"), ("cis-1.12", "2.1", "2"), ("cis-1.23", "5.7.4", "5.7"), ("gke-1.9.0", "5.10.3", "5.10"),
        ("gke-1.9.0", "5.1.1", "5.1"), ("aks-1.8", "4.4.2", "4.4"),
    ])
    func findsTheSection(edition: String, row: String, section: String) throws {
        let benchmark = try #require(Benchmark.named(edition))
        let found = try #require(benchmark.rows.first { $0.id == row })
        #expect(benchmark.section(of: found)?.id == section)
    }

    /// Numbers moved between editions; the requirement counts.
    @Test(arguments: [
        ("1.1.1", ["cis-1.23": ["1.1.1"], "cis-1.10": ["1.1.1"], "cis-1.11": ["1.1.1"]]),
        ("1.2.4", ["cis-1.23": ["1.2.5"], "cis-1.10": ["1.2.4"], "cis-1.11": ["1.2.4"]]),
        ("1.2.11", ["cis-1.23": ["1.2.12"], "cis-1.10": ["1.2.11"], "cis-1.11": ["1.2.11"]]),
        ("1.2.14", ["cis-1.23": ["1.2.16"], "cis-1.10": ["1.2.14"], "cis-1.11": ["1.2.14"]]),
        ("1.2.16", ["cis-1.23": ["1.2.19"], "cis-1.10": ["1.2.16"], "cis-1.11": ["1.2.16"]]),
        ("1.2.29", ["cis-1.23": ["1.2.32"], "cis-1.10": ["1.2.29"], "cis-1.11": ["1.2.29"]]),
        ("1.2.3", ["cis-1.10": ["1.2.3"], "cis-1.11": ["1.2.3"]]),
        ("1.2.30", ["cis-1.11": ["1.2.30"]]),
        ("4.1.5", ["cis-1.23": ["4.1.5"], "cis-1.10": ["4.1.5"], "cis-1.11": ["4.1.5"], "eks-1.8.0": ["3.1.1"], "aks-1.8": ["3.1.1"]]),
        ("4.1.10", ["cis-1.23": ["4.1.10"], "cis-1.10": ["4.1.10"], "cis-1.11": ["4.1.10"], "eks-1.8.0": ["3.1.4"], "gke-1.9.0": ["3.1.4"]]),
        ("4.2.6", ["cis-1.23": ["4.2.7"], "cis-1.10": ["4.2.6"], "cis-1.11": ["4.2.6"], "eks-1.8.0": ["3.2.6"], "aks-1.8": ["3.2.6"]]),
        ("4.2.8", ["cis-1.23": ["4.2.9"], "cis-1.10": ["4.2.8"], "cis-1.11": ["4.2.8"], "eks-1.8.0": ["3.2.7"], "aks-1.8": ["3.2.7"]]),
        ("4.2.11", ["cis-1.23": ["4.2.12"], "cis-1.10": ["4.2.11"], "cis-1.11": ["4.2.11"], "eks-1.8.0": ["3.2.9"], "aks-1.8": ["3.2.9"]]),
        ("4.3.1", ["cis-1.10": ["4.3.1"], "cis-1.11": ["4.3.1"]]),
        (
            "5.1.4", ["cis-1.23": ["5.1.4"], "cis-1.10": ["5.1.4"], "cis-1.11": ["5.1.4"], "eks-1.8.0": ["4.1.4"], "aks-1.8": ["4.1.4"]]
        ),
        (
            "5.1.5",
            [
                "cis-1.23": ["5.1.5"], "cis-1.10": ["5.1.5"], "cis-1.11": ["5.1.5"], "eks-1.8.0": ["4.1.5"], "gke-1.9.0": ["4.1.4"],
                "aks-1.8": ["4.1.5"],
            ]
        ),
        ("5.1.7", ["cis-1.23": ["5.1.7"], "cis-1.10": ["5.1.7"], "cis-1.11": ["5.1.7"], "gke-1.9.0": ["4.1.6"]]),
        ("5.1.11", ["cis-1.10": ["5.1.11"], "cis-1.11": ["5.1.11"], "aks-1.8": ["4.1.10"]]),
        ("5.1.12", ["cis-1.10": ["5.1.12"], "cis-1.11": ["5.1.12"], "eks-1.8.0": ["4.1.11"], "aks-1.8": ["4.1.11"]]),
        ("5.2.9", ["cis-1.23": ["5.2.10"], "cis-1.10": ["5.2.10"], "cis-1.11": ["5.2.10"]]),
        ("5.2.12", ["cis-1.23": ["5.2.13"], "cis-1.10": ["5.2.13"], "cis-1.11": ["5.2.13"]]),
        (
            "5.6.4",
            [
                "cis-1.23": ["5.7.4"], "cis-1.10": ["5.7.4"], "cis-1.11": ["5.6.4"], "eks-1.8.0": ["4.5.2"], "gke-1.9.0": ["4.6.4"],
                "aks-1.8": ["4.6.3"],
            ]
        ),
    ])
    func controlsReferToEveryEdition(number: String, editions: [String: [String]]) {
        let control = Control(
            id: "c", title: "C", severity: .low, duty: "A5", summary: "", remedy: "", references: [.cis(number), .nsa("x")], passing: [], failing: [],
            check: .objects(["Pod"], { _, _ in }))
        #expect(Array(control.references.prefix(2)) == [.cis(number), .nsa("x")])
        let others = Dictionary(grouping: control.references.dropFirst(2), by: \.framework).mapValues { $0.map(\.id) }
        #expect(others == editions)
    }

    /// The opposite of a requirement is none of its forms; nor is what only older editions had.
    @Test(arguments: [
        ("cis-1.23", "1.2.3"), ("cis-1.23", "1.2.4"), ("cis-1.23", "1.2.13"), ("cis-1.23", "1.2.17"), ("cis-1.23", "4.2.6"), ("cis-1.11", "4.2.15"),
        ("eks-1.8.0", "4.1.7"), ("gke-1.9.0", "3.1.1"), ("aks-1.8", "3.1.3"),
    ])
    func standsNowhereElse(edition: String, row: String) {
        let reference = Reference(edition, row)
        let control = Control(
            id: "c", title: "C", severity: .low, duty: "A5", summary: "", remedy: "", references: [reference], passing: [], failing: [],
            check: .objects(["Pod"], { _, _ in }))
        #expect(control.references == [reference])
    }

    /// The edition that people were to judge what a program judges elsewhere.
    @Test func leavesToPeopleWhatAnEditionLeavesToThem() throws {
        let row = try #require(Benchmark.cis1x23.rows.first { $0.id == "5.1.1" })
        #expect(!row.isAutomated && row.lookAt?.contains("cluster-admin") == true)
        let newer = try #require(Benchmark.cis1x12.rows.first { $0.id == "5.1.1" })
        #expect(newer.isAutomated && newer.lookAt == nil)
        let eks = try #require(Benchmark.eks.rows.first { $0.id == "4.3.2" })
        #expect(eks.isAutomated && eks.lookAt == nil && eks.counterpart == .cis("5.3.2"))
    }

    @Test(arguments: [
        ("1.22.17", "cis-1.23"), ("v1.23.0", "cis-1.23"), ("1.19.3", "cis-1.23"), ("1.24.1", "cis-1.10"), ("1.28.15", "cis-1.10"),
        ("1.29.0", "cis-1.11"), ("1.31.2", "cis-1.11"), ("1.31", "cis-1.11"), ("1.32.0", "cis-1.12"), ("v1.34.1", "cis-1.12"),
        ("1.99.0", "cis-1.12"), ("v1.29.3-eks-2d5f260", "eks-1.8.0"), ("1.30.1-gke.1329003", "gke-1.9.0"), ("v1.31.1+k3s1", "cis-1.11"),
        ("1.32.0-rc.1", "cis-1.12"),
    ])
    func choosesTheEdition(version: String, edition: String) {
        #expect(Benchmark.forVersion(version)?.id == edition)
    }

    @Test(arguments: ["", "v", "one", "1", "..", "1.x", "-1.30", "99999999999999999999.1", "\u{0}1.30", "latest"])
    func choosesNoneForGarbage(version: String) {
        #expect(Benchmark.forVersion(version) == nil)
    }

    @Test func findsEditionsByName() {
        #expect(
            Benchmark.all.map(\.id) == ["cis-1.23", "cis-1.10", "cis-1.11", "cis-1.12", "eks-1.8.0", "gke-1.9.0", "aks-1.8"])
        for benchmark in Benchmark.all { #expect(Benchmark.named(benchmark.id)?.title == benchmark.title) }
        #expect(Benchmark.named("cis-1.13") == nil)
    }
}
