/// A duration as Go writes them: `8760h0m0s`, `1h30m`, `500ms`, `0`.
struct GoDuration {
    let seconds: Double

    private static let units: [Substring: Double] = ["h": 3_600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9]

    /// nil for anything that Go would not read.
    init?(_ text: String) {
        var rest = text[...]
        let sign: Double = rest.first == "-" ? -1 : 1
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        if rest == "0" {
            seconds = 0
            return
        }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            let unit = rest.dropFirst(number.count).prefix { $0.isLetter }
            guard let value = Double(number), let factor = GoDuration.units[unit] else { return nil }
            total += value * factor
            rest = rest.dropFirst(number.count + unit.count)
        }
        seconds = sign * total
    }
}
