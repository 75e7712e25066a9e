import Documents
import Foundation

/// The part of CEL that our expressions use, worked out the way https://github.com/google/cel-spec says: an own, second reading of the language, with
/// which a test can try them where no API server knows them. Reading a field that is missing is an error here as there.
indirect enum Expression {
    case literal(Datum)
    case name(String)
    case list([Expression])
    case field(Expression, String)
    case index(Expression, Expression)
    case has(Expression, String)
    case not(Expression)
    case binary(String, Expression, Expression)
    case choice(Expression, Expression, Expression)
    case call(Expression?, String, [Expression])

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }
}

/// A value of the language.
enum Datum: Equatable {
    case null
    case bool(Bool)
    case int(Int64)
    case string(String)
    case list([Datum])
    case map([String: Datum])

    init(_ value: Value) throws {
        switch value.kind {
        case .mapping: self = .map(try value.entries().reduce(into: [:]) { $0[$1.key] = try Datum($1) })
        case .sequence: self = .list(try value.items().map { try Datum($0) })
        case .string: self = .string(value.text)
        case .integer: self = .int(try value.int() ?? 0)
        case .boolean: self = .bool(try value.bool() ?? false)
        case .null, .float, nil: self = .null
        }
    }

    /// As an API server stores it: what is null is not there.
    var stored: Datum {
        switch self {
        case .map(let entries): .map(entries.filter { $0.value != .null }.mapValues(\.stored))
        case .list(let items): .list(items.map(\.stored))
        default: self
        }
    }
}

// MARK: - Reading

struct ExpressionReader {
    private var tokens: [String]
    private var position = 0

    static func read(_ text: String) throws -> Expression {
        var reader = ExpressionReader(tokens: try tokens(of: text))
        let expression = try reader.choice()
        guard reader.position == reader.tokens.count else { throw Expression.Fault(description: "'\(reader.peek)' is left over in \(text)") }
        return expression
    }

    private static func tokens(of text: String) throws -> [String] {
        var tokens: [String] = []
        var rest = text[...]
        while let first = rest.first {
            if first == " " {
                rest.removeFirst()
            } else if first == "\"" {
                guard let end = rest.dropFirst().firstIndex(of: "\"") else { throw Expression.Fault(description: "a text does not end: \(rest)") }
                tokens.append(String(rest[..<end]))
                rest = rest[rest.index(after: end)...]
            } else if let two = ["==", "!=", "&&", "||"].first(where: rest.hasPrefix) {
                tokens.append(two)
                rest = rest.dropFirst(2)
            } else if first.isLetter || first.isNumber || first == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                tokens.append(String(word))
                rest = rest[word.endIndex...]
            } else if "!()[].,+?:".contains(first) {
                tokens.append(String(first))
                rest.removeFirst()
            } else {
                throw Expression.Fault(description: "'\(first)' means nothing in \(text)")
            }
        }
        return tokens
    }

    private var peek: String { position < tokens.count ? tokens[position] : "" }

    private mutating func take(_ token: String) -> Bool {
        guard peek == token else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ token: String) throws {
        guard take(token) else { throw Expression.Fault(description: "'\(token)' is missing before '\(peek)'") }
    }

    private mutating func word() throws -> String {
        let word = peek
        guard word.first?.isLetter == true else { throw Expression.Fault(description: "'\(word)' is no name") }
        position += 1
        return word
    }

    private mutating func choice() throws -> Expression {
        let condition = try binary(0)
        guard take("?") else { return condition }
        let one = try choice()
        try expect(":")
        return .choice(condition, one, try choice())
    }

    private static let levels: [[String]] = [["||"], ["&&"], ["==", "!=", "in"], ["+"]]

    private mutating func binary(_ level: Int) throws -> Expression {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level + 1)
        while Self.levels[level].contains(peek) {
            let sign = peek
            position += 1
            left = .binary(sign, left, try binary(level + 1))
        }
        return left
    }

    private mutating func unary() throws -> Expression { take("!") ? .not(try unary()) : try member() }

    private mutating func member() throws -> Expression {
        var expression = try primary()
        while true {
            if take(".") {
                let name = try word()
                expression = peek == "(" ? .call(expression, name, try arguments()) : .field(expression, name)
            } else if take("[") {
                expression = .index(expression, try choice())
                try expect("]")
            } else {
                return expression
            }
        }
    }

    private mutating func arguments() throws -> [Expression] {
        try expect("(")
        var arguments: [Expression] = []
        while !take(")") {
            if !arguments.isEmpty { try expect(",") }
            arguments.append(try choice())
        }
        return arguments
    }

    private mutating func primary() throws -> Expression {
        let token = peek
        if take("(") {
            let inner = try choice()
            try expect(")")
            return inner
        }
        if take("[") {
            var items: [Expression] = []
            while !take("]") {
                if !items.isEmpty { try expect(",") }
                items.append(try choice())
            }
            return .list(items)
        }
        position += 1
        if token.hasPrefix("\"") { return .literal(.string(String(token.dropFirst()))) }
        if let number = Int64(token) { return .literal(.int(number)) }
        if token == "true" || token == "false" { return .literal(.bool(token == "true")) }
        position -= 1
        let name = try word()
        guard peek == "(" else { return .name(name) }
        let arguments = try arguments()
        guard name == "has" else { return .call(nil, name, arguments) }
        guard arguments.count == 1, case .field(let object, let field) = arguments[0] else {
            throw Expression.Fault(description: "has() wants a field")
        }
        return .has(object, field)
    }
}

