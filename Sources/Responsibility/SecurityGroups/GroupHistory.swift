import Documents
import Kubernetes
import Reachability

/// The changes to the security groups of an estate, in the order in which they happened.
///
/// A trail is what the cloud authenticated and wrote down. Whoever hands it over must have it from the cloud: a file proves
/// no more than that (`docs/threat-model.md`).
struct GroupHistory: Sendable {
    /// Who is the reason that a rule is there, or is not.
    enum Author: Sendable {
        /// Added it, or made it what it is.
        case wrote(GroupChange)
        /// Made the group, which came with the rule.
        case created(GroupChange)
        case removed(GroupChange)
    }

    private var changes: [GroupChange] = []
    private var byRule: [RuleKey: [Step]] = [:]
    private var byID: [IDKey: [Step]] = [:]
    private var undirected: [RuleKey: [Step]] = [:]
    private var creations: [String: Int] = [:]
    /// Events that could not be read.
    private(set) var malformed: [WrongType] = []

    var isEmpty: Bool { changes.isEmpty }

    private struct RuleKey: Hashable {
        let group: String
        let rule: GroupRule
    }

    private struct IDKey: Hashable {
        let group: String
        let id: String
    }

    private struct Step {
        /// Index into the changes.
        let change: Int
        let effect: GroupChange.Effect
    }

    init(_ inventory: Inventory) {
        // One event may be in several exports.
        var seen: Set<String> = []
        for event in inventory.objects(ofKind: CloudKind.change) where event.cloud != nil && seen.insert(event.name).inserted {
            do throws(WrongType) {
                if let change = try GroupChange(event) { changes.append(change) }
            } catch {
                malformed.append(error)
            }
        }
        // Trails promise no order. What happened in one second stays as it was read.
        changes = changes.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        for index in changes.indices { take(index) }
    }

    private mutating func take(_ index: Int) {
        let change = changes[index]
        var known: [String: GroupRule] = [:]
        for (id, rule) in change.numbered { known[id] = rule }
        for (rule, effect) in change.rules {
            byRule[RuleKey(group: change.group, rule: rule), default: []].append(Step(change: index, effect: effect))
        }
        for (id, effect) in change.ids {
            byID[IDKey(group: change.group, id: id), default: []].append(Step(change: index, effect: effect))
            // What a rule said before it was changed or removed by its id is told by the answer that numbered it.
            guard effect != .added, let rule = numbers[IDKey(group: change.group, id: id)] else { continue }
            byRule[RuleKey(group: change.group, rule: rule), default: []].append(Step(change: index, effect: .removed))
        }
        for rule in change.undirected {
            undirected[RuleKey(group: change.group, rule: rule), default: []].append(Step(change: index, effect: .changed))
        }
        for (id, rule) in known { numbers[IDKey(group: change.group, id: id)] = rule }
        if change.createsGroup, creations[change.group] == nil { creations[change.group] = index }
    }

    private var numbers: [IDKey: GroupRule] = [:]

    // MARK: - Questions

    /// Who the trail says is the reason that a rule of a group is what it is; nil when it says nothing of it.
    func author(of rule: SecurityGroupRule, in group: SecurityGroup) -> Author? {
        guard !isEmpty else { return nil }
        var steps = byRule[RuleKey(group: group.id, rule: rule.rule)] ?? []
        if !rule.id.isEmpty { steps += byID[IDKey(group: group.id, id: rule.id)] ?? [] }
        // A change of AWS names no direction: it is about this rule when the other direction has no such rule.
        let twin = rule.rule.turned
        let either = undirected[RuleKey(group: group.id, rule: rule.rule.direction == .ingress ? rule.rule : twin)] ?? []
        if !either.isEmpty, !group.rules.contains(where: { $0.rule == twin }) { steps += either }
        return author(steps.sorted { $0.change < $1.change }, rule: rule.rule, group: group)
    }

    /// Who removed a rule that a group should have; nil when the trail does not tell.
    func remover(of rule: GroupRule, in group: SecurityGroup) -> GroupChange? {
        guard case .removed(let change)? = author(byRule[RuleKey(group: group.id, rule: rule)] ?? [], rule: rule, group: group) else { return nil }
        return change
    }

    private func author(_ steps: [Step], rule: GroupRule, group: SecurityGroup) -> Author? {
        var author: Author? = rule.comesWithGroups(of: group.cloud) ? creations[group.id].map { .created(changes[$0]) } : nil
        for step in steps {
            switch (step.effect, author) {
            case (.removed, _): author = .removed(changes[step.change])
            case (.changed, _): author = .wrote(changes[step.change])
            // Adding what is there already changes nothing, and some clouds call that a success.
            case (.added, .wrote?), (.added, .created?): continue
            case (.added, _): author = .wrote(changes[step.change])
            }
        }
        return author
    }
}

extension GroupRule {
    /// The same rule in the other direction.
    fileprivate var turned: GroupRule {
        GroupRule(
            direction == .ingress ? .egress : .ingress, `protocol`, ports, peer: peer, written: peerText, isAllowing: isAllowing, priority: priority)
    }

    /// Whether a new group has this rule without anybody adding it: on AWS everything may go out over IPv4 (VPC user guide,
    /// "Security group basics").
    fileprivate func comesWithGroups(of cloud: Cloud) -> Bool {
        guard cloud == .aws, direction == .egress, `protocol` == .all, case .addresses(let range) = peer else { return false }
        return range.isEverything && !range.isIPv6
    }
}
