/// A value of a TOML document, with the line it stands in.
struct TOMLValue: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        case string(String)
        case integer(Int64)
        case float(Double)
        case boolean(Bool)
        /// Dates and times keep their text.
        case time(String)
        case array([TOMLValue])
        case table(TOMLTable)
    }

    var content: Content
    /// One-based.
    let line: Int

    var string: String? { if case .string(let text) = content { text } else { nil } }
    var boolean: Bool? { if case .boolean(let flag) = content { flag } else { nil } }
    var integer: Int64? { if case .integer(let number) = content { number } else { nil } }
    var table: TOMLTable? { if case .table(let table) = content { table } else { nil } }
    var array: [TOMLValue]? { if case .array(let items) = content { items } else { nil } }

    /// Hands out the items for changing, so that nobody else holds them meanwhile: a change would copy all of them otherwise. Whoever
    /// takes them puts them back.
    mutating func takeItems() -> [TOMLValue]? {
        guard case .array(let items) = content else { return nil }
        content = .boolean(false)
        return items
    }

    /// Likewise a table's entries.
    mutating func takeTable() -> TOMLTable? {
        guard case .table(let table) = content else { return nil }
        content = .boolean(false)
        return table
    }

    /// For messages: "a string".
    var noun: String {
        switch content {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a float"
        case .boolean: "a boolean"
        case .time: "a time"
        case .array: "an array"
        case .table: "a table"
        }
    }
}

/// The entries of a table in the order they were written.
struct TOMLTable: Sendable, Equatable {
    private(set) var keys: [String] = []
    private var values: [String: TOMLValue] = [:]
    /// How the table came to be, which decides what may still be added to it.
    var origin = Origin.implied

    enum Origin: Sendable, Equatable {
        /// By the header of a table inside it.
        case implied
        /// By its own header.
        case header
        /// By a dotted key.
        case dotted
        /// In braces: complete.
        case inline
    }

    subscript(_ key: String) -> TOMLValue? {
        get { values[key] }
        set {
            if values[key] == nil, newValue != nil { keys.append(key) }
            values[key] = newValue
        }
    }

    /// Changes one value in its place: nothing else holds it meanwhile, so nothing is copied. One that throws leaves the table without it.
    mutating func change(_ key: String, _ body: (inout TOMLValue?) throws(TOMLProblem) -> Void) throws(TOMLProblem) {
        var value = values.removeValue(forKey: key)
        let isNew = value == nil
        try body(&value)
        if isNew, value != nil { keys.append(key) }
        values[key] = value
    }

    /// The value at the end of a path of tables.
    subscript(path path: [String]) -> TOMLValue? {
        guard let first = path.first, let value = values[first] else { return nil }
        return path.count == 1 ? value : value.table?[path: Array(path.dropFirst())]
    }

    /// Takes over the entries of another table, tables within tables included; the other one's values win.
    mutating func merge(_ other: TOMLTable) {
        for key in other.keys {
            guard let theirs = other[key] else { continue }
            if var own = self[key]?.table, let added = theirs.table {
                own.merge(added)
                self[key] = TOMLValue(content: .table(own), line: theirs.line)
            } else {
                self[key] = theirs
            }
        }
    }
}

/// What is wrong with a TOML document, and in which line.
struct TOMLProblem: Error, Sendable, Equatable {
    let line: Int
    let message: String
}
