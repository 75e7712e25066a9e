import Documents

/// A document that can be changed and written again, for tests that vary examples.
indirect enum Draft: Equatable {
    /// As JSON writes it.
    case scalar(String)
    case list([Draft])
    case map([Entry])

    struct Entry: Equatable {
        var key: String
        var value: Draft
    }

    enum Step: Hashable {
        case key(String)
        case index(Int)
    }

    init(_ value: Value) throws(WrongType) {
        switch value.kind {
        case .mapping:
            var entries: [Entry] = []
            for entry in try value.entries() { entries.append(Entry(key: entry.key, value: try Draft(entry))) }
            self = .map(entries)
        case .sequence:
            var items: [Draft] = []
            for item in try value.items() { items.append(try Draft(item)) }
            self = .list(items)
        case .string: self = .text(value.text)
        case .integer: self = .scalar("\(try value.int() ?? 0)")
        case .float: self = .scalar(value.text)
        case .boolean: self = .scalar(try value.bool() == true ? "true" : "false")
        case .null, nil: self = .scalar("null")
        }
    }

    static func text(_ text: String) -> Draft { .scalar(quoted(text)) }

    static func map(_ entries: KeyValuePairs<String, Draft>) -> Draft {
        .map(entries.map { Entry(key: $0.key, value: $0.value) })
    }

    subscript(_ key: String) -> Draft? {
        get {
            guard case .map(let entries) = self else { return nil }
            return entries.first { $0.key == key }?.value
        }
        set {
            guard case .map(var entries) = self else { return }
            if let index = entries.firstIndex(where: { $0.key == key }) {
                if let newValue { entries[index].value = newValue } else { entries.remove(at: index) }
            } else if let newValue {
                entries.append(Entry(key: key, value: newValue))
            }
            self = .map(entries)
        }
    }

    /// The draft with what stands at the end of `path` replaced; mappings on the way that are missing are made.
    func replacing(_ path: ArraySlice<Step>, by draft: Draft) -> Draft {
        guard let step = path.first else { return draft }
        switch (step, self) {
        case (.index(let index), .list(var items)):
            items[index] = items[index].replacing(path.dropFirst(), by: draft)
            return .list(items)
        case (.key(let key), .map):
            var copy = self
            copy[key] = (self[key] ?? .map([])).replacing(path.dropFirst(), by: draft)
            return copy
        default: return self
        }
    }

    // MARK: - Text

    var json: String {
        switch self {
        case .scalar(let text): text
        case .list(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
        case .map(let entries): "{" + entries.map { Draft.quoted($0.key) + ":" + $0.value.json }.joined(separator: ",") + "}"
        }
    }

    /// Block style, with quoted keys.
    var yaml: String { lines.joined(separator: "\n") + "\n" }

    private var lines: [String] {
        switch self {
        case .list(let items) where !items.isEmpty:
            items.flatMap { item in item.lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element } }
        case .map(let entries) where !entries.isEmpty:
            entries.flatMap { entry in
                entry.value.isBlock
                    ? [Draft.quoted(entry.key) + ":"] + entry.value.lines.map { "  " + $0 } : [Draft.quoted(entry.key) + ": " + entry.value.json]
            }
        default: [json]
        }
    }

    private var isBlock: Bool {
        switch self {
        case .scalar: false
        case .list(let items): !items.isEmpty
        case .map(let entries): !entries.isEmpty
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Value {
    /// The way from `root` down to here.
    func steps(from root: Value) throws(WrongType) -> [Draft.Step] {
        var steps: [Draft.Step] = []
        var parent = root
        while parent.fieldPath != fieldPath {
            let isSequence = parent.kind == .sequence
            let children = isSequence ? Array(try parent.items()) : Array(try parent.entries())
            guard let position = children.firstIndex(where: isInside) else { break }
            steps.append(isSequence ? .index(position) : .key(children[position].key))
            parent = children[position]
        }
        return steps
    }
}
