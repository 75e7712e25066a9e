internal import Documents

/// One range of versions of a record in OSV form: what brought the fault in and what took it out again, in any order.
/// Source: https://ossf.github.io/osv-schema/#affectedranges-field
struct OSVRange {
    /// How a version stands to the range.
    enum Relation {
        case outside
        /// - Parameter fixed: the first version behind the installed one that mends it, nil when there is none.
        case inside(fixed: String?, hasEnd: Bool)
        /// Behind a fix of the range.
        case behindFix(String)
        case unknown(String)
    }

    fileprivate struct Event {
        /// In this order when two stand at one version: a range that ends where the next begins must not swallow it.
        enum Kind: Int { case fixed, introduced, lastAffected, limit }
        let kind: Kind
        let version: String
    }

    private let events: [Event]
    private let order: VersionOrder
    /// Names a version that the order does not know, if there is one.
    private let unreadable: String?

    /// - Throws: `WrongType` for events that are no mappings of strings.
    init(_ range: Value, order: VersionOrder) throws(WrongType) {
        var events: [Event] = []
        for event in try range["events"].items() {
            let fields: [(Value, Event.Kind)] = [
                (event["introduced"], .introduced), (event["fixed"], .fixed), (event["last_affected"], .lastAffected), (event["limit"], .limit),
            ]
            for (field, kind) in fields {
                if let version = try field.string() { events.append(Event(kind: kind, version: version)) }
            }
        }
        self.order = order
        unreadable = events.first { !$0.isOpenEnded && !order.reads($0.version) }?.version
        // Nothing but what can be compared is sorted.
        self.events = unreadable == nil ? events.sorted { OSVRange.isBefore($0, $1, order) } : events
    }

    private static func isBefore(_ one: Event, _ other: Event, _ order: VersionOrder) -> Bool {
        if one.isFromStart || other.isFromStart { return one.isFromStart && !other.isFromStart }
        switch order.compare(one.version, other.version) {
        case .less?: return true
        case .equal?: return one.kind.rawValue < other.kind.rawValue
        default: return false
        }
    }

    /// Whether some version mends it, or is known to lie behind it.
    var hasFix: Bool { events.contains { $0.kind == .fixed } }

    /// The first version that mends it.
    var firstFix: String? { events.first { $0.kind == .fixed }?.version }

    func relation(of version: String) -> Relation {
        if let unreadable { return .unknown("'\(unreadable)' is no version of this ecosystem") }
        guard order.reads(version) else { return .unknown("the installed version '\(version)' is no version of this ecosystem") }
        guard events.contains(where: { $0.kind == .introduced }) else { return .unknown("the range does not say where it begins") }
        var isInside = false
        var lastFix: String?
        for event in events where event.kind != .limit {
            let position = event.isFromStart ? .greater : order.compare(version, event.version) ?? .less
            switch event.kind {
            case .introduced where position != .less: isInside = true
            case .fixed where position != .less:
                isInside = false
                lastFix = event.version
            case .lastAffected where position == .greater: isInside = false
            default: break
            }
        }
        if isInside, isBehindLimits(version) { return .outside }
        guard isInside else { return lastFix.map { .behindFix($0) } ?? .outside }
        let ahead = events.first { ($0.kind == .fixed || $0.kind == .lastAffected) && !isReached($0, by: version) }
        return .inside(fixed: ahead?.kind == .fixed ? ahead?.version : nil, hasEnd: ahead != nil)
    }

    /// Whether the event takes effect at this version.
    private func isReached(_ event: Event, by version: String) -> Bool {
        let position = order.compare(version, event.version) ?? .less
        return event.kind == .lastAffected ? position == .greater : position != .less
    }

    /// The fault is looked for below a limit alone; with several, below one of them is enough.
    private func isBehindLimits(_ version: String) -> Bool {
        let limits = events.filter { $0.kind == .limit }
        return !limits.isEmpty && limits.allSatisfy { $0.version != "*" && order.compare(version, $0.version) != .less }
    }
}

extension OSVRange.Event {
    /// `0` stands for before the first version, whatever the ecosystem.
    fileprivate var isFromStart: Bool { kind == .introduced && version == "0" }
    fileprivate var isOpenEnded: Bool { isFromStart || kind == .limit && version == "*" }
}
