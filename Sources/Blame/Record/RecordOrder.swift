import Documents

/// The order in which requests took effect. Logs are not in it: an event is written when its request has been answered, several API
/// servers write logs of their own, and files may be given in any order.
enum RecordOrder {
    /// By the time of the answer; where answers name the version of the object, by that, since clocks of servers differ.
    static func sorted(_ records: [AuditRecord]) -> [AuditRecord] {
        var sorted = records.enumerated().sorted { one, other in
            let (first, second) = (one.element, other.element)
            if first.reached != second.reached { return first.reached < second.reached }
            if first.received != second.received { return first.received < second.received }
            return one.offset < other.offset
        }.map(\.element)
        // Those with a version change places among themselves only, so that the others keep theirs.
        let places = sorted.indices.filter { version(of: sorted[$0]) != nil }
        let versioned = places.map { sorted[$0] }.enumerated().sorted { one, other in
            let (first, second) = (version(of: one.element) ?? 0, version(of: other.element) ?? 0)
            return first == second ? one.offset < other.offset : first < second
        }
        for (place, record) in zip(places, versioned) { sorted[place] = record.element }
        return sorted
    }

    /// Versions of objects grow (Kubernetes' API concepts, "Resource versions"; those of etcd are its revisions).
    static func version(of record: AuditRecord) -> UInt64? {
        guard record.succeeded, record.response.exists, let text = try? record.response["metadata"]["resourceVersion"].string() else { return nil }
        return UInt64(text)
    }
}
