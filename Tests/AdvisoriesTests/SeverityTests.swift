import Testing

@testable import Advisories

struct SeverityTests {
    /// Scores as the standards' own examples and the National Vulnerability Database publish them.
    @Test(arguments: [
        // CVE-2002-0392, CVE-2003-0818, CVE-2003-0062: the examples of the guide to version 2.
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0),
        ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2),
        ("(AV:L/AC:H/Au:N/C:C/I:C/A:C)", 6.2),
        ("AV:N/AC:L/Au:N/C:N/I:N/A:N", 0.0),
        // Examples of version 3: CVE-2013-1937, -2013-0375, -2014-3566, -2012-1516, -2009-0783, -2012-0384, -2015-1098, -2014-0160, -2014-6271.
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),
        ("CVSS:3.0/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 4.2),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.8),
        ("CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        // Temporal metrics do not count.
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U", 9.8),
        // Version 4.
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.7),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N", 5.3),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N", 6.9),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 8.7),
        ("CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 8.5),
        ("CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.0),
    ])
    func vectorsAreScored(vector: String, score: Double) throws {
        let found = try #require(CVSS.score(of: vector))
        #expect(abs(found - score) < 1e-9, "\(vector): \(found)")
    }

    @Test(arguments: [
        "", "CVSS:3.1", "CVSS:3.1/", "CVSS:3.1/AV:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:X/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:9.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "9.8", "AV:N/AC:L/Au:N/C:N/I:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N", "CVSS:3.1/" + String(repeating: "A:B/", count: 100_000),
    ])
    func whatIsNoVectorIsNotScored(vector: String) {
        #expect(CVSS.score(of: vector) == nil)
        #expect(AdvisorySeverity(vector: vector) == nil)
    }

    /// Every base vector of version 3 has a score between nought and ten, of one decimal; a worse metric never lowers it.
    @Test(arguments: ["3.0", "3.1"])
    func worseMetricsNeverScoreLess(version: String) throws {
        let metrics: [(String, [String])] = [
            ("AV", ["P", "L", "A", "N"]), ("AC", ["H", "L"]), ("PR", ["H", "L", "N"]), ("UI", ["R", "N"]), ("C", ["N", "L", "H"]),
            ("I", ["N", "L", "H"]),
            ("A", ["N", "L", "H"]),
        ]
        for scope in ["U", "C"] {
            var scores: [[Int]: Double] = [:]
            for choice in Self.choices(metrics.map(\.1.count)) {
                let text = zip(metrics, choice).map { "\($0.0):\($0.1[$1])" }.joined(separator: "/")
                let score = try #require(CVSS.score(of: "CVSS:\(version)/S:\(scope)/\(text)"))
                #expect((0...10).contains(score) && abs((score * 10).rounded() - score * 10) < 1e-9)
                scores[choice] = score
            }
            for (choice, score) in scores {
                for metric in choice.indices where choice[metric] > 0 {
                    var milder = choice
                    milder[metric] -= 1
                    let milderScore = try #require(scores[milder])
                    #expect(milderScore <= score)
                }
            }
        }
    }

    @Test func ratingsFollowScores() {
        let ratings: [(Double, AdvisorySeverity)] = [
            (0, .none), (0.1, .low), (3.9, .low), (4, .medium), (6.9, .medium), (7, .high), (8.9, .high), (9, .critical), (10, .critical),
        ]
        for (score, severity) in ratings { #expect(AdvisorySeverity(score: score) == severity) }
        #expect(AdvisorySeverity.allCases.max() == .unknown)
    }

    @Test(arguments: [
        ("unimportant", AdvisorySeverity.none), ("low", .low), ("low**", .low), ("Medium", .medium), ("Moderate", .medium), ("Important", .high),
        ("high", .high), ("critical", .critical),
    ])
    func wordsAreRead(word: String, severity: AdvisorySeverity) {
        #expect(AdvisorySeverity(word: word) == severity)
        #expect(AdvisorySeverity(word: "not yet assigned") == nil)
        #expect(AdvisorySeverity(word: "") == nil)
    }

    static func choices(_ counts: [Int]) -> [[Int]] {
        counts.reduce([[]]) { all, count in all.flatMap { head in (0..<count).map { head + [$0] } } }
    }
}
