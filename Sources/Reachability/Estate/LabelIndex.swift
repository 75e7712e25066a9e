import Kubernetes

/// Numbered things by their labels, so that a selector is answered by a few operations on sets and not by a walk.
struct LabelIndex {
    private struct Key {
        var any = BitSet()
        var byValue: [String: BitSet] = [:]
    }

    private var keys: [String: Key] = [:]

    /// - Parameter number: cheapest when numbers come ascending.
    mutating func insert(_ number: Int, key: String, value: String) {
        keys[key, default: Key()].any.insert(number)
        keys[key, default: Key()].byValue[value, default: BitSet()].insert(number)
    }

    func select(_ selector: LabelSelector, among all: BitSet) -> BitSet {
        var selected = all
        for requirement in selector.requirements {
            let key = keys[requirement.key] ?? Key()
            switch requirement.operator {
            case .in: selected = selected.intersection(LabelIndex.union(requirement.values, of: key))
            case .notIn: selected = selected.subtracting(LabelIndex.union(requirement.values, of: key))
            case .exists: selected = selected.intersection(key.any)
            case .doesNotExist: selected = selected.subtracting(key.any)
            }
        }
        return selected
    }

    private static func union(_ values: [String], of key: Key) -> BitSet {
        values.reduce(into: BitSet()) { union, value in
            if let found = key.byValue[value] { union.formUnion(found) }
        }
    }
}
