public import Documents

/// Which requests an audit policy records too little of, or too much.
///
/// Every shortfall is a request that was put to the policy, never a guess about its text: one for everybody, and one for each user,
/// group, namespace and object that a rule names, since that is where exemptions hide.
public struct AuditReview: Sendable {
    public struct Shortfall: Sendable {
        public enum Kind: Sendable { case notRecorded, tooLittle, withoutResult, secretBody }

        public let kind: Kind
        /// The rule that decides; the list of rules where none does.
        public let place: Value
        /// `changes of workloads`
        public let title: String
        /// `create pods, patch deployments.apps`
        public let requests: [String]
        /// Empty when it holds for everybody: `by user 'ops'`.
        public let whom: String
        public let level: AuditLevel
        public let wanted: AuditLevel
    }

    public let shortfalls: [Shortfall]
    /// Whether all were asked for whom a rule names. False for policies that are longer than any person could tell what they do.
    public let isComplete: Bool
    /// Whether nothing of any change is recorded, by anybody whom no rule names.
    public let recordsNoChange: Bool

    public init(_ policy: AuditPolicy) {
        var found = Collection(policy: policy)
        for need in AuditNeed.recorded + AuditNeed.secret {
            for request in need.requests { found.ask(request, need) }
        }
        for (request, title) in Self.strangers {
            found.note(request, need: AuditNeed(title: title, group: "", resources: [], verbs: [], atLeast: .metadata), whom: title)
        }
        shortfalls = found.shortfalls
        isComplete = !found.isCutShort
        let changes = AuditNeed.recorded.lazy.flatMap(\.requests).filter { Self.changing.contains($0.verb) }
        recordsNoChange = changes.allSatisfy { policy.decide($0).level == .none }
    }

    private static let changing: Set = ["create", "update", "patch", "delete", "deletecollection"]

    /// Requests that nobody in particular is behind: a trace of them shows that somebody tries.
    private static let strangers: [(AuditRequest, title: String)] = {
        let resources = [AuditRequest.Resource("secrets", namespace: AuditNeed.aNamespace), .init("pods", namespace: AuditNeed.aNamespace)]
        return resources.flatMap { resource in
            ["list", "create"].flatMap { verb in
                [
                    (AuditRequest(user: nil, groups: [], verb: verb, resource), "by requests that fail to authenticate"),
                    (AuditRequest(user: "system:anonymous", groups: ["system:unauthenticated"], verb: verb, resource), "by system:anonymous"),
                ]
            }
        }
    }()
}

/// Gathers shortfalls, those of one rule and one cause together.
private struct Collection {
    let policy: AuditPolicy
    private var order: [Key] = []
    private var requests: [Key: [String]] = [:]
    /// Exemptions that may still be asked for, fewer the longer the policy is: what one costs grows with it.
    private var budget: Int
    private(set) var isCutShort = false

    init(policy: AuditPolicy) {
        self.policy = policy
        budget = 20_000_000 / max(1, policy.rules.reduce(0) { $0 + $1.size })
    }

    private struct Key: Hashable {
        let rule: Int?
        let kind: AuditReview.Shortfall.Kind
        let title: String
        let whom: String
        let level: AuditLevel
        let wanted: AuditLevel
    }

    /// Names of one rule that are tried for one request.
    private static let mostNames = 32

    mutating func ask(_ request: AuditRequest, _ need: AuditNeed) {
        if note(request, need: need, whom: "") { return }
        for rule in policy.rules {
            guard budget > 0 else {
                isCutShort = true
                return
            }
            let (witnesses, isWhole) = rule.witnesses(of: request, limit: Self.mostNames)
            if !isWhole { isCutShort = true }
            budget -= witnesses.count
            for (witness, whom) in witnesses where rule.matches(witness) { note(witness, need: need, whom: whom) }
        }
    }

    /// - Returns: whether the request falls short.
    @discardableResult
    mutating func note(_ request: AuditRequest, need: AuditNeed, whom: String) -> Bool {
        let decision = policy.decide(request)
        guard let kind = need.fault(decision) else { return false }
        let wanted = kind == .secretBody ? need.atMost : need.atLeast
        let key = Key(rule: decision.rule, kind: kind, title: need.title, whom: whom, level: decision.level, wanted: wanted)
        let text = request.text
        if requests[key] == nil { order.append(key) }
        if requests[key]?.contains(text) != true { requests[key, default: []].append(text) }
        return true
    }

