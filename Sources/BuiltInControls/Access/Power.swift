import Controls
import Documents
import Kubernetes

/// Something dangerous that a rule may allow, as controls on roles look for it.
struct Power: Sendable {
    /// What a list of resource names in the rule does to the danger.
    enum Names: Sendable {
        /// The rule is then about objects somebody chose, which is the remedy.
        case spare
        /// One object of the kind is as dangerous as all.
        case count
        /// Only these objects are dangerous.
        case only([String])
    }

    let resources: [APIResource]
    let verbs: [String]
    let names: Names

    init(_ verbs: [String], _ resources: [APIResource], names: Names = .spare) {
        self.verbs = verbs
        self.resources = resources
        self.names = names
    }

    /// The verbs of a rule that allow this, as written; empty when none does.
    func verbs(of rule: PolicyRule) throws(WrongType) -> [Value] {
        guard try appliesToNames(of: rule) else { return [] }
        var found: [Value] = []
        let isNamed = try rule.hasResourceNames
        for item in try rule.verbs.items() {
            if try item.equals("*") {
                found.append(item)
            } else {
                for verb in verbs where try item.isText(verb) && !(isNamed && isNameless(verb)) { found.append(item) }
            }
        }
        return found
    }

    /// Whether verbs and groups of a rule touch this power at all: the cheap question that most rules end at.
    func concerns(_ rule: PolicyRule) throws(WrongType) -> Bool {
        guard try hasVerb(rule) else { return false }
        var previous: String?
        for resource in resources where resource.group != previous {
            if try rule.coversGroup(resource.group) { return true }
            previous = resource.group
        }
        return false
    }

    private func hasVerb(_ rule: PolicyRule) throws(WrongType) -> Bool {
        for item in try rule.verbs.items() {
            if try item.equals("*") { return true }
            for verb in verbs where try item.isText(verb) { return true }
        }
        return false
    }

    /// Requests to create an object or to delete a collection carry no name, so a rule with names never
    /// allows them; creating a subresource (`pods/exec`) does carry one.
    private func isNameless(_ verb: String) -> Bool {
        verb == "deletecollection" || verb == "create" && resources.allSatisfy { $0.subresource.isEmpty }
    }

    private func appliesToNames(of rule: PolicyRule) throws(WrongType) -> Bool {
        guard try rule.hasResourceNames else { return true }
        switch names {
        case .spare: return false
        case .count: return true
        case .only(let dangerous):
            for name in dangerous where try rule.coversName(name) { return true }
            return false
        }
    }

    /// Whether an item of the rule's resources, in one of its groups, is among those of this power.
    func covers(_ item: Value, of rule: PolicyRule, isRole: Bool) throws(WrongType) -> Bool {
        for resource in resources where !(isRole && resource.isClusterScoped) {
            if try PolicyRule.item(item, covers: resource), try rule.coversGroup(resource.group) { return true }
        }
        return false
    }

    /// Whether a rule allows any of this.
    func isAllowed(by rule: PolicyRule, inRole isRole: Bool = false) throws(WrongType) -> Bool {
        for item in try rule.resources.items() where try covers(item, of: rule, isRole: isRole) {
            return !(try verbs(of: rule).isEmpty)
        }
        return false
    }
}

extension Check {
    static let roleKinds = ["Role", "ClusterRole"]
    static let bindingKinds = ["RoleBinding", "ClusterRoleBinding"]

    /// A check that fails at each resource (or at each verb) by which a rule allows one of the powers.
    ///
    /// A rule that allows everything is left to `full-access-cluster-roles` and `full-access-roles`: one
    /// finding says it better than thirty. Such a role is not applicable here, not passed.
    /// What the API server's own default roles hold is not applicable either (`BootstrapRoles`).
    static func powers(in span: Span = .anywhere, at place: Place = .resource, _ powers: Power...) -> Check {
        rules { rule, role, report throws(WrongType) in
            if try report.judge(rule, of: role, at: place, span, powers) { report.notApplicable() }
        }
    }

