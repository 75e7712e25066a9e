/// Metrics as text, in the format that Prometheus calls version 0.0.4.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
public struct Exposition: Sendable {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var bytes: [UInt8] = []

    mutating func head(_ metric: some Metric) {
        bytes += "# HELP \(metric.name) ".utf8
        escape(metric.help, quotes: false)
        bytes += "\n# TYPE \(metric.name) \(metric.kind.rawValue)\n".utf8
    }

    /// One line: a name, its labels, a number.
    public mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ number: Double) {
        bytes += name.utf8
        if !labels.isEmpty {
            for (index, label) in labels.enumerated() {
                bytes += (index == 0 ? "{" : ",").utf8
                bytes += label.name.utf8
                bytes += "=\"".utf8
                escape(label.value, quotes: true)
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes += " \(Exposition.number(number))\n".utf8
    }

    /// Whole numbers without a point, as everybody writes them.
    static func number(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: number), abs(whole) < 1 << 53 { return "\(whole)" }
        return "\(number)"
    }

    private mutating func escape(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\"") where quotes: bytes += "\\\"".utf8
            default: bytes.append(byte)
            }
        }
    }
}
