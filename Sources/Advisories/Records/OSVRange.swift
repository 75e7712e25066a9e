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
        /// nil for what is open to one side.
        let parsed: ParsedVersion?
    }

    private let events: [Event]
    private let order: VersionOrder
    /// Names a version that the order does not know, if there is one.
    private let unreadable: String?

    /// - Throws: `WrongType` for events that are no mappings of strings.
    init(_ range: Value, order: VersionOrder) throws(WrongType) {
        var events: [Event] = []
        var unreadable: String?
        for event in try range["events"].items() {
            let fields: [(Value, Event.Kind)] = [
                (event["introduced"], .introduced), (event["fixed"], .fixed), (event["last_affected"], .lastAffected), (event["limit"], .limit),
            ]
            for (field, kind) in fields {
                guard let version = try field.string() else { continue }
                let isOpenEnded = kind == .introduced && version == "0" || kind == .limit && version == "*"
                let parsed = isOpenEnded ? nil : order.parse(version)
                if parsed == nil, !isOpenEnded { unreadable = unreadable ?? version }
                events.append(Event(kind: kind, version: version, parsed: parsed))
            }
        }
        self.order = order
        self.unreadable = unreadable
        // Nothing but what can be compared is sorted.
        self.events = unreadable == nil ? events.sorted(by: OSVRange.isBefore) : events
    }

    private static func isBefore(_ one: Event, _ other: Event) -> Bool {
        guard let left = one.parsed, let right = other.parsed else {
            let (first, second) = (one.isFromStart, other.isFromStart)
            // A limit without a bound comes last.
            return first != second ? first : one.parsed != nil && other.parsed == nil
        }
        switch left.order(to: right) {
        case .less: return true
        case .equal: return one.kind.rawValue < other.kind.rawValue
        case .greater: return false
        }
    }

    /// The first version that mends it.
    var firstFix: String? { events.first { $0.kind == .fixed }?.version }

    func relation(of version: String) -> Relation {
        if let unreadable { return .unknown("'\(unreadable)' is no version of this ecosystem") }
        guard let own = order.parse(version) else { return .unknown("the installed version '\(version)' is no version of this ecosystem") }
        guard events.contains(where: { $0.kind == .introduced }) else { return .unknown("the range does not say where it begins") }
        var isInside = false
        var lastFix: String?
        for event in events where event.kind != .limit && event.isReached(by: own) {
            isInside = event.kind == .introduced
            if event.kind == .fixed { lastFix = event.version }
        }
        if isInside, isBehindLimits(own) { return .outside }
        guard isInside else { return lastFix.map { .behindFix($0) } ?? .outside }
        let ahead = events.first { ($0.kind == .fixed || $0.kind == .lastAffected) && !$0.isReached(by: own) }
        return .inside(fixed: ahead?.kind == .fixed ? ahead?.version : nil, hasEnd: ahead != nil)
    }

    /// The fault is looked for below a limit alone; with several, below one of them is enough.
    private func isBehindLimits(_ version: ParsedVersion) -> Bool {
        let limits = events.filter { $0.kind == .limit }
        return !limits.isEmpty && limits.allSatisfy { limit in limit.parsed.map { version.order(to: $0) != .less } ?? false }
    }
}

extension OSVRange.Event {
    /// `0` stands for before the first version, whatever the ecosystem.
    fileprivate var isFromStart: Bool { kind == .introduced && parsed == nil }

    /// Whether the event takes effect at this version.
    fileprivate func isReached(by version: ParsedVersion) -> Bool {
        guard let parsed else { return isFromStart }
        let order = version.order(to: parsed)
        return kind == .lastAffected ? order == .greater : order != .less
    }
}
