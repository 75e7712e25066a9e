public import Documents
import Kubernetes

/// The groups of one network interface, as far as they are known.
public struct GroupSet: Sendable {
    /// Ids, in the order in which they are named.
    public let ids: [String]
    /// Those of them that the estate describes.
    public let groups: [SecurityGroup]
    /// Why nobody can say which groups these are; nil when it is known.
    public let unknown: String?
    /// Where the groups are named, nil for those of the cluster.
    public let place: Value?

    /// Ids that the estate does not describe.
    public var missing: [String] { ids.filter { id in !groups.contains { $0.id == id } } }

    /// Whether no rule that counts is left unknown.
    func isReadable(_ direction: GroupRule.Direction) -> Bool {
        unknown == nil && groups.count == ids.count && groups.allSatisfy { $0.isReadable(direction) } && cloud != nil
    }

    /// nil when there is none, or more than one.
    var cloud: Cloud? {
        guard let first = groups.first?.cloud, groups.allSatisfy({ $0.cloud == first }) else { return nil }
        return first
    }

    /// The type of all groups, nil when it differs or is not known.
    var kind: SecurityGroup.Kind? {
        guard let first = groups.first?.kind, groups.allSatisfy({ $0.kind == first }) else { return nil }
        return first
    }

    /// The rules of a direction in the order in which they are asked.
    ///
    /// Alibaba Cloud puts the rules of all groups together and sorts them by priority, among equals those that drop first (ECS,
    /// "Security group rules"). On AWS every rule allows, so that the order is of no meaning.
    func rules(_ direction: GroupRule.Direction) -> [(group: SecurityGroup, rule: SecurityGroupRule)] {
        let all = groups.flatMap { group in
            group.rules.lazy.filter { $0.rule.direction == direction }.prefix(SecurityGroup.mostRules).map { (group, $0) }
        }
        return all.enumerated().sorted { one, other in
            let (first, second) = (one.element.1.rule, other.element.1.rule)
            if first.priority != second.priority { return first.priority < second.priority }
            if first.isAllowing != second.isAllowing { return !first.isAllowing }
            return one.offset < other.offset
        }.map(\.element)
    }
}

/// What the groups of an interface let through in one direction, as two bounds: what is open for certain, and what is open if
/// everything that cannot be seen opens. Between them lies what nobody can know from here.
struct GroupFilter: Sendable {
    let certain: Relation<AddressSet>
    let possible: Relation<AddressSet>

    private static let nothing = Relation<AddressSet>()
    private static let everything = Relation<AddressSet>(.everything, .all)

    init(_ set: GroupSet, _ direction: GroupRule.Direction) {
        guard set.unknown == nil, let cloud = set.cloud else {
            (certain, possible) = (GroupFilter.nothing, GroupFilter.everything)
            return
        }
        let rules = set.rules(direction)
        let isKnown = set.isReadable(direction)
        switch cloud {
        case .aws:
            // Rules only add: what one that is known opens, none that is unknown can close.
            certain = GroupFilter.union(rules, isCertain: true)
            possible = isKnown ? GroupFilter.union(rules, isCertain: false) : GroupFilter.everything
        case .alibaba:
            guard isKnown else {
                (certain, possible) = (GroupFilter.nothing, GroupFilter.everything)
                return
            }
            // What no rule is about: to a group of either type nobody comes in from outside; from a basic one everything may go out.
            let isOpen = direction == .egress && set.kind != .enterprise
            certain = GroupFilter.first(of: rules, isCertain: true, isOpen: isOpen && set.kind == .basic)
            possible = GroupFilter.first(of: rules, isCertain: false, isOpen: isOpen)
        }
    }

    private typealias Rules = [(group: SecurityGroup, rule: SecurityGroupRule)]

    private static func union(_ rules: Rules, isCertain: Bool) -> Relation<AddressSet> {
        Relation(
            allowing: rules.compactMap { _, rule in
                region(of: rule, isCertain: isCertain).map { Relation<AddressSet>.Part(region: $0, connections: rule.connections) }
            })
    }

    /// The first rule that matches decides.
    private static func first(of rules: Rules, isCertain: Bool, isOpen: Bool) -> Relation<AddressSet> {
        var decisions = Decisions(in: AddressSet.everything)
        for (_, rule) in rules {
            guard let region = region(of: rule, isCertain: isCertain), !region.isEmpty, !rule.connections.isEmpty else { continue }
            decisions.apply([Decisions.Rule(action: rule.rule.isAllowing ? .allow : .deny, region: region, connections: rule.connections)])
        }
        return isOpen ? decisions.open : decisions.isolated(allowing: Relation())
    }

    /// The addresses for which a rule counts under a bound; nil when it does not count at all. Whatever is unknown of a rule
    /// that allows opens nothing for certain and everything possibly; of one that drops, the other way round.
    private static func region(of rule: SecurityGroupRule, isCertain: Bool) -> AddressSet? {
        let counts = rule.rule.isAllowing != isCertain
        if rule.isConditional, !counts { return nil }
        return rule.addresses ?? (counts ? .everything : nil)
    }
}
