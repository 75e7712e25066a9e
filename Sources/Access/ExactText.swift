/// A text that equals only what has the same bytes, as the API server compares. To Swift, two spellings of `é` are one text, and
/// they would be one user, one role, one cached answer.
struct ExactText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (one: Self, other: Self) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }
}
