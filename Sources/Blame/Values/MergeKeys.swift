import Access

/// By what items of a list are told apart, so that their order does not matter.
///
/// The fields are those by which the API merges lists (`x-kubernetes-list-map-keys` and `x-kubernetes-patch-merge-key` of its OpenAPI
/// document); a list that has none of these names is compared item by item.
enum MergeKeys {
    /// By the name of the list. Where a list of this name in another place lacks the fields, they do not count.
    private static let fields: [String: [[String]]] = [
        "containers": [["name"]], "initContainers": [["name"]], "ephemeralContainers": [["name"]], "volumes": [["name"]], "env": [["name"]],
        "imagePullSecrets": [["name"]], "volumeMounts": [["mountPath"]], "volumeDevices": [["devicePath"]],
        // Of a container, then of a Service.
        "ports": [["containerPort", "protocol"], ["containerPort"], ["port", "protocol"], ["port"]],
        "hostAliases": [["ip"]], "topologySpreadConstraints": [["topologyKey", "whenUnsatisfiable"]], "resourceClaims": [["name"]],
        "conditions": [["type"]], "ownerReferences": [["uid"]], "podIPs": [["ip"]], "hostIPs": [["ip"]], "secrets": [["name"]],
        "containerStatuses": [["name"]], "initContainerStatuses": [["name"]], "ephemeralContainerStatuses": [["name"]],
        "webhooks": [["name"]], "versions": [["name"]], "sysctls": [["name"]], "taints": [["key", "effect"]],
    ]

    /// - Returns: the key of each item; nil where the items are not told apart by fields of theirs.
    static func keys(of items: [FieldValue], in list: String) -> [ItemKey]? {
        for candidate in (fields[list] ?? []) + [["name"]] {
            if let keys = keys(of: items, by: candidate) { return keys }
        }
        return nil
    }

    /// Lists whose items have keys, and that are replaced as a whole all the same (`+listType=atomic` in the types of the API).
    private static let atomic: Set<String> = [
        "versions", "taints", "sysctls", "containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses",
    ]

    /// The fields by which a list merges; nil for one that is replaced as a whole.
    static func patchFields(of list: String, _ items: [FieldValue]) -> [String]? {
        guard !atomic.contains(list), let candidates = fields[list] else { return nil }
        return candidates.first { fields in items.allSatisfy { item in fields.allSatisfy { item[$0] != nil } } } ?? candidates.last
    }

    private static func keys(of items: [FieldValue], by fields: [String]) -> [ItemKey]? {
        var seen: Set<ItemKey> = []
        var keys: [ItemKey] = []
        keys.reserveCapacity(items.count)
        for item in items {
            guard let key = key(of: item, by: fields), seen.insert(key).inserted else { return nil }
            keys.append(key)
        }
        return keys
    }

    static func key(of item: FieldValue, by fields: [String]) -> ItemKey? {
        var parts: [ExactText] = []
        for field in fields {
            switch item[field] {
            case .string(let text): parts.append(text)
            case .number(let digits): parts.append(ExactText(digits))
            default: return nil
            }
        }
        return .merge(parts)
    }

    /// Items of a list of texts, numbers and booleans by themselves; nil when one is a container.
    static func scalars(_ items: [FieldValue]) -> [ItemKey]? {
        var counts: [ExactText: Int] = [:]
        var keys: [ItemKey] = []
        keys.reserveCapacity(items.count)
        for item in items {
            guard !item.isContainer else { return nil }
            let text = ExactText(item.text ?? item.summary())
            let number = counts[text, default: 0]
            counts[text] = number + 1
            keys.append(.scalar(text, number))
        }
        return keys
    }
}
