import Documents
import Kubernetes

/// A rule as lists, the part of a written one that is left.
public struct RemainingRule: Hashable, Sendable {
    public let verbs: [String]
    public let apiGroups: [String]
    public let resources: [String]
    public let resourceNames: [String]
    public let nonResourceURLs: [String]
}

extension EscalationAnalysis {
    /// The rules of a binding's role without the permissions by which it leads to the cluster by itself; nil where they cannot be
    /// taken out, since a rule says `*`, or where nothing is left.
    ///
    /// What a subject has by other bindings is not looked at: together with it the rest may still lead there.
    public func remainingRules(ofBinding binding: Int) -> [RemainingRule]? {
        guard let role = policy.bindings[binding].role, policy.roles[role].rules.count <= NarrowedRights.limit else { return nil }
        let techniques = techniquesToCluster(ofBinding: binding)
        guard !techniques.isEmpty else { return nil }
        let permissions = techniques.flatMap { $0.needs.flatMap(\.permissions) }
        var rules: [RemainingRule] = []
        for effective in policy.roles[role].rules {
            guard let rest = NarrowedRights(permissions).rest(of: effective.rule) else { return nil }
            rules += rest
        }
        return rules.isEmpty ? nil : rules
    }
}

/// Takes permissions out of rules.
struct NarrowedRights {
    /// Rules of a role beyond which nobody reads a suggestion.
    static let limit = 256

    private let permissions: [Permission]

    init(_ permissions: [Permission]) { self.permissions = permissions }

    /// What is left of a rule; nil when a `*` in it stands for what must go.
    func rest(of rule: PolicyRule) -> [RemainingRule]? {
        // Every list was read when the role was taken in.
        guard let verbs = try? rule.verbs.strings(), let groups = try? rule.apiGroups.strings(), let resources = try? rule.resources.strings(),
            let names = try? rule.resourceNames.strings(), let urls = try? rule.nonResourceURLs.strings()
        else { return nil }
        guard urls.isEmpty else {
            return [RemainingRule(verbs: verbs, apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: urls)]
        }
        var kept: [(verbs: [String], resources: [String])] = []
        for resource in resources {
            let taken = taken(resource, groups)
            let isTouched = !taken.isDisjoint(with: verbs.reduce(into: []) { $0.formUnion(Verbs.byName[$1] ?? []) })
            if isTouched, resource == "*" || resource.utf8.starts(with: "*/".utf8) || verbs.contains("*") || groups.contains("*") { return nil }
            let left = verbs.filter { (Verbs.byName[$0] ?? []).isDisjoint(with: taken) }
            guard !left.isEmpty else { continue }
            if let known = kept.firstIndex(where: { $0.verbs == left }) {
                kept[known].resources.append(resource)
            } else {
                kept.append((left, [resource]))
            }
        }
        return kept.map {
            RemainingRule(verbs: $0.verbs, apiGroups: groups, resources: $0.resources, resourceNames: names, nonResourceURLs: [])
        }
    }

    /// The verbs that must not stay on a resource.
    private func taken(_ resource: String, _ groups: [String]) -> Verbs {
        permissions.reduce(into: []) { taken, permission in
            let path = permission.resource.path
            let isSame = resource == "*" || path == "*" || resource == path || resource == "*/\(permission.resource.subresource)"
            if isSame, groups.contains("*") || groups.contains(permission.resource.group) { taken.formUnion(permission.verbs) }
        }
    }
}
