import Documents
import Kubernetes

/// What of an estate's access an audit log shows to be used.
public struct AccessUsage: Sendable {
    public let policy: AccessPolicy
    /// Times of the first and the last event that counted; empty without any.
    public let first: String
    public let last: String
    /// Events that counted: answered requests that were allowed.
    public let events: Int
    /// Those of them that no binding of the estate allows: the log is of another time or another cluster, or another authorizer
    /// has let them through.
    public let unexplained: Int
    private let appearances: [Int]
    private let uses: [Int: [SubjectUse]]

    init(
        policy: AccessPolicy, first: String, last: String, events: Int, unexplained: Int, appearances: [Int], uses: [Int: [SubjectUse]]
    ) {
        self.policy = policy
        self.first = first
        self.last = last
        self.events = events
        self.unexplained = unexplained
        self.appearances = appearances
        self.uses = uses
    }

    /// In how many events a subject asked, itself or as a group of the one who did.
    public func appearances(of subject: Int) -> Int { appearances[subject] }

    /// What subjects have done by a binding, those who did nothing left out.
    public func uses(of binding: Int) -> [SubjectUse] { uses[binding] ?? [] }

    /// Indexes of the bindings that somebody can do something about: those with a role, whose subjects or rules are not all the
    /// API server's own.
    public var bindings: [Int] {
        policy.bindings.indices.filter { index in
            guard let role = policy.bindings[index].role else { return false }
            if case .estate = policy.bindings[index].origin { return !isOwn(index, role) }
            return false
        }
    }

    /// Whether a fresh API server has this very binding.
    private func isOwn(_ binding: Int, _ role: Int) -> Bool {
        let rules = policy.roles[role].rules.indices
        let subjects = Set(policy.bindings[binding].subjects)
        guard !subjects.isEmpty, !rules.isEmpty else { return false }
        return subjects.allSatisfy { subject in
            rules.allSatisfy { policy.isBootstrap(AccessReason(subject: Int(subject), binding: binding, role: role, rule: $0)) }
        }
    }
}

/// Some verbs on some resources, or methods on some paths.
public struct Permissions: Hashable, Sendable {
    public let verbs: [String]
    public let targets: [String]

    public init(verbs: [String], targets: [String]) {
        self.verbs = verbs
        self.targets = targets
    }
}

/// How much of one rule was used by one binding, item by item as the rule writes them.
public struct RuleUsage: Sendable {
    /// Index into the rules of the role.
    public let rule: Int
    /// How many pairs of a verb and a resource the rule has, and how many of them were used.
    public let granted: Int
    public let used: Int
    public let usedPermissions: [Permissions]
    public let unused: [Permissions]
    /// What leaves no trace in an audit log, so that nothing can be said of its use.
    public let unobservable: [Permissions]

    /// - Parameter uses: of all subjects of the binding, or of one.
    init(_ effective: EffectiveRule, at index: Int, uses: [AccessUse: UseTally]) {
        rule = index
        let items = RuleItems(effective.rule)
        let verbs = Array(Set(items.verbs)).sorted(by: VerbOrder.precedes)
        var places: [String: Int] = [:]
        let targets = items.targets.filter { item in
            if places[item] == nil { places[item] = places.count } else { return false }
            return true
        }
        let patterns = targets.enumerated().filter { $1.contains("*") }
        var usedVerbs: [Int: Set<String>] = [:]
        for (use, tally) in uses where tally.rules.contains(index) {
            let exact = places[use.path].map { [$0] } ?? []
            for place in Set(exact + patterns.filter { RuleItems.target($1, covers: use) }.map(\.offset)) {
                usedVerbs[place, default: []].formUnion(verbs.filter { $0 == use.verb || $0 == "*" })
            }
        }
        granted = verbs.count * targets.count
        self.used = usedVerbs.values.reduce(0) { $0 + $1.count }
        var (used, unused): ([[String]: [String]], [[String]: [String]]) = ([:], [:])
        var unobservable: [[String]: [String]] = [:]
        for (place, target) in targets.enumerated() {
            if let verbs = usedVerbs[place], !verbs.isEmpty { used[verbs.sorted(by: VerbOrder.precedes), default: []].append(target) }
            let rest = verbs.filter { !(usedVerbs[place]?.contains($0) ?? false) }
            let seen = rest.filter { !items.isUnobservable($0, target) }
            if !seen.isEmpty { unused[seen, default: []].append(target) }
            let unseen = rest.filter { items.isUnobservable($0, target) }
            if !unseen.isEmpty { unobservable[unseen, default: []].append(target) }
        }
        usedPermissions = RuleUsage.sorted(used)
        self.unused = RuleUsage.sorted(unused)
        self.unobservable = RuleUsage.sorted(unobservable)
    }

    private static func sorted(_ permissions: [[String]: [String]]) -> [Permissions] {
        permissions.map { Permissions(verbs: $0, targets: $1) }.sorted { ($0.targets[0], $0.verbs[0]) < ($1.targets[0], $1.verbs[0]) }
    }
}

/// The lists of a rule as texts. Each was read when its role was taken in.
struct RuleItems {
    let verbs: [String]
    let groups: [String]
    /// Resources, or paths outside them.
    let targets: [String]
    let names: [String]
    let isURL: Bool

    init(_ rule: PolicyRule) {
        func list(_ value: Value) -> [String] { (try? value.strings()) ?? [] }
        verbs = list(rule.verbs)
        groups = list(rule.apiGroups)
        names = list(rule.resourceNames)
        let urls = list(rule.nonResourceURLs)
        isURL = !urls.isEmpty
        targets = isURL ? urls : list(rule.resources)
    }

    /// Whether an item of `resources` or `nonResourceURLs` stands for what was done.
    static func target(_ item: String, covers use: AccessUse) -> Bool {
        if item == "*" || item == use.path { return true }
        if use.isURL { return item.hasSuffix("*") && use.path.utf8.starts(with: item.utf8.prefix(item.utf8.count - trailingStars(item))) }
        guard item.hasPrefix("*/"), let slash = use.path.utf8.firstIndex(of: UInt8(ascii: "/")) else { return false }
        return item.utf8.dropFirst(1).elementsEqual(use.path.utf8[slash...])
    }

    private static func trailingStars(_ item: String) -> Int { item.utf8.reversed().prefix { $0 == UInt8(ascii: "*") }.count }

    /// What the API server asks its authorizer in the course of another request, of which no event tells: whether a role may be
    /// bound or widened, a policy used, a certificate signed, an owner's deletion blocked.
    func isUnobservable(_ verb: String, _ target: String) -> Bool {
        if isURL { return false }
        if ["use", "bind", "escalate", "approve", "sign", "attest"].contains(verb) { return true }
        return verb == "update" && target.hasSuffix("/finalizers")
    }
}

/// Verbs in the order in which people write them.
enum VerbOrder {
    private static let known = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]

    static func precedes(_ one: String, _ other: String) -> Bool {
        let (first, second) = (known.firstIndex(of: one) ?? known.count, known.firstIndex(of: other) ?? known.count)
        return first == second ? one < other : first < second
    }
}
