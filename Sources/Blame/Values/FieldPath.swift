public import Access
import Documents

/// What tells one item of a list from the others.
public enum ItemKey: Hashable, Sendable {
    /// The values of the fields by which the API merges such lists, in the order of `MergeKeys`: `app`, or `80` and `TCP`.
    case merge([ExactText])
    /// The item itself, in a list of texts and numbers; the number tells repetitions apart.
    case scalar(ExactText, Int)
    /// Where nothing else tells items apart.
    case position(Int)

    var description: String {
        switch self {
        case .merge(let parts): parts.map { ItemKey.plain($0.text) }.joined(separator: ",")
        case .scalar(let text, 0): "=" + ItemKey.plain(text.text)
        case .scalar(let text, let number): "=" + ItemKey.plain(text.text) + "#\(number)"
        case .position(let position): "\(position)"
        }
    }

    /// Brackets inside a name would end the step.
    private static func plain(_ text: String) -> String {
        text.contains(where: { "[]\",".contains($0) }) ? ManifestText.quoted(text) : text
    }
}

public enum FieldStep: Hashable, Sendable {
    case key(ExactText)
    case item(ItemKey)
}

/// The way from an object to a value inside it, items of lists by what names them: `spec.containers[app].image`.
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    public private(set) var steps: [FieldStep]

    public init(_ steps: [FieldStep] = []) { self.steps = steps }

    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .item(let key): text += "[\(key.description)]"
            case .key(let key):
                let isPlain =
                    !key.text.isEmpty && key.text.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "[") }
                text += isPlain ? (text.isEmpty ? "" : ".") + key.text : "[\(ManifestText.quoted(key.text))]"
            }
        }
        return text
    }

    /// The place of what is missing below here, by keys with dots between them.
    public func appending(missing: String) -> FieldPath {
        FieldPath(steps + missing.split(separator: ".").map { .key(ExactText(String($0))) })
    }

    func appending(_ step: FieldStep) -> FieldPath { FieldPath(steps + [step]) }

    /// The last key, empty where there is none.
    var lastKey: String {
        for step in steps.reversed() { if case .key(let key) = step { return key.text } }
        return ""
    }

    /// Whether a field of the spec is on the way here, or this on the way to it; all that is outside of the spec is.
    func isAlong(_ field: String) -> Bool {
        guard top == "spec", steps.count > 1 else { return true }
        return steps[1] == .key(ExactText(field))
    }

    /// The first key, which says who may write there: `spec`, `status`, `metadata`.
    var top: String {
        if case .key(let key)? = steps.first { key.text } else { "" }
    }
}

/// A path as people write it. An item may be named or counted, and which of them is meant only an object can tell.
public struct FieldQuestion: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case key(String)
        case item(String)
    }

    let steps: [Step]
    public let text: String

    public struct Malformed: Error, Sendable {
        public let message: String
    }

    /// Reads `spec.template.spec.containers[app].image`, with a dot before it or not, `metadata.annotations["a.b/c"]`, `containers[0]`,
    /// and a scalar item as `capabilities.add[NET_ADMIN]`.
    public init(_ text: String) throws(Malformed) {
        self.text = text
        var steps: [Step] = []
        var rest = Substring(text.hasPrefix(".") || text.hasPrefix("$.") ? text.drop { $0 == "$" || $0 == "." } : Substring(text))
        while let first = rest.first {
            if first == "[" {
                let (step, behind) = try FieldQuestion.bracket(rest.dropFirst(), in: text)
                steps.append(step)
                rest = behind
            } else {
                let key = rest.prefix { $0 != "." && $0 != "[" }
                guard !key.isEmpty else { throw Malformed(message: "'\(text)' has a dot too many") }
                steps.append(.key(String(key)))
                rest = rest.dropFirst(key.count)
            }
            guard rest.first == "." else { continue }
            rest = rest.dropFirst()
            guard !rest.isEmpty else { throw Malformed(message: "'\(text)' ends with a dot") }
        }
        guard !steps.isEmpty else { throw Malformed(message: "a field is a path such as spec.replicas") }
        self.steps = steps
    }

    /// What stands behind an opening bracket: a key or an item in quotes, or the name of an item.
    private static func bracket(_ text: Substring, in whole: String) throws(Malformed) -> (Step, Substring) {
        guard text.first == "\"" || text.first == "'" else {
            guard let end = text.firstIndex(of: "]"), end > text.startIndex else {
                throw Malformed(message: "'\(whole)' has a bracket without its end")
            }
            return (.item(String(text[..<end])), text[text.index(after: end)...])
        }
        let quote = text.first
        let body = text.dropFirst()
        guard let end = body.firstIndex(where: { $0 == quote }), body[body.index(after: end)...].first == "]" else {
            throw Malformed(message: "'\(whole)' has a quote without its end")
        }
        return (.key(String(body[..<end])), body[body.index(after: end)...].dropFirst())
    }
}
