/// The RBAC authorizer once more, written from Kubernetes' documentation ("Using RBAC Authorization") for clearness alone: no
/// index, no sharing with what is tested.
struct ReferenceAuthorizer {
    let objects: [RBACObject]

    func allows(_ question: RBACQuestion) -> Bool {
        if question.groups.contains("system:masters") { return true }
        return objects.contains { binding in
            guard let role = binding.roleRef, binding.kind.hasSuffix("Binding") else { return false }
            let isEverywhere = binding.kind == "ClusterRoleBinding"
            guard isEverywhere || question.url == nil && question.namespace == binding.metadata.namespace else { return false }
            guard (binding.subjects ?? []).contains(where: { isNamed(question, by: $0, in: binding.metadata.namespace ?? "") }) else { return false }
            return rules(of: role, for: binding).contains { allows(question, by: $0) }
        }
    }

    private func same(_ one: String, _ other: String) -> Bool { Array(one.utf8) == Array(other.utf8) }

    private func isNamed(_ question: RBACQuestion, by subject: RBACObject.Subject, in namespace: String) -> Bool {
        switch subject.kind {
        case "User": return same(subject.name, question.user)
        case "Group": return question.groups.contains { same(subject.name, $0) }
        default:
            let home = subject.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? namespace
            return !home.isEmpty && same("system:serviceaccount:\(home):\(subject.name)", question.user)
        }
    }

    private func rules(of role: RBACObject.RoleRef, for binding: RBACObject) -> [RBACObject.Rule] {
        let found = objects.first {
            $0.kind == role.kind && same($0.metadata.name, role.name)
                && (role.kind == "ClusterRole" || $0.metadata.namespace == binding.metadata.namespace)
        }
        return found.map { rules(of: $0, above: []) } ?? []
    }

    /// An aggregated role has the rules of those its selectors choose, and none of its own.
    private func rules(of role: RBACObject, above: [String]) -> [RBACObject.Rule] {
        guard let selectors = role.aggregationRule?.clusterRoleSelectors else { return role.rules ?? [] }
        let chosen = objects.filter { other in
            other.kind == "ClusterRole" && !([role.metadata.name] + above).contains(other.metadata.name)
                && selectors.contains { matches($0, other.metadata.labels ?? [:]) }
        }
        return chosen.flatMap { rules(of: $0, above: above + [role.metadata.name]) }
    }

    private func matches(_ selector: RBACObject.Selector, _ labels: [String: String]) -> Bool {
        (selector.matchLabels ?? [:]).allSatisfy { labels[$0] == $1 }
            && (selector.matchExpressions ?? []).allSatisfy { expression in
                let value = labels[expression.key]
                switch expression.operator {
                case "In": return value.map((expression.values ?? []).contains) ?? false
                case "NotIn": return !(value.map((expression.values ?? []).contains) ?? false)
                case "Exists": return value != nil
                default: return value == nil
                }
            }
    }

    private func allows(_ question: RBACQuestion, by rule: RBACObject.Rule) -> Bool {
        func holds(_ list: [String]?, _ text: String) -> Bool { (list ?? []).contains { $0 == "*" || same($0, text) } }
        guard holds(rule.verbs, question.verb) else { return false }
        if let url = question.url {
            return (rule.nonResourceURLs ?? []).contains { pattern in
                guard pattern.hasSuffix("*") else { return same(pattern, url) }
                let prefix = String(pattern.reversed().drop { $0 == "*" }.reversed())
                return Array(url.utf8).starts(with: Array(prefix.utf8))
            }
        }
        let path = question.subresource.isEmpty ? question.resource : "\(question.resource)/\(question.subresource)"
        let below = "*/\(question.subresource)"
        return holds(rule.apiGroups, question.group)
            && (rule.resources ?? []).contains { $0 == "*" || same($0, path) || !question.subresource.isEmpty && same($0, below) }
            && ((rule.resourceNames ?? []).isEmpty || (rule.resourceNames ?? []).contains { same($0, question.name) })
    }
}
