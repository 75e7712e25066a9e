/// Base scores of vectors of the Common Vulnerability Scoring System. Temporal, environmental and supplemental metrics are read over: an
/// advisory is rated for everybody.
public enum CVSS {
    /// - Returns: nil when the vector lacks a base metric, has one twice, has a value that the standard does not know, or is of a version
    ///   that is not scored here.
    public static func score(of vector: String) -> Double? {
        var parts = vector.split(separator: "/", omittingEmptySubsequences: false)[...]
        guard let first = parts.first, parts.count <= 64 else { return nil }
        let version: Substring
        if first.hasPrefix("CVSS:") {
            version = first.dropFirst(5)
            parts = parts.dropFirst()
        } else {
            // Version 2 has no mark; the brackets are how its guide prints it.
            version = "2.0"
        }
        var metrics: [Substring: Substring] = [:]
        for part in parts {
            let pair = part.drop { $0 == "(" }.prefix { $0 != ")" }.split(separator: ":", omittingEmptySubsequences: false)
            guard pair.count == 2, metrics.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
        }
        switch version {
        case "2.0": return CVSS2(metrics)?.score
        case "3.0": return CVSS3(metrics)?.score(roundUp: CVSS3.roundUp30)
        case "3.1": return CVSS3(metrics)?.score(roundUp: CVSS3.roundUp31)
        case "4.0": return CVSS4(metrics)?.score
        default: return nil
        }
    }
}

/// Section 3.2.1 of the guide to version 2.
struct CVSS2 {
    let score: Double

    init?(_ metrics: [Substring: Substring]) {
        func weight(_ name: Substring, _ weights: [Substring: Double]) -> Double? { metrics[name].flatMap { weights[$0] } }
        let effects: [Substring: Double] = ["N": 0, "P": 0.275, "C": 0.66]
        guard let vector = weight("AV", ["L": 0.395, "A": 0.646, "N": 1]), let complexity = weight("AC", ["H": 0.35, "M": 0.61, "L": 0.71]),
            let authentication = weight("Au", ["M": 0.45, "S": 0.56, "N": 0.704]), let confidentiality = weight("C", effects),
            let integrity = weight("I", effects), let availability = weight("A", effects)
        else { return nil }
        let impact = 10.41 * (1 - (1 - confidentiality) * (1 - integrity) * (1 - availability))
        let exploitability = 20 * vector * complexity * authentication
        let sum = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact == 0 ? 0 : 1.176)
        score = (sum * 10).rounded() / 10
    }
}

/// Section 7.1 of the specifications of 3.0 and 3.1, which differ in how they round alone.
struct CVSS3 {
    private let impactBase: Double
    private let exploitability: Double
    private let isScopeChanged: Bool

    init?(_ metrics: [Substring: Substring]) {
        func weight(_ name: Substring, _ weights: [Substring: Double]) -> Double? { metrics[name].flatMap { weights[$0] } }
        guard let scope = metrics["S"], scope == "U" || scope == "C" else { return nil }
        isScopeChanged = scope == "C"
        let effects: [Substring: Double] = ["N": 0, "L": 0.22, "H": 0.56]
        let privileges: [Substring: Double] = isScopeChanged ? ["N": 0.85, "L": 0.68, "H": 0.5] : ["N": 0.85, "L": 0.62, "H": 0.27]
        guard let vector = weight("AV", ["N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2]), let complexity = weight("AC", ["L": 0.77, "H": 0.44]),
            let required = weight("PR", privileges), let interaction = weight("UI", ["N": 0.85, "R": 0.62]),
            let confidentiality = weight("C", effects), let integrity = weight("I", effects), let availability = weight("A", effects)
        else { return nil }
        impactBase = 1 - (1 - confidentiality) * (1 - integrity) * (1 - availability)
        exploitability = 8.22 * vector * complexity * required * interaction
    }

    func score(roundUp: (Double) -> Double) -> Double {
        let impact = isScopeChanged ? 7.52 * (impactBase - 0.029) - 3.25 * power(impactBase - 0.02, 15) : 6.42 * impactBase
        guard impact > 0 else { return 0 }
        return roundUp(min((isScopeChanged ? 1.08 : 1) * (impact + exploitability), 10))
    }

    /// Up to the next tenth.
    static func roundUp30(_ value: Double) -> Double { (value * 10).rounded(.up) / 10 }

    /// As above, but first rid of what binary fractions add (Appendix A of 3.1).
    static func roundUp31(_ value: Double) -> Double {
        let whole = (value * 100_000).rounded()
        let tenThousands = (whole / 10_000).rounded(.down)
        return whole.truncatingRemainder(dividingBy: 10_000) == 0 ? whole / 100_000 : (tenThousands + 1) / 10
    }

    private func power(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { product, _ in product * base } }
}
