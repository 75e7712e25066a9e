import Kubernetes

/// Takes in the events of an audit log one by one and keeps what they tell about each binding. Memory grows with the bindings and
/// with the different things done, never with the length of the log.
public struct UsageRecorder {
    private let policy: AccessPolicy
    private var uses: [Int: [Int: SubjectUse]] = [:]
    private var appearances: [Int]
    private var first = ""
    private var last = ""
    private var counted = 0
    private var unexplained = 0

    /// Who a requester is among the subjects.
    private var identities: [Identity: [Int]] = [:]
    /// Which rules allow a subject something, names aside.
    private var grants: [Question: [Grant]] = [:]

    private struct Identity: Hashable {
        let user: ExactText
        let groups: [ExactText]
    }

    private struct Question: Hashable {
        let subject: Int
        let verb: ExactText
        let group: ExactText
        let path: ExactText
        let isURL: Bool
        let namespace: ExactText
    }

    private struct Grant {
        let binding: Int
        let rules: [Int]
    }

    /// Answers kept; when there are more, all are worked out anew.
    private static let mostAnswers = 50_000

    public init(_ policy: AccessPolicy) {
        self.policy = policy
        appearances = [Int](repeating: 0, count: policy.subjects.count)
    }

    public mutating func add(_ event: AuditEvent) {
        counted += 1
        if first.isEmpty || event.time < first { first = event.time }
        if event.time > last { last = event.time }
        if !record(event), !event.groups.contains(Requester.mastersGroup) { unexplained += 1 }
        for impersonation in event.impersonations { _ = record(impersonation) }
        // Whoever impersonates has sent one request, however much had to be allowed for it.
        for sender in [event] + event.impersonations.prefix(1) {
            for subject in subjects(of: sender) { appearances[subject] += 1 }
        }
    }

    /// - Returns: whether a binding allows it.
    private mutating func record(_ event: AuditEvent) -> Bool {
        var isExplained = false
        for subject in subjects(of: event) {
            for grant in grants(to: subject, event.request) {
                guard let (use, name, rules) = use(of: event.request, by: grant) else { continue }
                isExplained = true
                uses[grant.binding, default: [:]][subject, default: SubjectUse(subject: subject)].add(use, name: name, rules: rules)
            }
        }
        return isExplained
    }

    private mutating func subjects(of event: AuditEvent) -> [Int] {
        let identity = Identity(user: ExactText(event.user), groups: event.groups.map(ExactText.init))
        if let known = identities[identity] { return known }
        let requester = Requester(user: event.user, groups: event.groups)
        let found = requester.subjects.compactMap { policy.subject($0) }
        if identities.count >= UsageRecorder.mostAnswers { identities = [:] }
        identities[identity] = found
        return found
    }

    private mutating func grants(to subject: Int, _ request: AccessRequest) -> [Grant] {
        let question: Question
        switch request.target {
        case .resource(let resource, let namespace, _):
            question = Question(
                subject: subject, verb: ExactText(request.verb), group: ExactText(resource.group), path: ExactText(resource.path), isURL: false,
                namespace: ExactText(namespace))
        case .url(let url):
            question = Question(
                subject: subject, verb: ExactText(request.verb), group: ExactText(""), path: ExactText(url), isURL: true, namespace: ExactText(""))
        }
        if let known = grants[question] { return known }
        // Each role is asked once, however many bindings give it.
        var known: [Int: [Int]] = [:]
        let found = policy.bindings(of: subject).compactMap { index -> Grant? in
            let binding = policy.bindings[Int(index)]
            guard binding.applies(in: request.namespace), let role = binding.role else { return nil }
            let rules = known[role] ?? policy.roles[role].rules.indices.filter { policy.roles[role].rules[$0].covers(request) }
            known[role] = rules
            return rules.isEmpty ? nil : Grant(binding: Int(index), rules: rules)
        }
        if grants.count >= UsageRecorder.mostAnswers { grants = [:] }
        grants[question] = found
        return found
    }

    /// The use that a request makes of a grant, nil when the grant is for objects of other names.
    private func use(of request: AccessRequest, by grant: Grant) -> (AccessUse, name: String, rules: [Int])? {
        guard let role = policy.bindings[grant.binding].role else { return nil }
        switch request.target {
        case .url(let url):
            return (AccessUse(verb: request.verb, group: "", path: url, isURL: true, namespace: ""), "", grant.rules)
        case .resource(let resource, let namespace, let name):
            let rules = grant.rules.filter { policy.roles[role].rules[$0].covers(name: name) }
            let use = AccessUse(verb: request.verb, group: resource.group, path: resource.path, isURL: false, namespace: namespace)
            return rules.isEmpty ? nil : (use, name, rules)
        }
    }

    /// What was recorded so far.
    public var usage: AccessUsage {
        AccessUsage(
            policy: policy, first: first, last: last, events: counted, unexplained: unexplained, appearances: appearances,
            uses: uses.mapValues { $0.values.sorted { $0.subject < $1.subject } })
    }
}
