/// An exact text, or a beginning followed by `*`. Nothing cleverer: whoever reads a model must see at a
/// glance whom a pattern lets in.
public struct Pattern: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    private let prefix: String?

    /// - Returns: nil when a `*` stands anywhere but at the end, or the text is empty.
    public init?(_ text: String) {
        guard !text.isEmpty, !text.dropLast().contains("*") else { return nil }
        description = text
        prefix = text.hasSuffix("*") ? String(text.dropLast()) : nil
    }

    public func matches(_ text: String) -> Bool {
        if let prefix { return text.utf8.starts(with: prefix.utf8) }
        return text == description
    }

    public var isExact: Bool { prefix == nil }
}
