import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Who set a field is known from the body of the request that did, and from nothing else. What the audit policy leaves out cannot be
    /// attributed later, neither to a customer nor to the provider.
    ///
    /// Fields: all rules of an audit policy, matched as the API server does, the first that fits; without one nothing is recorded. Asked of it
    /// are requests: changes of workloads, roles, admission, namespaces, exposure and grants with their body; Secrets, tokens, ways into
    /// containers, nodes, failed and anonymous requests without. Each is asked for everybody, and for each user, group, namespace and object
    /// that a rule exempts. Of a policy that records no change at all, `audit-policy-changes` says it.
    static let auditCoverage = Control(
        id: "audit-policy-coverage",
        title: "Record what attribution needs",
        severity: .medium,
        duty: "A5",
        summary: "The audit log leaves out requests, or their bodies, so nobody can say afterwards who did it.",
        remedy: "Let the rule record them (`Request` for changes, `Metadata` for Secrets and tokens), or put a rule that does before it.",
        references: [.cis("3.2.2"), .nsa("audit logging"), Reference("cwe", "CWE-778")],
        passing: [
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - level: Metadata
              resources:
              - {group: "", resources: [secrets, configmaps, serviceaccounts/token]}
              - {group: authentication.k8s.io, resources: [tokenreviews]}
            - level: Request
            """
        ],
        failing: [
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
            - level: Metadata # ✗
            """,
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
            - level: None # ✗
              users: [ops]
              resources: [{group: "", resources: [pods/exec]}]
            - level: Metadata
              resources: [{group: "", resources: [secrets, configmaps]}]
            - level: Request
            """,
        ],
        check: .auditPolicy { document, policy, report in
            let review = AuditReview(policy)
            // Of a policy without any change another control says all there is to say.
            if review.recordsNoChange { return }
            for (place, texts) in review.shortfalls.filter({ $0.kind != .secretBody }).byPlace {
                document.fail(&report, place, texts.joined(separator: "; "), value: "audit")
            }
            if !review.isComplete {
                document.notObservable(&report, policy.root["rules"], "the rules name too many for all of them to be asked")
            }
        })
}

extension Check {
    /// Called for each audit policy, wherever it stands. Other projects have a kind `Policy` too.
    static func auditPolicy(_ judge: @escaping @Sendable (ServerDocument, AuditPolicy, inout Report) throws(WrongType) -> Void) -> Check {
        .serverDocument(kinds: ["Policy"], flag: "audit-policy-file") { document, report throws(WrongType) in
            if document.file == nil, try !document.root["apiVersion"].hasPrefix("audit.k8s.io/") { return report.notApplicable() }
            try judge(document, try AuditPolicy(document.root), &report)
        }
    }
}

extension [AuditReview.Shortfall] {
    /// One text for each shortfall, those that stand at one place together, in the order of the policy.
    var byPlace: [(place: Value, texts: [String])] {
        var order: [Value] = []
        var texts: [Int: [String]] = [:]
        for shortfall in self {
            let key = shortfall.place.identity
            if texts[key] == nil { order.append(shortfall.place) }
            texts[key, default: []].append(shortfall.text)
        }
        return order.map { ($0, texts[$0.identity] ?? []) }
    }
}

extension AuditReview.Shortfall {
    /// `workloads (create pods and 23 more) by user 'ops': not recorded`
    fileprivate var text: String {
        let shown = (requests.first ?? "") + (requests.count > 1 ? " and \(requests.count - 1) more" : "")
        let what =
            switch kind {
            case .notRecorded: "not recorded"
            case .tooLittle: "recorded at \(level.rawValue), \(wanted.rawValue) is needed"
            case .withoutResult: "recorded without their result"
            case .secretBody: "recorded at \(level.rawValue), which puts the secret into the log"
            }
        return "\(title) (\(shown))\(whom.isEmpty || whom == title ? "" : " " + whom): \(what)"
    }
}