    var shortfalls: [AuditReview.Shortfall] {
        order.map { key in
            AuditReview.Shortfall(
                kind: key.kind, place: key.rule.map { policy.rules[$0].place } ?? policy.root["rules"], title: key.title,
                requests: requests[key] ?? [],
                whom: key.whom, level: key.level, wanted: key.wanted)
        }
    }
}

extension AuditNeed {
    fileprivate func fault(_ decision: AuditDecision) -> AuditReview.Shortfall.Kind? {
        if decision.level > atMost { return .secretBody }
        guard atLeast > .none else { return nil }
        if decision.level == .none { return .notRecorded }
        if decision.level < atLeast { return .tooLittle }
        let ends: Set<AuditStage> = lasts ? [.responseStarted, .responseComplete] : [.responseComplete]
        return ends.isSubset(of: decision.omitted) ? .withoutResult : nil
    }
}

extension AuditRequest {
    /// `patch deployments.apps`
    fileprivate var text: String {
        guard let resource else { return "\(verb) \(path)" }
        return "\(verb) \(resource.text)\(resource.group.isEmpty ? "" : ".\(resource.group)")"
    }
}

extension AuditRule {
    /// The request as it would be for each user, group, namespace and object that this rule names. One list after another is gone
    /// through, with the first of each of the others: all combinations of a long rule would be too many.
    /// - Returns: also whether every name was tried.
    fileprivate func witnesses(of request: AuditRequest, limit: Int) -> (requests: [(AuditRequest, whom: String)], isWhole: Bool) {
        guard verbs.isEmpty || verbs.contains(request.verb), let resource = request.resource else { return ([], true) }
        guard nonResourceURLs.isEmpty, resources.isEmpty || resources.contains(where: { $0.concerns(resource) }) else { return ([], true) }
        let names = resources.filter { $0.concerns(resource) }.flatMap(\.resourceNames)
        guard !(users.isEmpty && userGroups.isEmpty && namespaces.isEmpty && names.isEmpty) else { return ([], true) }
        var first = (user: users.first, group: userGroups.first, namespace: namespaces.first, name: names.first)
        if resource.namespace.isEmpty, !namespaces.isEmpty { first.namespace = "" }
        if resource.object.isEmpty { first.name = nil }
        var choices = [first]
        for user in users.dropFirst().prefix(limit) { choices.append((user, first.group, first.namespace, first.name)) }
        for group in userGroups.dropFirst().prefix(limit) { choices.append((first.user, group, first.namespace, first.name)) }
        if !resource.namespace.isEmpty {
            for space in namespaces.dropFirst().prefix(limit) { choices.append((first.user, first.group, space, first.name)) }
        }
        if !resource.object.isEmpty {
            for name in names.dropFirst().prefix(limit) { choices.append((first.user, first.group, first.namespace, name)) }
        }
        let isWhole = [users, userGroups, namespaces, names].allSatisfy { $0.count <= limit + 1 }
        let requests = choices.map { choice in
            var (witness, asked, whom) = (request, resource, [String]())
            if let user = choice.user {
                witness.user = user
                whom.append("by user '\(escaped(user))'")
            }
            witness.groups = Self.groups(of: witness.user ?? "") + (choice.group.map { [$0] } ?? [])
            if let group = choice.group { whom.append("by group '\(escaped(group))'") }
            if let namespace = choice.namespace, !namespace.isEmpty {
                asked.namespace = namespace
                whom.append("in namespace '\(escaped(namespace))'")
            }
            if let name = choice.name {
                asked.object = name
                whom.append("of '\(escaped(name))'")
            }
            witness.resource = asked
            return (witness, whom: whom.joined(separator: " "))
        }
        return (requests, isWhole)
    }

    /// Texts that matching may have to compare.
    fileprivate var size: Int {
        1 + users.count + userGroups.count + verbs.count + namespaces.count + nonResourceURLs.count
            + resources.reduce(0) { $0 + 1 + $1.resources.count + $1.resourceNames.count }
    }

    /// The groups that the API server itself gives to a user.
    private static func groups(of user: String) -> [String] {
        if user == "system:anonymous" { return ["system:unauthenticated"] }
        let parts = user.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else { return ["system:authenticated"] }
        return ["system:serviceaccounts", "system:serviceaccounts:\(parts[2])", "system:authenticated"]
    }
}
