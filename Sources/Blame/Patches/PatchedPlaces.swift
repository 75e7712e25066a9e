import Access

extension JSONPatch {
    /// Following indexes through lists that grow and shrink costs the square of the operations; nobody patches by hand like that.
    private static let mostFollowed = 1_000

    /// The places that the patch sets or removes. What it tests or copies from is none, and of items of lists only those count whose
    /// index means the same in the state before and in the answer.
    /// - Parameters:
    ///   - value: the object before; nil where it is not wholly known.
    ///   - answer: the object after; nil where only the patch is known.
    func places(in value: FieldValue?, answer: FieldValue?) -> [Asked.Target] {
        guard operations.count <= JSONPatch.mostFollowed else { return [] }
        guard let value, let answer else { return namedPlaces }
        var current = value
        var pointers = Pointers()
        for operation in operations {
            do throws(Patch.Failed) {
                try pointers.follow(operation, in: current)
                try apply(operation, to: &current)
            } catch {
                return []
            }
        }
        var keys = Keys()
        var targets: [Asked.Target] = []
        for set in pointers.set {
            guard let value = JSONPatch.value(at: set.pointer, in: current), let steps = keys.steps(set.pointer, in: current, "patched"),
                steps == keys.steps(set.pointer, in: answer, "answer"), JSONPatch.agree(current, answer, on: set.pointer, steps)
            else { continue }
            targets.append(Asked.Target(steps: steps[...], value: value, extent: JSONPatch.extent(value, isInserted: set.isInserted)))
        }
        for pointer in pointers.removed where JSONPatch.value(at: pointer, in: current) == nil {
            guard let last = pointer.last, let above = keys.steps(Array(pointer.dropLast()), in: current, "patched"),
                above == keys.steps(Array(pointer.dropLast()), in: answer, "answer"),
                JSONPatch.agree(current, answer, on: Array(pointer.dropLast()), above)
            else { continue }
            targets.append(Asked.Target(steps: (above + [.key(ExactText(last))])[...], value: .null))
        }
        return targets
    }

    /// Of items that have no key a number says which is meant, and only what stands there says whether it means the same in the answer.
    private static func agree(_ patched: FieldValue, _ answer: FieldValue, on pointer: [String], _ steps: [FieldStep]) -> Bool {
        for (depth, step) in steps.enumerated() {
            guard case .item(.position) = step else { continue }
            let item = Array(pointer.prefix(depth + 1))
            guard let one = JSONPatch.value(at: item, in: patched), let other = JSONPatch.value(at: item, in: answer) else { return false }
            return isSame(one, other)
        }
        return true
    }

    /// Whether a value is another one, but for what the server has filled in.
    private static func isSame(_ value: FieldValue, _ stored: FieldValue) -> Bool {
        switch (value, stored) {
        case (.map(let map), .map(let filled)):
            return map.allSatisfy { key, value in filled[key].map { isSame(value, $0) } ?? false }
                && filled.allSatisfy { key, value in map[key] != nil || ServerDefaults.mayMake(value, at: [key.text]) }
        case (.list(let items), .list(let filled)): return items.count == filled.count && zip(items, filled).allSatisfy(isSame)
        default: return value == stored
        }
    }

    /// An item that comes into a list is new. What is put elsewhere replaces what was there, with all that its sender has read of it.
    private static func extent(_ value: FieldValue, isInserted: Bool) -> Asked.Extent { isInserted || !value.isContainer ? .own : .whole }

    /// Where the state is not known: values that are given and lie in no list.
    private var namedPlaces: [Asked.Target] {
        var targets: [Asked.Target] = []
        for operation in operations {
            guard let name = operation["op"]?.text, name != "test", let tokens = operation["path"]?.text.flatMap(JSONPatch.tokens),
                tokens.allSatisfy({ $0 != "-" && JSONPatch.index($0) == nil })
            else { continue }
            let steps = tokens.map { FieldStep.key(ExactText($0)) }
            // What an earlier operation did there or below does not stand any more.
            targets.removeAll { $0.steps.starts(with: steps) }
            if name == "remove" {
                targets.append(Asked.Target(steps: steps[...], value: .null))
            } else if name == "add" || name == "replace", let value = operation["value"] {
                targets.append(Asked.Target(steps: steps[...], value: value, extent: JSONPatch.extent(value, isInserted: false)))
            }
        }
        return targets
    }

    /// Pointers as they are after the operations so far.
    private struct Pointers {
        var set: [(pointer: [String], isInserted: Bool)] = []
        /// Of mappings only.
        var removed: [[String]] = []

        mutating func follow(_ operation: FieldValue, in value: FieldValue) throws(Patch.Failed) {
            guard let name = operation["op"]?.text, var path = operation["path"]?.text.flatMap(JSONPatch.tokens) else {
                throw Patch.Failed(message: "an operation without op or path")
            }
            guard name != "test" else { return }
            var counts = value
            if name == "move" {
                guard let from = operation["from"]?.text.flatMap(JSONPatch.tokens) else { throw Patch.Failed(message: "move from nowhere") }
                remove(from, in: value)
                try JSONPatch([.map([ExactText("op"): .string(ExactText("remove")), ExactText("path"): operation["from"] ?? .null])])
                    .applyAll(to: &counts)
            }
            if name == "remove" { return remove(path, in: value) }
            let items = JSONPatch.value(at: Array(path.dropLast()), in: counts)?.list
            if let items, path.last == "-" { path[path.count - 1] = String(items.count) }
            let isInserted = items != nil && name != "replace"
            if isInserted { shift(path, by: 1) }
            set.removeAll { $0.pointer.starts(with: path) }
            set.append((path, isInserted))
        }

        private mutating func remove(_ path: [String], in value: FieldValue) {
            set.removeAll { $0.pointer.starts(with: path) }
            if JSONPatch.value(at: Array(path.dropLast()), in: value)?.list != nil { shift(path, by: -1) } else { removed.append(path) }
        }

        /// Items behind one that came or went have other numbers.
        private mutating func shift(_ path: [String], by step: Int) {
            guard let last = path.last.flatMap(JSONPatch.index) else { return }
            let (depth, above) = (path.count - 1, path.dropLast())
            func moved(_ pointer: [String]) -> [String] {
                guard pointer.count > depth, pointer.starts(with: above), let index = JSONPatch.index(pointer[depth]), index >= last else {
                    return pointer
                }
                var pointer = pointer
                pointer[depth] = String(index + step)
                return pointer
            }
            set = set.map { (moved($0.pointer), $0.isInserted) }
            removed = removed.map(moved)
        }
    }

    /// The keys of the items of each list, worked out once.
    private struct Keys {
        private var known: [[String]: [ItemKey]] = [:]

        /// nil for a way that leads nowhere.
        mutating func steps(_ pointer: [String], in root: FieldValue, _ name: String) -> [FieldStep]? {
            var (current, steps, list) = (root, [FieldStep](), "")
            for (depth, token) in pointer.enumerated() {
                switch current {
                case .map(let map):
                    steps.append(.key(ExactText(token)))
                    list = token
                    if let next = map[ExactText(token)] { current = next } else { return depth == pointer.count - 1 ? steps : nil }
                case .list(let items):
                    let place = [name] + pointer.prefix(depth)
                    let keys = known[place] ?? Advance.keys(items, list)
                    known[place] = keys
                    guard let index = JSONPatch.index(token), items.indices.contains(index) else { return nil }
                    steps.append(.item(keys[index]))
                    (current, list) = (items[index], "")
                default: return nil
                }
            }
            return steps
        }
    }
}