// MARK: - Working out

extension Expression {
    func value(_ names: [String: Datum]) throws -> Datum {
        switch self {
        case .literal(let datum): return datum
        case .name(let name):
            guard let datum = names[name] else { throw Fault(description: "nobody knows \(name)") }
            return datum
        case .list(let items): return .list(try items.map { try $0.value(names) })
        case .field(let object, let field):
            guard case .map(let entries) = try object.value(names) else { throw Fault(description: "\(field) of something that is no map") }
            guard let datum = entries[field] else { throw Fault(description: "no such key: \(field)") }
            return datum
        case .index(let object, let index):
            guard case .map(let entries) = try object.value(names), case .string(let key) = try index.value(names), let datum = entries[key] else {
                throw Fault(description: "no such key")
            }
            return datum
        case .has(let object, let field):
            guard case .map(let entries) = try object.value(names) else { throw Fault(description: "has(\(field)) of something that is no map") }
            return .bool(entries[field] != nil)
        case .not(let inner): return .bool(try !inner.truth(names))
        case .choice(let condition, let one, let other): return try condition.truth(names) ? one.value(names) : other.value(names)
        case .binary(let sign, let one, let other): return try Self.binary(sign, one, other, names)
        case .call(let object, let name, let arguments): return try Self.call(object, name, arguments, names)
        }
    }

    func truth(_ names: [String: Datum]) throws -> Bool {
        guard case .bool(let truth) = try value(names) else { throw Fault(description: "no truth") }
        return truth
    }

    private static func binary(_ sign: String, _ one: Expression, _ other: Expression, _ names: [String: Datum]) throws -> Datum {
        switch sign {
        case "&&", "||":
            // One side that decides is enough, whichever it is; otherwise an error of either stays one.
            let deciding = sign == "||"
            let sides = [one, other].map { side in Result { try side.truth(names) } }
            if sides.contains(where: { (try? $0.get()) == deciding }) { return .bool(deciding) }
            return .bool(try sides.map { try $0.get() }.reduce(!deciding) { deciding ? $0 || $1 : $0 && $1 })
        case "==": return .bool(try one.value(names) == other.value(names))
        case "!=": return .bool(try one.value(names) != other.value(names))
        case "in":
            let item = try one.value(names)
            switch try other.value(names) {
            case .list(let items): return .bool(items.contains(item))
            case .map(let entries):
                guard case .string(let key) = item else { throw Fault(description: "no key") }
                return .bool(entries[key] != nil)
            default: throw Fault(description: "in what is no list")
            }
        default:
            guard case .list(let items) = try one.value(names), case .list(let more) = try other.value(names) else {
                throw Fault(description: "a sum of what is no list")
            }
            return .list(items + more)
        }
    }

    private static func call(_ object: Expression?, _ name: String, _ arguments: [Expression], _ names: [String: Datum]) throws -> Datum {
        if object == nil, name == "dyn", arguments.count == 1 { return try arguments[0].value(names) }
        let target = try object?.value(names)
        if name == "startsWith", case .string(let text) = target, case .string(let start) = try arguments.first?.value(names) {
            return .bool(text.hasPrefix(start))
        }
        guard name == "all", arguments.count == 2, case .name(let variable) = arguments[0] else { throw Fault(description: "nobody knows \(name)()") }
        let items: [Datum]
        switch target {
        case .list(let list): items = list
        case .map(let entries): items = entries.keys.map { .string($0) }
        default: throw Fault(description: "all() of what is no list")
        }
        let results = items.map { item in Result { try arguments[1].truth(names.merging([variable: item]) { $1 }) } }
        if results.contains(where: { (try? $0.get()) == false }) { return .bool(false) }
        return .bool(try results.allSatisfy { try $0.get() })
    }
}
