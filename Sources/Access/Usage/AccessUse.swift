/// One thing that a subject has done by a binding.
public struct AccessUse: Hashable, Sendable {
    public let verb: String
    /// Empty for the core group, and for a path.
    public let group: String
    /// `pods/exec`, or a path such as `/metrics`; for a path, when there were many, the pattern that allowed it.
    public let path: String
    public let isURL: Bool
    /// Empty for what was asked outside a namespace, or in all of them.
    public let namespace: String

    public static func == (one: Self, other: Self) -> Bool {
        one.isURL == other.isURL && ExactText(one.path) == ExactText(other.path) && ExactText(one.verb) == ExactText(other.verb)
            && ExactText(one.group) == ExactText(other.group) && ExactText(one.namespace) == ExactText(other.namespace)
    }
}

/// How often and on what a use was made.
public struct UseTally: Sendable {
    public private(set) var count = 0
    /// Names of the objects, as long as they are few; nil when they are many, or once when the request named none.
    public private(set) var names: Set<String>? = []
    /// Indexes of the rules of the role that allow it.
    public private(set) var rules: Set<Int> = []

    /// More names than these tell nothing about what will be needed.
    public static let fewNames = 5

    mutating func add(name: String, rules: [Int]) {
        count += 1
        self.rules.formUnion(rules)
        guard names != nil else { return }
        names?.insert(name)
        if name.isEmpty || names?.count ?? 0 > UseTally.fewNames { names = nil }
    }

    mutating func add(_ other: UseTally) {
        count += other.count
        rules.formUnion(other.rules)
        names = names.flatMap { mine in other.names.map { mine.union($0) } }
        if let all = names, all.count > UseTally.fewNames { names = nil }
    }
}

/// What one subject has done by one binding.
public struct SubjectUse: Sendable {
    public let subject: Int
    public private(set) var uses: [AccessUse: UseTally] = [:]
    /// In how many namespaces it was used, as long as they are few; nil when they are many, and the uses name none any more.
    public private(set) var namespaces: Set<String>? = []
    /// So many different things were done that they are not told apart any more.
    public private(set) var isCountless = false

    static let fewNamespaces = 3
    /// A log may be written by somebody who may do everything and asks for what does not exist.
    private static let mostUses = 2_000

    init(subject: Int) { self.subject = subject }

    mutating func add(_ use: AccessUse, name: String, rules: [Int]) {
        if let all = namespaces, !use.namespace.isEmpty, !all.contains(use.namespace) {
            namespaces?.insert(use.namespace)
            if all.count >= SubjectUse.fewNamespaces { forgetNamespaces() }
        }
        let use = namespaces == nil ? use.anywhere : use
        guard uses[use] != nil || uses.count < SubjectUse.mostUses else {
            isCountless = true
            return
        }
        uses[use, default: UseTally()].add(name: name, rules: rules)
    }

    private mutating func forgetNamespaces() {
        namespaces = nil
        var folded: [AccessUse: UseTally] = [:]
        for (use, tally) in uses { folded[use.anywhere, default: UseTally()].add(tally) }
        uses = folded
    }
}

extension AccessUse {
    /// The same without its namespace.
    var anywhere: AccessUse { AccessUse(verb: verb, group: group, path: path, isURL: isURL, namespace: "") }
}
