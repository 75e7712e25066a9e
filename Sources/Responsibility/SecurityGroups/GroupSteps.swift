import Controls
import Documents
import Kubernetes
import Reachability

/// What an attributor knows of security groups: what they are, and what happened to them.
struct GroupEvidence: Sendable {
    let groups: SecurityGroups
    let history: GroupHistory

    /// nil for an estate without a record of a group.
    init?(_ inventory: Inventory) {
        guard inventory.contains(kind: CloudKind.securityGroup) || inventory.contains(kind: CloudKind.rule) else { return nil }
        groups = inventory.analysis(SecurityGroups.self)
        guard !groups.isEmpty else { return nil }
        history = GroupHistory(inventory)
    }

    /// The group that a finding is about, and the rule where it is about one.
    func subject(of place: Value, _ object: KubernetesObject) -> (group: SecurityGroup, rule: SecurityGroupRule?)? {
        switch object.kind {
        case CloudKind.rule: return groups.row(object.name).map { ($0.group, $0.rule) }
        case CloudKind.securityGroup:
            guard let group = groups.group(object.name) else { return nil }
            return (group, group.rule(at: place))
        default: return nil
        }
    }
}

extension Attributor {
    /// Provenance of one rule of a security group: the trail, then what only the platform can write, then what the model says the
    /// platform creates. Nothing that a customer can write (name, description, tags) moves a rule to the provider.
    ///
    /// - Returns: nil when nothing of this decides; the steps behind it then do.
    func groupStep(_ finding: Finding, _ record: (place: Value, object: KubernetesObject), _ chain: inout Chain) -> Attribution? {
        guard let evidence = groupEvidence, let (group, rule) = evidence.subject(of: record.place, record.object) else {
            chain.note("provenance: no rule of a described group stands here")
            return nil
        }
        if let rule {
            if let attribution = trailStep(rule, group, evidence.history, &chain) { return attribution }
        } else if let missing = requiredRule(finding) {
            return missingRuleStep(missing, group, evidence.history, &chain)
        } else {
            chain.note("provenance: the finding is about the group, not about a rule of it")
        }
        if group.isManaged, model.securityGroups.marks.contains(.managed) {
            return chain.decide(
                "provenance: the cloud says that a service of the platform keeps \(group.id) and nobody else may change it", party: .provider,
                basis: .provenance, strength: .recorded)
        }
        return rule.flatMap { defaultStep($0, group, &chain) }
    }

    /// Who the trail says wrote the rule.
    private func trailStep(
        _ rule: SecurityGroupRule, _ group: SecurityGroup, _ history: GroupHistory, _ chain: inout Chain
    ) -> Attribution? {
        switch history.author(of: rule, in: group) {
        case .wrote(let change)?: return decide(by: change, GroupWords.wrote, &chain)
        case .created(let change)?: return decide(by: change, GroupWords.created, &chain)
        case .removed(let change)?:
            chain.note("provenance: \(change.words) removed such a rule; who added it again is not in the trail")
        case nil:
            chain.note(history.isEmpty ? GroupWords.noTrail : "provenance: the trail has no event that wrote the rule")
        }
        return nil
    }

    private func decide(by change: GroupChange, _ deed: String, _ chain: inout Chain) -> Attribution? {
        guard !change.identity.names.isEmpty else {
            chain.note("provenance: \(change.words) \(deed), but does not say who made it")
            return nil
        }
        let text = "provenance: \(change.words) by \(change.identity) \(deed)"
        guard let principal = model.principal(change.identity) else {
            // Whoever acts in an account and is none of the platform's is one of the people who own the account.
            return chain.decide(
                text + "; the model knows no such identity of the platform", party: .customer, principal: change.identity.description,
                basis: .provenance, strength: .proven)
        }
        let doubt = principal.isAssumable ? "; whoever administers the account can act as it too" : ""
        return chain.decide(
            "\(text); \(principal.name) is \(principal.party.possessive)\(doubt)", party: principal.party, principal: change.identity.description,
            basis: .provenance, strength: principal.isAssumable ? .presumed : .proven)
    }

    /// The rule that a finding misses, by the name the control gave it.
    func requiredRule(_ finding: Finding) -> PlatformGroups.Rule? {
        model.securityGroups.rules.first { $0.isRequired && $0.rule.description == finding.value }
    }

    private func missingRuleStep(
        _ missing: PlatformGroups.Rule, _ group: SecurityGroup, _ history: GroupHistory, _ chain: inout Chain
    ) -> Attribution {
        if let change = history.remover(of: missing.rule, in: group), let attribution = decide(by: change, GroupWords.removed, &chain) {
            return attribution
        }
        chain.note(history.isEmpty ? GroupWords.noTrail : "provenance: the trail has no event that removed the rule")
        return chain.decide(
            "origin: the platform creates the rule (\(missing.title)); somebody of the account must have removed it", party: .customer,
            basis: .origin, strength: .presumed)
    }

    /// What the model says of rules that nobody is known to have written.
    private func defaultStep(_ rule: SecurityGroupRule, _ group: SecurityGroup, _ chain: inout Chain) -> Attribution? {
        let platform = model.securityGroups
        guard !platform.isEmpty else {
            chain.note("origin: the model does not say which rules the platform creates")
            return nil
        }
        let known = platform.rules.first { $0.rule.isLike(rule.rule) }
        let mark = platform.marks.first { group.carries($0) }
        if let known, let mark {
            return chain.decide(
                "origin: \(known.title): the rule is as the platform creates it, and \(mark), which only the platform can write, marks the group",
                party: .provider, basis: .origin, strength: .presumed)
        }
        if let known {
            chain.note(
                "origin: the rule looks like one of the platform's (\(known.title)), but nothing that only the platform can write marks the group")
        }
        return chain.decide(
            "origin: the platform creates no such rule on groups of its own; somebody of the account added it", party: .customer, basis: .origin,
            strength: .presumed)
    }
}

enum GroupWords {
    static let wrote = "wrote the rule"
    static let created = "made the group, which comes with the rule"
    static let removed = "removed the rule"
    static let noTrail = "provenance: no trail of changes to groups is in the estate"
}

extension GroupChange {
    /// `event 3f1c… (AuthorizeSecurityGroupIngress, 2026-05-01T10:00:00Z)`
    var words: String { "event \(id) (\(name), \(time))" }
}
