import Kubernetes

/// What Pods may open to each other, as their groups have it: rules name groups, or addresses that few files tell of Pods.
extension SecurityGroups {
    /// Connections that both ends let through: for certain, and if everything unknown opens. Network policies have their own
    /// say; what is really open is the intersection with theirs.
    public func connections(from source: GroupSet, to destination: GroupSet) -> (certain: ConnectionSet, possible: ConnectionSet) {
        let leaving = Admission(source, .egress, peer: destination)
        let arriving = Admission(destination, .ingress, peer: source)
        return (leaving.certain.intersection(arriving.certain), leaving.possible.intersection(arriving.possible))
    }

    /// Indexes of the objects whose Pods are in a group, and of those that nobody can tell of.
    public func members(of id: String, _ cluster: ClusterGroup) -> (known: [Int], possible: [Int]) {
        var (known, possible): ([Int], [Int]) = ([], [])
        for object in podObjects {
            let set = groups(ofObject: object, cluster)
            if set.ids.contains(id) { known.append(object) } else if set.unknown != nil { possible.append(object) }
        }
        return (known, possible)
    }
}

/// What one end lets through to, or from, the other end.
private struct Admission {
    private(set) var certain = ConnectionSet.none
    private(set) var possible = ConnectionSet.all

    /// Whether a rule is about the other end.
    private enum Match { case yes, no, unknown }

    init(_ own: GroupSet, _ direction: GroupRule.Direction, peer: GroupSet) {
        guard own.unknown == nil, let cloud = own.cloud else { return }
        if own.groups.contains(where: { $0.isOpenInside && peer.ids.contains($0.id) }) {
            // Comes before any rule (ECS 2014-05-26, `ModifySecurityGroupPolicy`).
            certain = .all
            return
        }
        let rules = own.rules(direction)
        switch cloud {
        case .aws:
            certain = Admission.union(rules, peer, isCertain: true)
            if own.isReadable(direction) { possible = Admission.union(rules, peer, isCertain: false) }
        case .alibaba:
            guard own.isReadable(direction) else { return }
            let isOpen = direction == .egress && own.kind != .enterprise
            certain = Admission.first(of: rules, peer, isCertain: true, isOpen: isOpen && own.kind == .basic)
            possible = Admission.first(of: rules, peer, isCertain: false, isOpen: isOpen)
        }
    }

    private typealias Rules = [(group: SecurityGroup, rule: SecurityGroupRule)]

    private static func union(_ rules: Rules, _ peer: GroupSet, isCertain: Bool) -> ConnectionSet {
        var connections = ConnectionSet.none
        for (group, rule) in rules where counts(rule, in: group, for: peer, isCertain) { connections.formUnion(rule.connections) }
        return connections
    }

    private static func first(of rules: Rules, _ peer: GroupSet, isCertain: Bool, isOpen: Bool) -> ConnectionSet {
        var (undecided, connections) = (ConnectionSet.all, ConnectionSet.none)
        for (group, rule) in rules where counts(rule, in: group, for: peer, isCertain) {
            let decided = undecided.intersection(rule.connections)
            if rule.rule.isAllowing { connections.formUnion(decided) }
            undecided = undecided.subtracting(decided)
        }
        return isOpen ? connections.union(undecided) : connections
    }

    /// What is unknown counts against the bound: it opens nothing for certain, and everything possibly.
    private static func counts(_ rule: SecurityGroupRule, in group: SecurityGroup, for peer: GroupSet, _ isCertain: Bool) -> Bool {
        let match = rule.isConditional && match(rule, in: group, peer) == .yes ? .unknown : match(rule, in: group, peer)
        switch match {
        case .yes: return true
        case .no: return false
        case .unknown: return rule.rule.isAllowing != isCertain
        }
    }

    private static func match(_ rule: SecurityGroupRule, in group: SecurityGroup, _ peer: GroupSet) -> Match {
        switch rule.rule.peer {
        case .addresses(let range): range.isEverything ? .yes : .unknown
        case .prefixList: .unknown
        case .itself: peer.ids.contains(group.id) ? .yes : peer.unknown == nil ? .no : .unknown
        case .group(let id): peer.ids.contains(id) ? .yes : peer.unknown == nil ? .no : .unknown
        }
    }
}
