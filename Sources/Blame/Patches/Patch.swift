import Access

/// What a patch request asked for. The log does not name the content type of a request, so the kind of patch is told by its body and,
/// where two kinds look alike, by the request's query.
enum Patch {
    /// RFC 6902.
    case json([FieldValue])
    /// RFC 7386.
    case merge(FieldValue)
    /// With the lists of Kubernetes' own kinds merged by their keys.
    case strategic(FieldValue, isCertain: Bool)
    /// Server-side apply: the fields that the applier wants to own.
    case apply(FieldValue)

    /// - Parameters:
    ///   - isBuiltIn: the object is of one of Kubernetes' own kinds; others know no strategic merge.
    ///   - isForced: the query says `force`, which only server-side apply may.
    init?(_ body: FieldValue, isBuiltIn: Bool, isForced: Bool) {
        if let operations = body.list {
            self = .json(operations)
            return
        }
        guard body.map != nil else { return nil }
        if isForced {
            self = .apply(body)
        } else if Patch.hasDirectives(body, depth: 0) {
            self = .strategic(body, isCertain: true)
        } else {
            // An applied configuration says of what kind it is; patches of people hardly ever do.
            let isWhole = body["apiVersion"]?.text != nil && body["kind"]?.text != nil
            self = isWhole ? .apply(body) : isBuiltIn ? .strategic(body, isCertain: !Patch.hasObjectLists(body, depth: 0)) : .merge(body)
        }
    }

    private static let deepest = 128

    private static func hasDirectives(_ value: FieldValue, depth: Int) -> Bool {
        guard depth < deepest else { return false }
        switch value {
        case .map(let map): return map.contains { $0.key.text.hasPrefix("$") || hasDirectives($0.value, depth: depth + 1) }
        case .list(let items): return items.contains { hasDirectives($0, depth: depth + 1) }
        default: return false
        }
    }

    /// Whether a merge patch, which replaces lists, and a strategic one, which merges them, would differ.
    private static func hasObjectLists(_ value: FieldValue, depth: Int) -> Bool {
        guard depth < deepest else { return true }
        switch value {
        case .map(let map): return map.values.contains { hasObjectLists($0, depth: depth + 1) }
        case .list(let items): return items.contains { $0.map != nil }
        default: return false
        }
    }

    struct Failed: Error {
        let message: String
    }

    /// The object as it is afterwards.
    func applied(to value: FieldValue) throws(Failed) -> FieldValue {
        switch self {
        case .json(let operations): try JSONPatch(operations).applied(to: value)
        case .merge(let patch): MergePatch.applied(patch, to: value)
        case .strategic(let patch, _): StrategicMerge.applied(patch, to: value, list: "")
        case .apply(let patch): StrategicMerge.applied(patch, to: value, list: "")
        }
    }
}

/// RFC 7386.
enum MergePatch {
    static func applied(_ patch: FieldValue, to value: FieldValue) -> FieldValue {
        guard let changes = patch.map else { return patch }
        var result = value.map ?? [:]
        for (key, change) in changes {
            if change == .null { result[key] = nil } else { result[key] = applied(change, to: result[key] ?? .null) }
        }
        return .map(result)
    }
}

/// A strategic merge patch (Kubernetes' API concepts, "Strategic merge patch"): as a merge patch, but lists of objects merge by their
/// keys, and directives delete or replace.
enum StrategicMerge {
    /// - Parameter list: the name of the list in which the value is an item.
    static func applied(_ patch: FieldValue, to value: FieldValue, list: String) -> FieldValue {
        guard var changes = patch.map else { return patch }
        let directive = changes.removeValue(forKey: ExactText("$patch"))?.text
        if directive == "delete" { return .null }
        var result = directive == "replace" ? [:] : value.map ?? [:]
        if let kept = changes.removeValue(forKey: ExactText("$retainKeys"))?.list {
            let names = Set(kept.compactMap { $0.text.map { ExactText($0) } })
            result = result.filter { names.contains($0.key) }
        }
        for (key, change) in changes where key.text.hasPrefix("$deleteFromPrimitiveList/") {
            let name = ExactText(String(key.text.dropFirst("$deleteFromPrimitiveList/".count)))
            let gone = Set(change.list ?? [])
            if let items = result[name]?.list { result[name] = .list(items.filter { !gone.contains($0) }) }
        }
        for (key, change) in changes where !key.text.hasPrefix("$") {
            switch change {
            case .null: result[key] = nil
            case .list(let items): result[key] = .list(merged(items, into: result[key]?.list ?? [], named: key.text))
            case .map: result[key] = applied(change, to: result[key] ?? .null, list: key.text)
            default: result[key] = change
            }
        }
        return .map(result)
    }

    /// Lists whose texts are a set, so that a patch adds to them (`x-kubernetes-patch-strategy: merge`).
    private static let sets: Set<String> = ["finalizers"]

    /// Whether a patch that names a list with these items says only which of them are meant.
    static func merges(_ patch: [FieldValue], named name: String) -> Bool {
        guard !patch.contains(where: { $0.map == nil || $0["$patch"]?.text == "replace" }) else { return false }
        return MergeKeys.patchFields(of: name, patch.filter { $0["$patch"] == nil }) != nil
    }

    private static func merged(_ patch: [FieldValue], into old: [FieldValue], named name: String) -> [FieldValue] {
        if sets.contains(name) {
            var known = Set(old)
            return old + patch.filter { known.insert($0).inserted }
        }
        let objects = patch.filter { $0.map != nil }
        if objects.contains(where: { $0["$patch"]?.text == "replace" }) { return objects.filter { $0["$patch"] == nil } }
        guard objects.count == patch.count, let fields = MergeKeys.patchFields(of: name, old + objects.filter { $0["$patch"]?.text != "delete" })
        else { return patch }
        var result = old
        var places: [ItemKey: Int] = [:]
        for (place, item) in old.enumerated() { if let key = MergeKeys.key(of: item, by: fields) { places[key] = place } }
        var gone: Set<Int> = []
        for item in objects {
            // A directive to delete names the first key alone where there are several.
            guard let key = MergeKeys.key(of: item, by: fields) ?? MergeKeys.key(of: item, by: Array(fields.prefix(1))) else { return patch }
            let isGone = item["$patch"]?.text == "delete"
            if let place = places[key] {
                if isGone { gone.insert(place) } else { result[place] = applied(item, to: result[place], list: name) }
            } else if !isGone {
                places[key] = result.count
                result.append(applied(item, to: .null, list: name))
            }
        }
        return gone.isEmpty ? result : result.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
    }
}
