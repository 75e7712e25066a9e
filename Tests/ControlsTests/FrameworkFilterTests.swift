import Controls
import Kubernetes
import Testing

struct FrameworkFilterTests {
    private static func control(_ id: String, _ references: [Reference], overrides: [String] = [], since: KubernetesVersion = .init(1, 0)) -> Control
    {
        Control(
            id: id, title: id, severity: .low, duty: "C5", summary: "", remedy: "", references: references, overrides: overrides,
            passing: [], failing: [], checks: [VersionedCheck(since: since, .pods { _, _ in })])
    }

    private let controls = [
        control("weak", [.podSecurity(.baseline, "weak"), .cis("5.2.1")]),
        control("basic", [.podSecurity(.baseline, "basic")]),
        control("strong", [.podSecurity(.restricted, "strong"), .nsa("x")], overrides: ["weak"], since: .init(1, 20)),
        control("other", [Reference("benchmark", "1", level: "two")]),
        control("none", []),
    ]

    @Test(arguments: [
        ("pss:baseline", ["weak", "basic"]), ("pss:restricted", ["basic", "strong"]), ("pss", ["basic", "strong"]),
        ("PSS:Restricted", ["basic", "strong"]),
        ("cis-1.12", ["weak"]), ("nsa", ["strong"]), ("benchmark", ["other"]), ("benchmark:two", ["other"]),
    ])
    func selects(text: String, ids: [String]) throws {
        let filter = try FrameworkFilter(text, in: controls)
        #expect(filter.select(from: controls, for: .newest).map(\.id) == ids)
    }

    /// A stricter control replaces the weaker one only from the version on in which it exists.
    @Test func keepsTheWeakerControlBeforeTheStricterOneExists() throws {
        let filter = try FrameworkFilter("pss:restricted", in: controls)
        #expect(filter.select(from: controls, for: KubernetesVersion(1, 19)).map(\.id) == ["weak", "basic", "strong"])
        #expect(filter.select(from: controls, for: KubernetesVersion(1, 20)).map(\.id) == ["basic", "strong"])
    }

    @Test(arguments: ["", ":", "pss:", "pss:privileged", "pss:baseline:x", "cis", "cis-1.12:one", "benchmark:one"])
    func refusesUnknownNames(text: String) {
        #expect {
            try FrameworkFilter(text, in: controls)
        } throws: { error in
            "\(error)".contains("'\(text)'")
                && "\(error)".contains("benchmark, benchmark:two, cis-1.10, cis-1.11, cis-1.12, cis-1.23, nsa, pss, pss:baseline, pss:restricted")
        }
    }

    @Test func describesItself() throws {
        #expect(try FrameworkFilter("pss:Baseline", in: controls).description == "pss:baseline")
        #expect(try FrameworkFilter("nsa", in: controls).description == "nsa")
    }
}
