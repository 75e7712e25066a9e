internal import Kubernetes

/// A label selector as kubectl takes it: `app=web,tier!=cache,env in (prod,stage),!legacy`.
enum SelectorArgument {
    /// - Throws: `Failure` that shows the term it could not read.
    static func parse(_ text: String) throws -> LabelSelector {
        LabelSelector(try terms(of: text).map(requirement))
    }

    /// Splits at the commas that do not stand in parentheses.
    private static func terms(of text: String) -> [String] {
        var terms: [String] = [""]
        var depth = 0
        for character in text {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if character == ",", depth == 0 { terms.append("") } else { terms[terms.count - 1].append(character) }
        }
        return terms.map(trimmed).filter { !$0.isEmpty }
    }

    private static func requirement(_ term: String) throws -> LabelSelector.Requirement {
        for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            guard let parts = split(term, at: sign) else { continue }
            return .init(key: try label(parts.0, in: term), operator: isEqual ? .in : .notIn, values: [trimmed(parts.1)])
        }
        if let (key, values) = set(term, word: " notin ") { return .init(key: try label(key, in: term), operator: .notIn, values: values) }
        if let (key, values) = set(term, word: " in ") { return .init(key: try label(key, in: term), operator: .in, values: values) }
        if term.hasPrefix("!") { return .init(key: try label(String(term.dropFirst()), in: term), operator: .doesNotExist) }
        return .init(key: try label(term, in: term), operator: .exists)
    }

    private static func set(_ term: String, word: String) -> (String, [String])? {
        guard let (key, list) = split(term, at: word), trimmed(list).hasPrefix("("), trimmed(list).hasSuffix(")") else { return nil }
        return (key, trimmed(list).dropFirst().dropLast().split(separator: ",").map { trimmed(String($0)) })
    }

    private static func split(_ term: String, at separator: String) -> (String, String)? {
        guard let range = term.firstRange(of: separator) else { return nil }
        return (String(term[..<range.lowerBound]), String(term[range.upperBound...]))
    }

    private static func label(_ text: String, in term: String) throws -> String {
        let key = trimmed(text)
        let isPlain = key.allSatisfy { $0.isLetter || $0.isNumber || "-_./".contains($0) }
        guard !key.isEmpty, isPlain else {
            throw Failure.usage("'\(term)' is no label selector; write key=value, key!=value, key in (a,b), key notin (a,b), key or !key")
        }
        return key
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
