/// A minor version of Kubernetes, `1.36`.
public struct KubernetesVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let major: Int
    public let minor: Int

    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.36`, `v1.36.2`, `1.36+`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.drop { $0 == "v" }.split(separator: ".")
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1].prefix { $0.isASCII && $0.isNumber }), major == 1, minor >= 0
        else { return nil }
        self.init(major, minor)
    }

    public static let newest = KubernetesVersion(1, 37)

    public var description: String { "\(major).\(minor)" }

    public static func < (one: Self, other: Self) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }
}