    /// A check of every rule that neither allows everything nor belongs to another group's kind.
    static func rules(
        _ kinds: [String] = roleKinds, _ judge: @escaping @Sendable (PolicyRule, KubernetesObject, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects(kinds) { role, report throws(WrongType) in
            guard role.isRBAC else { return report.notApplicable() }
            for node in try role.root["rules"].items() {
                let rule = try PolicyRule(node)
                if try rule.isAdministrative { report.notApplicable() } else { try judge(rule, role, &report) }
            }
        }
    }

    /// A check of one kind for rules that allow everything, each named by its wildcard resource.
    static func fullAccess(_ kind: String) -> Check {
        .objects([kind]) { role, report throws(WrongType) in
            guard role.isRBAC else { return report.notApplicable() }
            for node in try role.root["rules"].items() {
                let rule = try PolicyRule(node)
                guard try rule.isAdministrative else { continue }
                if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
                for item in try rule.resources.items() where try item.equals("*") {
                    let place = role.namespace.isEmpty ? "" : " in namespace '\(role.namespace)'"
                    let reach = report.reachText(role)
                    report.fail(item, "\(kind) '\(role.name)' allows everything\(place)\(reach)", value: "* *")
                    break
                }
            }
        }
    }

    /// Which item of a rule a finding names.
    enum Place: Sendable { case resource, verb }

    /// How far a role must reach to be judged. A ClusterRole that nothing binds may reach everywhere.
    enum Span: Sendable {
        case anywhere, cluster, namespaces

        func includes(_ reach: Reach) -> Bool {
            switch (self, reach) {
            case (.anywhere, _), (.cluster, .cluster), (.cluster, .unbound), (.namespaces, .namespaces): true
            default: false
            }
        }
    }
}

extension Report {
    /// Fails at what a rule allows of these powers.
    /// - Returns: true when nothing failed since the rule is the API server's own or the role reaches elsewhere.
    fileprivate mutating func judge(
        _ rule: PolicyRule, of role: KubernetesObject, at place: Check.Place, _ span: Check.Span, _ powers: [Power]
    ) throws(WrongType) -> Bool {
        var isConcerned = false
        for power in powers where try power.concerns(rule) { isConcerned = true }
        // Fields that are not read here for that reason are read by `wildcard-resources` and its kin, so a
        // field of the wrong type still becomes a gap.
        guard isConcerned else { return false }
        let isRole = role.kind == "Role"
        for item in try rule.resources.items() {
            for power in powers where try power.covers(item, of: rule, isRole: isRole) {
                let verbs = try power.verbs(of: rule)
                if verbs.isEmpty { continue }
                if !span.includes(inventory.reach(of: role)) { return true }
                if try BootstrapRoles.holds(rule, in: role) { return true }
                switch place {
                case .resource: failPower(item, role, verbs, item)
                case .verb: for verb in verbs { failPower(verb, role, [verb], item) }
                }
                break
            }
        }
        return false
    }

    private mutating func failPower(_ place: Value, _ role: KubernetesObject, _ verbs: [Value], _ resource: Value) {
        let verbs = verbs.map(\.text).joined(separator: ",")
        let reach = reachText(role)
        fail(place, "\(role.kind) '\(role.name)' allows \(verbs) on \(resource.text)\(reach)", value: "\(verbs) \(resource.text)")
    }

    /// Who makes use of a role, for the end of a message.
    func reachText(_ role: KubernetesObject) -> String {
        if let (first, count) = inventory.firstBinding(of: role) {
            return "; \(first.displayName) binds it" + (count > 1 ? ", and \(count - 1) more" : "")
        }
        // The API server copies the rules of such a role into others, which may be bound.
        if hasAggregationLabel(role) { return "; its labels add it to other roles" }
        return "; nothing in the estate binds it"
    }

    private func hasAggregationLabel(_ role: KubernetesObject) -> Bool {
        guard let labels = try? role.labels.entries() else { return false }
        return labels.contains { $0.key.utf8.starts(with: "rbac.authorization.k8s.io/aggregate-to-".utf8) }
    }
}
