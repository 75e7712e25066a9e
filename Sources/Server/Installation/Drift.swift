internal import Documents
internal import FoundationEssentials

enum Base64 {
    static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}

/// Compares what is wanted with what is there. Pure.
enum Drift {
    /// What differs between an object that is wanted and the live one: `webhook pods.demarc.dev: failurePolicy`. Empty when nothing does.
    ///
    /// Our own fields must be exactly as wanted. A condition or a selector that somebody has added to a webhook stays when we apply ours, and a
    /// webhook with `matchConditions: [false]` is none: so what stands beside our fields counts as well.
    static func differences(_ wanted: OwnedObject, _ live: Value) -> [String] {
        var found: [String] = []
        let live = ManifestText(live)
        for field in wanted.exclusive {
            guard let one = wanted.manifest[field], let other = live[field] else {
                found.append(field)
                continue
            }
            found += differences(canonical(one), canonical(other), field)
        }
        // Labels and owners of others may stand beside ours.
        if let labels = wanted.manifest["metadata"]?["labels"], !isPart(labels, of: live["metadata"]?["labels"]) { found.append("metadata.labels") }
        if case .list(let owners) = wanted.manifest["metadata"]?["ownerReferences"] {
            guard case .list(let present) = live["metadata"]?["ownerReferences"],
                owners.allSatisfy({ owner in present.contains { isPart(owner, of: $0) } })
            else { return found + ["metadata.ownerReferences"] }
        }
        return found
    }

    private static func differences(_ one: ManifestText, _ other: ManifestText, _ path: String) -> [String] {
        guard one != other else { return [] }
        switch (one, other) {
        case (.map(let entries), .map(let others)):
            let keys = Set(entries.map(\.key)).union(others.map(\.key)).sorted()
            return keys.flatMap { key -> [String] in
                guard let mine = one[key], let its = other[key] else { return ["\(path).\(key)"] }
                return differences(mine, its, "\(path).\(key)")
            }
        case (.list(let items), .list(let others)):
            let (mine, its) = (named(items), named(others))
            guard mine.count == items.count, its.count == others.count else { return [path] }
            return Set(mine.keys).union(its.keys).sorted().flatMap { name -> [String] in
                guard let one = mine[name], let other = its[name] else { return ["\(path)[\(name)]"] }
                return differences(one, other, "\(path)[\(name)]")
            }
        default: return [path]
        }
    }

    /// Items by their names; fewer than there are where one has none, or two have the same.
    private static func named(_ items: [ManifestText]) -> [String: ManifestText] {
        items.reduce(into: [:]) { named, item in
            if case .text(let name) = item["name"] { named[name] = item }
        }
    }

    /// Whether each entry of a map stands in another one.
    private static func isPart(_ part: ManifestText, of whole: ManifestText?) -> Bool {
        guard case .map(let entries) = part else { return part == whole }
        return entries.allSatisfy { whole?[$0.key] == $0.value }
    }

    /// Without order where order means nothing, and without what is as good as absent.
    static func canonical(_ text: ManifestText) -> ManifestText {
        switch text {
        case .map(let entries):
            let kept = entries.map { ManifestText.Entry($0.key, canonical($0.value)) }.filter { !isEmpty($0.value) }
            return .map(kept.sorted { $0.key < $1.key })
        case .list(let items):
            let kept = items.map(canonical)
            return .list(named(kept).count == kept.count ? kept.sorted { name($0) < name($1) } : kept)
        default: return text
        }
    }

    private static func name(_ item: ManifestText) -> String {
        if case .text(let name) = item["name"] { name } else { "" }
    }

    private static func isEmpty(_ text: ManifestText) -> Bool {
        switch text {
        case .null: true
        case .map(let entries): entries.isEmpty
        case .list(let items): items.isEmpty
        default: false
        }
    }
}

extension ManifestText {
    /// The entry of a map; nil when there is none.
    subscript(_ key: String) -> ManifestText? {
        guard case .map(let entries) = self else { return nil }
        return entries.first { $0.key == key }?.value
    }
}
