import Documents

/// The entries of long field sets by the name of the item they stand for. A list of ten thousand containers with as many
/// findings on each would otherwise be searched from its beginning for every finding.
final class NamedItems {
    /// Up to here a search is as fast as a table.
    static let shortList = 32

    private var tables: [Int: [String: Value]] = [:]

    /// - Returns: the entry `k:{"name":"…"}` of a set for this item; nil when there is none of this very form, so that
    ///   the set has to be searched.
    func entry(of set: Value, for item: Value) -> Value? {
        guard item.kind == .mapping, let name = try? item["name"].string() else { return nil }
        if let table = tables[set.identity] { return table[name] }
        let table = NamedItems.table(of: set)
        tables[set.identity] = table
        return table[name]
    }

    private static func table(of set: Value) -> [String: Value] {
        let opening = "k:{\"name\":\""
        var table: [String: Value] = [:]
        for entry in (try? set.entries()).map(Array.init) ?? [] {
            let key = entry.key
            guard key.hasPrefix(opening), key.hasSuffix("\"}"), key.utf8.count >= opening.utf8.count + 2 else { continue }
            let name = key.dropFirst(opening.count).dropLast(2)
            guard !name.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else { continue }
            if table[String(name)] == nil { table[String(name)] = entry }
        }
        return table
    }
}
