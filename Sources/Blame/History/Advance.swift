import Access

/// Takes a value on to the state that a request left behind: what stays keeps its author, what differs gets a new one.
struct Advance {
    /// Says who is the author of what differs at a place.
    let origin: (FieldPath, Asked, Difference.Kind) -> Authorship
    private(set) var differences: [Difference] = []
    /// All of them, also those that were too many to keep.
    private(set) var count = 0

    static let keptDifferences = 200
    /// Removals that are remembered of one container.
    private static let keptRemovals = 256

    init(_ origin: @escaping (FieldPath, Asked, Difference.Kind) -> Authorship) { self.origin = origin }

    /// - Parameter list: the name under which the value stands, which tells how the items of a list are told apart.
    mutating func advance(_ old: BlamedField?, to new: FieldValue, _ asked: Asked, at path: FieldPath = FieldPath(), list: String = "") -> BlamedField
    {
        guard let old else {
            let made = make(new, asked, .added, at: path, list: list)
            note(path, nil, new, made.origin, asked)
            return made
        }
        switch (old.content, new) {
        case (.scalar(let value), _) where value == new: return old
        case (.map(let map), .map(let entries)): return advance(old, map, to: entries, asked, at: path)
        case (.list(let items), .list(let values)): return advance(old, items, to: values, asked, at: path, list: list)
        default:
            let made = make(new, asked, .changed, at: path, list: list)
            note(path, old.plain, new, made.origin, asked)
            return made
        }
    }

    private mutating func note(_ path: FieldPath, _ old: FieldValue?, _ new: FieldValue?, _ origin: Authorship, _ asked: Asked) {
        // What was there before is no change.
        if case .before = origin { return }
        count += 1
        guard differences.count < Advance.keptDifferences else { return }
        differences.append(Difference(path: path, old: old, new: new, origin: origin, wasAsked: asked.names(new)))
    }

    /// A value that was not there before, all of it of one author but for what the body did not have.
    private func make(_ value: FieldValue, _ asked: Asked, _ kind: Difference.Kind, at path: FieldPath, list: String) -> BlamedField {
        let content: BlamedField.Content
        switch value {
        case .map(let map):
            var fields: [ExactText: BlamedField] = [:]
            fields.reserveCapacity(map.count)
            for (key, value) in map { fields[key] = make(value, asked.child(key), kind, at: path.appending(.key(key)), list: key.text) }
            content = .map(fields)
        case .list(let items):
            let keys = Advance.keys(items, list)
            let theirs = Advance.bodies(items, keys, asked, list)
            let asked = asked.items(of: list)
            content = .list(
                items.indices.map { index in
                    let child = asked.item(keys[index], mine: theirs[index])
                    return BlamedField.Item(
                        key: keys[index], field: make(items[index], child, kind, at: path.appending(.item(keys[index])), list: ""))
                })
        default: content = .scalar(value)
        }
        return BlamedField(content, origin: origin(path, asked, kind), wasAsked: asked.names(value))
    }

    // MARK: - Mappings

    private mutating func advance(
        _ old: BlamedField, _ map: [ExactText: BlamedField], to entries: [ExactText: FieldValue], _ asked: Asked, at path: FieldPath
    ) -> BlamedField {
        var result = old
        var fields: [ExactText: BlamedField] = [:]
        fields.reserveCapacity(entries.count)
        for (key, value) in entries.sorted(by: { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }) {
            fields[key] = advance(map[key], to: value, asked.child(key), at: path.appending(.key(key)), list: key.text)
            result.removed[.key(key)] = nil
        }
        for (key, field) in map where entries[key] == nil { remove(field, .key(key), from: &result, asked.child(key), at: path) }
        result.content = .map(fields)
        return result
    }

    private mutating func remove(_ field: BlamedField, _ step: FieldStep, from result: inout BlamedField, _ asked: Asked, at path: FieldPath) {
        let place = path.appending(step)
        let origin = origin(place, asked, .removed)
        note(place, field.plain, nil, origin, asked)
        if result.removed.count < Advance.keptRemovals || result.removed[step] != nil { result.removed[step] = origin }
    }

