public import Access

/// Which request made a value what it is, as far as the record tells. Numbers are those of `ObjectHistory.changes`.
public enum Authorship: Hashable, Sendable {
    /// This one, and the record shows it.
    case change(Int)
    /// It was there when the record begins; the number is of the request whose answer first shows it.
    case before(Int)
    /// One of these, or one that is not in the record where that is `incomplete`; the last one shows it.
    case among([Int], incomplete: Bool)

    /// The latest request that has to do with it.
    public var latest: Int {
        switch self {
        case .change(let number), .before(let number): number
        case .among(let numbers, _): numbers.last ?? 0
        }
    }

    /// A request that is not in the record may have been the one.
    public var isIncomplete: Bool { if case .among(_, incomplete: true) = self { true } else { false } }

    public var isProven: Bool { if case .change = self { true } else { false } }
}

/// A value with, at each place inside it, the request that wrote it.
public struct BlamedField: Sendable {
    public indirect enum Content: Sendable {
        case scalar(FieldValue)
        case map([ExactText: BlamedField])
        case list([Item])
    }

    public struct Item: Sendable {
        public let key: ItemKey
        public var field: BlamedField
    }

    public var content: Content
    /// Of a container: who put it there, whatever became of its parts.
    public var origin: Authorship
    /// Whether the body of that request had the value. If not, a default or an admission plugin added it.
    public var wasAsked: Bool
    /// Who removed what is not here any more.
    public var removed: [FieldStep: Authorship] = [:]

    init(_ content: Content, origin: Authorship, wasAsked: Bool) {
        (self.content, self.origin, self.wasAsked) = (content, origin, wasAsked)
    }

    /// The value by itself.
    public var plain: FieldValue {
        switch content {
        case .scalar(let value): value
        case .map(let map): .map(map.mapValues(\.plain))
        case .list(let items): .list(items.map(\.field.plain))
        }
    }

    public func child(_ step: FieldStep) -> BlamedField? {
        switch (step, content) {
        case (.key(let key), .map(let map)): map[key]
        case (.item(let key), .list(let items)): items.first { $0.key == key }?.field
        default: nil
        }
    }

    /// Calls `body` for each value that has no parts, empty containers included.
    public func forEachLeaf(_ path: FieldPath = FieldPath(), _ body: (FieldPath, BlamedField) -> Void) {
        switch content {
        case .map(let map) where !map.isEmpty:
            for (key, field) in map.sorted(by: { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }) {
                field.forEachLeaf(path.appending(.key(key)), body)
            }
        case .list(let items) where !items.isEmpty:
            for item in items { item.field.forEachLeaf(path.appending(.item(item.key)), body) }
        default: body(path, self)
        }
    }

    /// The requests that the value here is the work of, the latest first; of one request what is not proven to be its work.
    public var origins: [Authorship] {
        var all: Set<Authorship> = []
        forEachLeaf { all.insert($1.origin) }
        return all.sorted { one, other in
            if one.latest != other.latest { return one.latest > other.latest }
            return one.isProven == other.isProven ? !one.isIncomplete && other.isIncomplete : !one.isProven
        }
    }
}

/// One value that a request changed.
public struct Difference: Sendable {
    enum Kind {
        case added, changed, removed
    }

    public let path: FieldPath
    /// nil where nothing was.
    public let old: FieldValue?
    /// nil where nothing is any more.
    public let new: FieldValue?
    public let origin: Authorship
    public let wasAsked: Bool
}
