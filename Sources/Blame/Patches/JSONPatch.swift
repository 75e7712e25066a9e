import Access

/// A patch of RFC 6902, applied to a value.
struct JSONPatch {
    let operations: [FieldValue]

    init(_ operations: [FieldValue]) { self.operations = operations }

    /// The API server takes 10,000 operations at most.
    private static let mostOperations = 10_000

    func applied(to value: FieldValue) throws(Patch.Failed) -> FieldValue {
        guard operations.count <= JSONPatch.mostOperations else { throw Patch.Failed(message: "more operations than the API server takes") }
        var result = value
        try applyAll(to: &result)
        return result
    }

    func applyAll(to value: inout FieldValue) throws(Patch.Failed) {
        for operation in operations { try apply(operation, to: &value) }
    }

    func apply(_ operation: FieldValue, to value: inout FieldValue) throws(Patch.Failed) {
        guard let name = operation["op"]?.text, let path = operation["path"]?.text.flatMap(JSONPatch.tokens) else {
            throw Patch.Failed(message: "an operation without op or path")
        }
        switch name {
        case "add", "replace":
            guard let new = operation["value"] else { throw Patch.Failed(message: "\(name) without a value") }
            try JSONPatch.change(&value, path[...], name == "add" ? .add(new) : .replace(new))
        case "remove": try JSONPatch.change(&value, path[...], .remove)
        case "move", "copy":
            guard let from = operation["from"]?.text.flatMap(JSONPatch.tokens), let moved = JSONPatch.value(at: from, in: value) else {
                throw Patch.Failed(message: "\(name) from where nothing is")
            }
            if name == "move" { try JSONPatch.change(&value, from[...], .remove) }
            try JSONPatch.change(&value, path[...], .add(moved))
        // The request succeeded, so what it tested was so.
        case "test": return
        default: throw Patch.Failed(message: "an operation that RFC 6902 does not have")
        }
    }

    private enum Change {
        case add(FieldValue), replace(FieldValue), remove
    }

    /// RFC 6901; nil for a text that is no pointer.
    static func tokens(_ pointer: String) -> [String]? {
        if pointer.isEmpty { return [] }
        guard pointer.hasPrefix("/") else { return nil }
        return pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
        }
    }

    static func value(at tokens: [String], in value: FieldValue) -> FieldValue? {
        var current = value
        for token in tokens {
            switch current {
            case .map(let map):
                guard let next = map[ExactText(token)] else { return nil }
                current = next
            case .list(let items):
                guard let index = index(token), items.indices.contains(index) else { return nil }
                current = items[index]
            default: return nil
            }
        }
        return current
    }

    static func index(_ token: String) -> Int? {
        token.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } && token.utf8.count < 10 ? Int(token) : nil
    }

    /// No deeper than the pointer, which cannot be deeper than the value.
    private static func change(_ value: inout FieldValue, _ tokens: ArraySlice<String>, _ change: Change) throws(Patch.Failed) {
        guard let token = tokens.first else {
            switch change {
            case .add(let new), .replace(let new): value = new
            case .remove: value = .null
            }
            return
        }
        let rest = tokens.dropFirst()
        switch value {
        case .map(var map):
            // The parts are let go first, so that a change far down copies nothing on its way.
            value = .null
            defer { value = .map(map) }
            let key = ExactText(token)
            if rest.isEmpty {
                switch change {
                case .add(let new), .replace(let new): map[key] = new
                case .remove: map[key] = nil
                }
                return
            }
            guard var inner = map[key] else { throw Patch.Failed(message: "a path that leads nowhere") }
            map[key] = FieldValue.null
            defer { map[key] = inner }
            try self.change(&inner, rest, change)
        case .list(var items):
            value = .null
            defer { value = .list(items) }
            try self.change(&items, token, rest, change)
        default: throw Patch.Failed(message: "a path through a value that holds nothing")
        }
    }

    private static func change(
        _ items: inout [FieldValue], _ token: String, _ rest: ArraySlice<String>, _ change: Change
    ) throws(Patch.Failed) {
        if rest.isEmpty, token == "-", case .add(let new) = change { return items.append(new) }
        guard let index = index(token), index <= items.count else { throw Patch.Failed(message: "a path to an item that is not there") }
        if rest.isEmpty, case .add(let new) = change { return items.insert(new, at: index) }
        guard index < items.count else { throw Patch.Failed(message: "a path to an item that is not there") }
        guard rest.isEmpty else { return try self.change(&items[index], rest, change) }
        if case .replace(let new) = change { items[index] = new } else { items.remove(at: index) }
    }
}
