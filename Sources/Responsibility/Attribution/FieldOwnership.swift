import Documents

/// One entry of `metadata.managedFields`: which client wrote which fields, as the API server keeps it. The
/// name of the manager is what the client called itself.
struct FieldManager {
    let name: String
    /// `Apply` or `Update`.
    let operation: String
    /// RFC 3339, empty when the record has none.
    let time: String
    let subresource: String
    fileprivate let fields: Value

    /// `kubectl-edit (Update, 2026-03-01T10:00:00Z)`
    var description: String { "\(name) (\(operation)\(subresource.isEmpty ? "" : " of \(subresource)")\(time.isEmpty ? "" : ", \(time)"))" }
}

/// The managers of one object.
struct FieldOwnership {
    private let managers: [FieldManager]
    private let root: Value
    /// The record is there but cannot be read; it then says nothing.
    let isMalformed: Bool

    /// Tables of long lists, made when first asked for.
    private let items = NamedItems()

    var isEmpty: Bool { managers.isEmpty && !isMalformed }

    var all: [FieldManager] { managers }

    private static let mostManagers = 100

    init(of root: Value) {
        self.root = root
        let list = root["metadata"]["managedFields"]
        guard list.exists else {
            managers = []
            isMalformed = false
            return
        }
        // The API server keeps ten clients that update, and nobody lets a hundred apply. Each finding asks each manager.
        guard list.count <= FieldOwnership.mostManagers else {
            managers = []
            isMalformed = true
            return
        }
        do {
            managers = try list.items().map { entry throws(WrongType) in
                FieldManager(
                    name: try entry["manager"].string() ?? "", operation: try entry["operation"].string() ?? "",
                    time: try entry["time"].string() ?? "", subresource: try entry["subresource"].string() ?? "", fields: entry["fieldsV1"])
            }
            isMalformed = false
        } catch {
            managers = []
            isMalformed = true
        }
    }

    /// The manager that owns the value at a place, the latest writer when several own it together.
    func owner(of place: Value) -> FieldManager? {
        var owner: FieldManager?
        for manager in managers where owns(manager, place) {
            if let known = owner, !isLater(manager.time, than: known.time) { continue }
            owner = manager
        }
        return owner
    }

    private func isLater(_ one: String, than other: String) -> Bool {
        guard let one = Timestamp(one) else { return false }
        guard let other = Timestamp(other) else { return true }
        return one > other
    }

    /// Follows the steps of the place through the manager's set. A set that ends above the place owns all
    /// that lies below: lists and structures the API treats as one.
    private func owns(_ manager: FieldManager, _ place: Value) -> Bool {
        var node = manager.fields
        var isOwned = node.exists
        var isWhole = false
        place.walk(from: root) { step, position in
            guard isOwned, !isWhole else { return }
            let next = child(of: node, for: step, position: position)
            if let next {
                node = next
            } else if node.count == 0 {
                isWhole = true
            } else {
                isOwned = false
            }
        }
        return isOwned
    }

    private func child(of node: Value, for step: Value, position: Int?) -> Value? {
        guard let position else {
            let child = node.entry(named: "f:" + step.key)
            return child.isWritten ? child : nil
        }
        guard let entries = try? node.entries() else { return nil }
        if node.count > NamedItems.shortList, let named = items.entry(of: node, for: step) { return named }
        for entry in entries where FieldOwnership.isNamed(entry, step) ?? FieldOwnership.identifies(entry.key, step, position) { return entry }
        return nil
    }

    /// The key almost every item has, `k:{"name":"app"}`, compared byte by byte.
    /// - Returns: nil when the key is another one, or holds an escape, so that it has to be read as JSON.
    private static func isNamed(_ entry: Value, _ item: Value) -> Bool? {
        let opening: StaticString = "k:{\"name\":\""
        return entry.withKey { key -> Bool? in
            opening.withUTF8Buffer { opening -> Bool? in
                guard key.count >= opening.count + 2, key[..<opening.count].elementsEqual(opening), key[key.count - 1] == UInt8(ascii: "}"),
                    key[key.count - 2] == UInt8(ascii: "\"")
                else { return nil }
                let name = key[opening.count..<key.count - 2]
                guard !name.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else { return nil }
                return item.kind == .mapping && item["name"].kind == .string && item["name"].withText { $0.elementsEqual(name) }
            }
        }
    }

    /// Whether a key of a set names this item: `k:{"name":"app"}`, `v:"NET_ADMIN"`, `i:0`.
    private static func identifies(_ key: String, _ item: Value, _ position: Int) -> Bool {
        let content = String(key.dropFirst(2))
        if key.hasPrefix("i:") { return content == String(position) }
        guard key.hasPrefix("k:") || key.hasPrefix("v:") else { return false }
        // A bare scalar is no document for every reader of JSON, so it is wrapped into a list.
        let parsed = DocumentTree.parse(Array("[\(content)]".utf8), source: "fieldsV1", syntax: .json)
        guard parsed.problems.isEmpty, let named = try? parsed.tree.roots.first?.items(), let value = Array(named).first else { return false }
        if key.hasPrefix("v:") { return value.kind == item.kind && value.text == item.text }
        guard let parts = try? value.entries(), !parts.isEmpty else { return false }
        return parts.allSatisfy { part in
            let field = item.entry(named: part.key)
            return field.exists && field.text == part.text
        }
    }
}
