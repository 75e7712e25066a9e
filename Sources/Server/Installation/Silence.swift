public import Documents
public import Kubernetes

/// A time in which no replica answered, as far as anybody can tell afterwards.
public struct Silence: Sendable, Hashable, CustomStringConvertible {
    /// The last sign of life before it.
    public var start: Timestamp
    /// The first one after it.
    public var end: Timestamp

    public init(start: Timestamp, end: Timestamp) { (self.start, self.end) = (start, end) }

    /// An interval of ISO 8601.
    public var description: String { "\(start)/\(end)" }

    init?(_ text: Substring) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Timestamp(String(parts[0])), let end = Timestamp(String(parts[1])), start <= end else { return nil }
        self.init(start: start, end: end)
    }
}

/// Signs of life, and the gaps between them. Pure.
struct SilenceLog: Sendable, Equatable {
    /// Silence for longer than this is a gap.
    var tolerance: Int64 = 45
    /// Beyond it the two oldest become one that covers both: too much is looked at again rather than too little.
    var limit = 64
    private(set) var last: Timestamp?
    private(set) var silences: [Silence] = []

    init(last: Timestamp? = nil, silences: [Silence] = []) { (self.last, self.silences) = (last, silences) }

    /// - Returns: the gap that this sign ends.
    mutating func beat(at now: Timestamp) -> Silence? {
        defer { last = max(last ?? now, now) }
        guard let last, last.seconds(to: now) > tolerance else { return nil }
        let silence = Silence(start: last, end: now)
        silences.append(silence)
        if silences.count > limit, limit >= 2 {
            let oldest = silences.removeFirst()
            silences[0] = Silence(start: min(oldest.start, silences[0].start), end: max(oldest.end, silences[0].end))
        }
        return silence
    }
}

/// An object that came or changed in a silence, and so past the review.
public struct UnreviewedChange: Sendable, Hashable {
    public enum What: Sendable, Hashable {
        case created
        /// Changed through this program, by its own word.
        case changed(manager: String)
    }

    public var what: What
    public var at: Timestamp
    public var silence: Silence
}

extension Silence {
    static let reason = "no replica of the webhook gave a sign of life"

    /// The changes of an object that no review can have seen.
    ///
    /// `managedFields` keeps the last time of each manager only. So a change in a silence that the same manager has followed by another
    /// one is not found; the object was reviewed as a whole by then.
    public static func unreviewed(_ object: KubernetesObject, in silences: [Silence], margin: Int64 = 5) throws(WrongType) -> [UnreviewedChange] {
        guard !silences.isEmpty else { return [] }
        func silence(of time: Timestamp) -> Silence? {
            silences.first { $0.start.advanced(bySeconds: -margin) <= time && time <= $0.end.advanced(bySeconds: margin) }
        }
        var changes: [UnreviewedChange] = []
        let metadata = object.root["metadata"]
        if let created = try metadata["creationTimestamp"].string().flatMap({ Timestamp($0) }), let silence = silence(of: created) {
            changes.append(UnreviewedChange(what: .created, at: created, silence: silence))
        }
        for entry in try metadata["managedFields"].items() {
            guard let time = try entry["time"].string().flatMap({ Timestamp($0) }), let silence = silence(of: time), try !isOnlyStatus(entry),
                !changes.contains(where: { $0.what == .created && $0.at == time })
            else { continue }
            changes.append(UnreviewedChange(what: .changed(manager: try entry["manager"].string() ?? ""), at: time, silence: silence))
        }
        return changes
    }

    /// Status is no matter of a review. Before 1.22 an entry does not name its subresource, so its fields tell.
    private static func isOnlyStatus(_ entry: Value) throws(WrongType) -> Bool {
        if try entry["subresource"].equals("status") { return true }
        let fields = try entry["fieldsV1"].entries().map(\.key)
        return !fields.isEmpty && fields.allSatisfy { $0 == "f:status" }
    }
}
