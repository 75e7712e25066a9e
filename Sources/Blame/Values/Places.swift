import Access
public import Documents
import Synchronization

/// The keys of the items of lists, each list worked out once: many findings may stand in one.
final class ListKeys: Sendable {
    private struct Place: Hashable {
        let object: ObjectName
        let source: String
        let root: Position
        let list: Position
    }

    private struct Recorded: Hashable {
        let object: ObjectName
        let list: FieldPath
    }

    private let known = Mutex<[Place: [ItemKey]]>([:])
    private let positions = Mutex<[Recorded: [ItemKey: Int]]>([:])

    /// Lists of which the keys are known.
    var count: Int { known.withLock(\.count) }

    func keys(of list: Value, named name: String, in root: Value, of object: ObjectName) -> [ItemKey] {
        let place = Place(object: object, source: root.source, root: root.position, list: list.position)
        if let keys = known.withLock({ $0[place] }) { return keys }
        let keys = FieldPath.keys(of: list, named: name)
        known.withLock { $0[place] = keys }
        return keys
    }

    /// Where an item stands in a list of the state that the record shows.
    func position(of key: ItemKey, among items: [BlamedField.Item], at list: FieldPath, of object: ObjectName) -> Int? {
        let place = Recorded(object: object, list: list)
        if let positions = positions.withLock({ $0[place] }) { return positions[key] }
        let found = Dictionary(items.enumerated().map { ($1.key, $0) }) { first, _ in first }
        positions.withLock { $0[place] = found }
        return found[key]
    }
}

extension FieldPath {
    /// The place of a value that stands in an object, items of lists by what names them.
    /// - Returns: nil for a value of another document.
    public init?(of place: Value, in root: Value) {
        self.init(of: place, in: root) { FieldPath.keys(of: $0, named: $1) }
    }

    static func keys(of list: Value, named name: String) -> [ItemKey] {
        let items = (try? list.items()).map(Array.init) ?? []
        return Advance.keys(items.map { FieldValue($0) }, name)
    }

    /// - Parameter keys: those of the items of a list of some name.
    init?(of place: Value, in root: Value, keys: (Value, String) -> [ItemKey]) {
        guard place.isInside(root) else { return nil }
        var steps: [FieldStep] = []
        var parent = root
        var list = ""
        place.walk(from: root) { step, position in
            if let position {
                let keys = keys(parent, list)
                steps.append(.item(keys.indices.contains(position) ? keys[position] : .position(position)))
                list = ""
            } else {
                steps.append(.key(ExactText(step.key)))
                list = step.key
            }
            parent = step
        }
        self.init(steps)
    }

    /// The value of an object at this place, nil where it has none.
    func value(in root: Value) -> Value? {
        var current = root
        var list = ""
        for step in steps {
            switch step {
            case .key(let key):
                current = current.entry(named: key.text)
                list = key.text
            case .item(let key):
                let items = (try? current.items()).map(Array.init) ?? []
                guard let index = Advance.keys(items.map { FieldValue($0) }, list).firstIndex(of: key) else { return nil }
                current = items[index]
                list = ""
            }
            guard current.isWritten else { return nil }
        }
        return current
    }
}

extension FieldQuestion {
    /// The place that is meant in an object.
    /// - Parameter state: tells which item a name or a number means; where it has no such item, the name is taken as it stands.
    func path(in state: BlamedField?) -> FieldPath {
        var path = FieldPath()
        var current = state
        for step in steps {
            let next: FieldStep
            switch step {
            case .key(let key): next = .key(ExactText(key))
            case .item(let text): next = .item(FieldQuestion.item(text, in: current))
            }
            path = path.appending(next)
            current = current?.child(next)
        }
        return path
    }

    private static func item(_ text: String, in list: BlamedField?) -> ItemKey {
        var removed: [ItemKey] = []
        for step in list?.removed.keys.map({ $0 }) ?? [] { if case .item(let key) = step { removed.append(key) } }
        var keys = removed
        if case .list(let items)? = list?.content { keys = items.map(\.key) + removed }
        let named = keys.first { key in
            switch key {
            case .merge(let parts): key.description == text || parts.first?.text == text
            case .scalar(let own, _): own.text == text || key.description == text
            case .position: false
            }
        }
        if let named { return named }
        guard let number = Int(text) else { return .merge([ExactText(text)]) }
        if case .list(let items)? = list?.content, items.indices.contains(number) { return items[number].key }
        return .position(number)
    }
}
