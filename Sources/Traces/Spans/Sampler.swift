/// Decides which traces are kept. Pure: the same trace gets the same answer everywhere.
///
/// Names and meaning are those of `OTEL_TRACES_SAMPLER`:
/// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration
public struct Sampler: Sendable, Equatable {
    /// For traces that begin here.
    enum Root: Sendable, Equatable {
        case always, never
        /// Of so many, from 0 to 1.
        case ratio(Double)
    }

    let root: Root
    /// Whether a trace that began elsewhere goes on as it was decided there.
    let followsParent: Bool

    static let standard = Sampler(root: .always, followsParent: true)

    init(root: Root, followsParent: Bool) { (self.root, self.followsParent) = (root, followsParent) }

    /// - Parameter argument: the ratio, where the name asks for one.
    /// - Returns: nil for a name that is not known, or an argument that is no ratio.
    init?(name: String, argument: String?) {
        let prefix = "parentbased_"
        followsParent = name.hasPrefix(prefix)
        switch followsParent ? String(name.dropFirst(prefix.count)) : name {
        case "always_on": root = .always
        case "always_off": root = .never
        case "traceidratio":
            // Where no ratio is said it is 1.
            guard let argument else {
                root = .ratio(1)
                return
            }
            guard let ratio = Double(argument), (0...1).contains(ratio) else { return nil }
            root = .ratio(ratio)
        default: return nil
        }
    }

    func keeps(_ trace: TraceID, parent: SpanContext?) -> Bool {
        if followsParent, let parent { return parent.isSampled }
        switch root {
        case .always: return true
        case .never: return false
        case .ratio(let ratio):
            // The last 56 bits are the random ones; those from the threshold up are kept, so that of two ratios the larger keeps all that the
            // smaller keeps. https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
            let all = UInt64(1) << 56
            let rejected = UInt64(((1 - ratio) * Double(all)).rounded())
            return ratio > 0 && trace.low & (all - 1) >= rejected
        }
    }
}
