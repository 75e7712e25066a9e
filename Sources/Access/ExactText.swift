/// A text that equals only what has the same bytes, as the API server compares. To Swift, two spellings of `é` are one text, and
/// they would be one user, one role, one cached answer.
public struct ExactText: Hashable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    public static func == (one: Self, other: Self) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }
}
