import Access
import Documents

extension Patch {
    /// How much of a patch, other than a JSON patch, its sender had to say because there was no other way to say the rest.
    /// - Parameters:
    ///   - known: the object before, as far as it is known.
    ///   - result: the object after.
    static func extent(
        of body: FieldValue, by record: AuditRecord, in name: ObjectName, from known: FieldValue?, to result: RequestResult
    ) -> Asked.Extent {
        // Who sends what only the server writes sends back an object as it was read.
        if isReadBack(body) { return .read }
        let isBuiltIn = KubernetesKinds.isBuiltIn(name.group)
        switch Patch(body, isBuiltIn: isBuiltIn, isForced: record.isForced) {
        case .apply where isBuiltIn, .strategic(_, isCertain: true): return .merged
        // A webhook may have put back what a merge patch had left out.
        case .strategic where result.isAnswer && record.webhooks.isEmpty:
            return known.map { keeps($0, body, result.value, []) } == true ? .merged : .mergedMappings
        default: return .mergedMappings
        }
    }

    /// What a client sends as a precondition (`uid`, `resourceVersion`) shows nothing.
    private static func isReadBack(_ body: FieldValue) -> Bool {
        ["creationTimestamp", "generation", "managedFields", "selfLink"].contains { key in
            body["metadata"]?[key].map { $0 != .null } ?? false
        }
    }

    /// Whether a list of objects still holds what the body does not have of it: a merge patch would have taken that away, so it was a
    /// strategic one.
    /// - Parameter keys: on the way to it.
    private static func keeps(_ old: FieldValue, _ body: FieldValue, _ new: FieldValue, _ keys: [String]) -> Bool {
        switch (old, body, new) {
        case (.map(let old), .map(let body), .map(let new)):
            return body.contains { key, value in
                guard let before = old[key], let after = new[key] else { return false }
                return keeps(before, value, after, keys + [key.text])
            }
        case (.list(let old), .list(let body), .list(let new)):
            guard let list = keys.last, StrategicMerge.merges(body, named: list) else { return false }
            var (bodies, after): ([ItemKey: FieldValue], [ItemKey: FieldValue]) = ([:], [:])
            for (key, item) in zip(Advance.keys(body, list), body) { bodies[key] = item }
            for (key, item) in zip(Advance.keys(new, list), new) { after[key] = item }
            return zip(Advance.keys(old, list), old).contains { key, item in
                guard let left = after[key] else { return false }
                return isLeft(of: item, bodies[key], in: left, keys)
            }
        default: return false
        }
    }

    /// Whether something stands in an item before and after that the body does not have, and that the server does not fill in by itself.
    private static func isLeft(of old: FieldValue, _ body: FieldValue?, in new: FieldValue, _ keys: [String]) -> Bool {
        if case .map(let old) = old, case .map(let new) = new {
            return old.contains { key, value in new[key].map { isLeft(of: value, body?[key.text], in: $0, keys + [key.text]) } ?? false }
        }
        return body == nil && old == new && old != .null && !ServerDefaults.mayMake(old, at: keys)
    }
}
