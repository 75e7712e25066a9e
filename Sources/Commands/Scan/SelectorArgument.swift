internal import Kubernetes

/// A label selector as kubectl takes it: `app=web,tier!=cache,env in (prod,stage),!legacy`.
enum SelectorArgument {
    /// - Throws: `Failure` that shows the term it could not read. What kubectl refuses is refused here, since a selector
    ///   that quietly matches nothing would leave everything unjudged.
    static func parse(_ text: String) throws -> LabelSelector {
        LabelSelector(try terms(of: text).map(requirement))
    }

    /// Splits at the commas that do not stand in parentheses.
    private static func terms(of text: String) -> [String] {
        guard !trimmed(text).isEmpty else { return [] }
        var terms: [String] = [""]
        var depth = 0
        for character in text {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if character == ",", depth == 0 { terms.append("") } else { terms[terms.count - 1].append(character) }
        }
        return terms.map(trimmed)
    }

    private static func requirement(_ term: String) throws -> LabelSelector.Requirement {
        if let open = term.firstIndex(of: "(") { return try set(term, open) }
        for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            guard let range = term.firstRange(of: sign) else { continue }
            let value = try label(String(term[range.upperBound...]), in: term, isKey: false)
            return .init(
                key: try label(String(term[..<range.lowerBound]), in: term), operator: isEqual ? .in : .notIn, values: [value])
        }
        if term.hasPrefix("!") { return .init(key: try label(String(term.dropFirst()), in: term), operator: .doesNotExist) }
        return .init(key: try label(term, in: term), operator: .exists)
    }

    /// `key in (a, b)` and `key notin (a, b)`; the space before the parenthesis may be missing.
    private static func set(_ term: String, _ open: String.Index) throws -> LabelSelector.Requirement {
        let words = term[..<open].split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[1] == "in" || words[1] == "notin", term.hasSuffix(")") else { throw unreadable(term) }
        let list = term[term.index(after: open)...].dropLast()
        let values = try list.split(separator: ",", omittingEmptySubsequences: false).map { try label(String($0), in: term, isKey: false) }
        return .init(key: try label(String(words[0]), in: term), operator: words[1] == "in" ? .in : .notIn, values: values)
    }

    /// A key, or a value, which may be empty and has no `/`.
    private static func label(_ text: String, in term: String, isKey: Bool = true) throws -> String {
        let text = trimmed(text)
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            case UInt8(ascii: "/"): isKey
            default: false
            }
        }
        guard isPlain, !isKey || !text.isEmpty else { throw unreadable(term) }
        return text
    }

    private static func unreadable(_ term: String) -> Failure {
        Failure.usage("'\(term)' is no label selector; write key=value, key!=value, key in (a,b), key notin (a,b), key or !key")
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
