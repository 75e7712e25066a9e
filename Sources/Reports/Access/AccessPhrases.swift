public import Access
import Documents
import Kubernetes

/// What reports and commands call the parts of an `AccessPolicy`, and where these stand.
public struct AccessPhrases: Sendable {
    let policy: AccessPolicy

    public init(_ policy: AccessPolicy) { self.policy = policy }

    /// As long as the longest in the API server's own roles, and then some.
    private static let longList = 60

    // MARK: - Names

    /// `RoleBinding shop/editors`
    func binding(_ index: Int) -> String { policy.object(policy.bindings[index].origin).displayName }

    func role(_ index: Int) -> String { policy.object(policy.roles[index].origin).displayName }

    func rule(_ reason: AccessReason) -> EffectiveRule { policy.roles[reason.role].rules[reason.rule] }

    /// `create, get on pods, pods/exec named web`; of long lists the beginning, since a rule may be shown for each of many.
    static func rule(_ rule: PolicyRule) -> String {
        // Every list was read when its role was taken in.
        func list(_ value: Value) -> [String] {
            guard let items = try? value.items() else { return [] }
            return items.prefix(longList).map(\.text) + (value.count > longList ? ["and \(value.count - longList) more"] : [])
        }
        let verbs = list(rule.verbs).joined(separator: ", ")
        let urls = list(rule.nonResourceURLs)
        if !urls.isEmpty { return "\(verbs) on \(urls.joined(separator: ", "))" }
        let groups = list(rule.apiGroups)
        let resources = list(rule.resources).joined(separator: ", ")
        let places = groups == [""] ? "" : " of \(groups.map { $0.isEmpty ? "the core group" : $0 }.joined(separator: ", "))"
        let names = list(rule.resourceNames)
        return "\(verbs) on \(resources)\(places)" + (names.isEmpty ? "" : " named \(names.joined(separator: ", "))")
    }

    /// `rbac.yaml:12`; what the API server makes itself stands in no file.
    static func place(_ value: Value) -> String {
        value.source == BootstrapRoles.objectSource ? value.source : "\(value.source):\(value.position.line)"
    }

    func place(_ origin: AccessOrigin) -> String { AccessPhrases.place(policy.object(origin).root) }

    /// `create pods/exec.apps 'web' in namespace shop`
    static func request(_ request: AccessRequest, anywhere: Bool = false) -> String {
        switch request.target {
        case .url(let url): return "\(request.verb) \(url)"
        case .resource(let resource, let namespace, let name):
            let group = resource.group.isEmpty ? "" : " of \(resource.group)"
            let named = name.isEmpty ? "" : " '\(name)'"
            let place =
                if anywhere { " in any namespace" } else if !namespace.isEmpty { " in namespace \(namespace)" } else if resource.isClusterScoped {
                    ""
                } else { " in all namespaces" }
            return "\(request.verb) \(resource.path)\(group)\(named)\(place)"
        }
    }

    // MARK: - Sentences

    /// What decides, a line a fact.
    public func explanation(of decision: AccessDecision, _ request: AccessRequest, by requester: Requester) -> [String] {
        let asked = AccessPhrases.request(request)
        switch decision {
        case .masters: return ["\(requester.user) is in group \(Requester.mastersGroup), whom nothing is refused"]
        case .denied:
            let named = requester.subjects.filter { policy.subject($0) != nil }
            guard !named.isEmpty else {
                return ["no binding names \(requester.user) or one of the groups \(requester.groups.joined(separator: ", "))"]
            }
            return ["nothing that is bound to \(named.map(\.description).joined(separator: ", ")) allows to \(asked)"]
        case .allowed(let reason):
            let rule = rule(reason)
            let source = policy.roles[reason.role].isAggregated ? ", gathered from \(policy.object(rule.origin).displayName)" : ""
            let place = place(policy.bindings[reason.binding].origin)
            return [
                "\(binding(reason.binding)) gives \(role(reason.role)) to \(policy.subjects[reason.subject]) (\(place))",
                "its rule allows to \(AccessPhrases.rule(rule.rule)) (\(AccessPhrases.place(rule.rule.node))\(source))",
            ]
        }
    }

    /// A binding whose role nobody has.
    public func dangling(_ index: Int) -> String {
        let (role, place) = (policy.bindings[index].roleName, place(policy.bindings[index].origin))
        return "\(binding(index)) names \(role.kind) '\(role.name)', which is not there (\(place)); so it gives nothing"
    }
}
