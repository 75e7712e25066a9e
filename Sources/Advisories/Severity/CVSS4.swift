/// Base scores of version 4.0: the vector falls into a class of its peers, whose score is looked up, and goes down from there by how
/// far it lies from the worst of the class (section 8.2 of the specification, https://www.first.org/cvss/v4.0/specification-document).
///
/// Exploit maturity, requirements and modified metrics are not defined in a base vector and count as the worst, so that equivalence set
/// 5 is always 0, set 6 follows from set 3, and set 4 is never 0.
struct CVSS4 {
    let score: Double

    /// A metric's distance from its worst value.
    private static let levels: [Substring: [Substring: Int]] = [
        "AV": ["N": 0, "A": 1, "L": 2, "P": 3], "PR": ["N": 0, "L": 1, "H": 2], "UI": ["N": 0, "P": 1, "A": 2], "AC": ["L": 0, "H": 1],
        "AT": ["N": 0, "P": 1], "VC": ["H": 0, "L": 1, "N": 2], "VI": ["H": 0, "L": 1, "N": 2], "VA": ["H": 0, "L": 1, "N": 2],
        "SC": ["H": 1, "L": 2, "N": 3], "SI": ["H": 1, "L": 2, "N": 3], "SA": ["H": 1, "L": 2, "N": 3],
    ]

    init?(_ metrics: [Substring: Substring]) {
        var found: [Substring: Int] = [:]
        for (name, values) in CVSS4.levels {
            guard let level = metrics[name].flatMap({ values[$0] }) else { return nil }
            found[name] = level
        }
        func level(_ name: Substring) -> Int { found[name] ?? 0 }
        let access = [level("AV"), level("PR"), level("UI")]
        let effort = [level("AC"), level("AT")]
        let effects = [level("VC"), level("VI"), level("VA")]
        let beyond = [level("SC"), level("SI"), level("SA")]
        if effects.allSatisfy({ $0 == 2 }), beyond.allSatisfy({ $0 == 3 }) {
            score = 0
            return
        }
        let reach = access.allSatisfy { $0 == 0 } ? 0 : access.contains(0) && access[0] != 3 ? 1 : 2
        let difficulty = effort.allSatisfy { $0 == 0 } ? 0 : 1
        let impact: Impact = effects[0] == 0 && effects[1] == 0 ? .both : effects.contains(0) ? .one : .few
        let spread = beyond.contains(1) ? 1 : 2
        let own = CVSS4.peers(reach, difficulty, impact, spread)

        // Set 5 can always go down and never lies away from its worst.
        var (sum, count) = (0.0, 1.0)
        func lower(to next: Double?, by distance: Int, of depth: Int) {
            guard let next else { return }
            count += 1
            sum += (own - next) * Double(distance) / Double(depth)
        }
        let (one, few) = ([[0, 0, 0]], [[1, 1, 1]])
        let worstAccess = [one, [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[3, 0, 0], [1, 1, 1]]][reach]
        lower(
            to: reach < 2 ? CVSS4.peers(reach + 1, difficulty, impact, spread) : nil, by: CVSS4.distance(access, worstAccess), of: [1, 4, 5][reach])
        lower(
            to: difficulty == 0 ? CVSS4.peers(reach, 1, impact, spread) : nil,
            by: CVSS4.distance(effort, difficulty == 0 ? [[0, 0]] : [[1, 0], [0, 1]]), of: [1, 2][difficulty])
        let next = impact.next.map { CVSS4.peers(reach, difficulty, $0, spread) }.max()
        lower(
            to: next, by: CVSS4.distance(effects, impact == .both ? one : impact == .one ? [[1, 0, 0], [0, 1, 0]] : few),
            of: impact == .both ? 7 : impact == .one ? 8 : 10)
        lower(
            to: spread == 1 ? CVSS4.peers(reach, difficulty, impact, 2) : nil, by: CVSS4.distance(beyond, one.map { $0.map { $0 + spread } }), of: 5)
        // Halves are kept from falling to the wrong side by what binary fractions lose.
        score = (min(max(own - sum / count, 0), 10) * 10 + 1e-9).rounded() / 10
    }

    /// Sets 3 and 6 together; the two in between are reached with lowered requirements alone.
    private enum Impact: Int {
        case both, bothLowered, one, oneLowered, few

        var next: [Impact] {
            switch self {
            case .both: [.bothLowered, .one]
            case .one: [.oneLowered]
            default: []
            }
        }
    }

    /// From the first of the worst vectors that is nowhere milder.
    private static func distance(_ levels: [Int], _ worst: [[Int]]) -> Int {
        for vector in worst where zip(levels, vector).allSatisfy({ $0 >= $1 }) { return zip(levels, vector).reduce(0) { $0 + $1.0 - $1.1 } }
        return 0
    }

    /// Scores of the classes in tenths: by set 1 and set 2, in each first for set 4 = 1, then for set 4 = 2, by sets 3 and 6.
    private static let table: [[Int]] = [
        [100, 96, 93, 92, 79, 93, 90, 88, 80, 69], [95, 91, 92, 82, 71, 92, 81, 84, 70, 63],
        [94, 89, 86, 76, 65, 87, 75, 72, 57, 53], [90, 77, 74, 59, 58, 77, 66, 61, 52, 23],
        [86, 74, 72, 57, 47, 70, 54, 53, 36, 24], [73, 55, 61, 51, 24, 54, 43, 46, 18, 10],
    ]

    private static func peers(_ reach: Int, _ difficulty: Int, _ impact: Impact, _ spread: Int) -> Double {
        Double(table[reach * 2 + difficulty][(spread - 1) * 5 + impact.rawValue]) / 10
    }
}