    // MARK: - Lists

    private mutating func advance(
        _ old: BlamedField, _ items: [BlamedField.Item], to values: [FieldValue], _ asked: Asked, at path: FieldPath, list: String
    ) -> BlamedField {
        var result = old
        let keys = Advance.keys(values, list)
        let theirs = Advance.bodies(values, keys, asked, list)
        let deleted = asked.deletedItems(list)
        let asked = asked.items(of: list)
        let (pairs, rest) = Advance.pairs(items, values, keys)
        result.content = .list(
            values.indices.map { index in
                let place = path.appending(.item(keys[index]))
                result.removed[.item(keys[index])] = nil
                let child = asked.item(keys[index], mine: theirs[index])
                return BlamedField.Item(key: keys[index], field: advance(pairs[index].map { items[$0].field }, to: values[index], child, at: place))
            })
        for index in rest {
            let key = items[index].key
            remove(items[index].field, .item(key), from: &result, deleted.contains(key) ? .value(.null, .own) : .nothing, at: path)
        }
        return result
    }

    static func keys(_ items: [FieldValue], _ list: String) -> [ItemKey] {
        MergeKeys.keys(of: items, in: list) ?? MergeKeys.scalars(items) ?? items.indices.map { .position($0) }
    }

    /// Which old item each new one is the continuation of, and the old ones that are gone: by their keys; where these are mere
    /// positions, what is equal first, and the others in their order.
    private static func pairs(_ old: [BlamedField.Item], _ new: [FieldValue], _ keys: [ItemKey]) -> (pairs: [Int?], rest: [Int]) {
        var pairs = [Int?](repeating: nil, count: new.count)
        var isUsed = [Bool](repeating: false, count: old.count)
        var byKey: [ItemKey: Int] = [:]
        for (index, item) in old.enumerated() { if case .position = item.key { continue } else { byKey[item.key] = index } }
        for (index, key) in keys.enumerated() {
            guard let found = byKey[key], !isUsed[found] else { continue }
            (pairs[index], isUsed[found]) = (found, true)
        }
        if isUsed.contains(false), pairs.contains(where: { $0 == nil }) {
            var equal: [FieldValue: [Int]] = [:]
            for index in old.indices.reversed() where !isUsed[index] { equal[old[index].field.plain, default: []].append(index) }
            for index in new.indices where pairs[index] == nil {
                guard let found = equal[new[index]]?.popLast() else { continue }
                (pairs[index], isUsed[found]) = (found, true)
            }
            // Only what nothing names may be the same item with other content.
            var free = old.indices.filter { index in
                if case .position = old[index].key { return !isUsed[index] }
                return false
            }[...]
            for index in new.indices where pairs[index] == nil {
                guard case .position = keys[index], let found = free.popFirst() else { continue }
                (pairs[index], isUsed[found]) = (found, true)
            }
        }
        return (pairs, old.indices.filter { !isUsed[$0] })
    }

    /// What the body of the request has for each item.
    static func bodies(_ items: [FieldValue], _ keys: [ItemKey], _ asked: Asked, _ list: String) -> [FieldValue?] {
        guard case .value(.list(let bodies), _) = asked, !bodies.isEmpty else { return [FieldValue?](repeating: nil, count: items.count) }
        // Directives of a patch are no items.
        let named = bodies.filter { $0["$patch"] == nil }
        var byKey: [ItemKey: FieldValue] = [:]
        for (key, body) in zip(Advance.keys(named, list), named) { byKey[key] = body }
        let equal = Set(named)
        return zip(keys, items).map { key, item in
            if case .position = key { return equal.contains(item) ? item : byKey[key] }
            if case .merge(let parts) = key, parts.count > 1 { return byKey[key] ?? byKey[.merge(Array(parts.prefix(1)))] }
            return byKey[key]
        }
    }
}
