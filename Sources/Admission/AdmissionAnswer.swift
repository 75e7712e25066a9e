/// What the API server is told about one request.
public struct AdmissionAnswer: Sendable {
    /// Which webhook was called; each has its path.
    public enum Stage: String, Sendable, CaseIterable {
        /// `/mutate`: fills in secure defaults.
        case mutate
        /// `/validate`: admits, warns or denies.
        case validate
    }

    /// For counting: every review comes to exactly one.
    public enum Decision: String, Sendable, CaseIterable {
        case allow, warn, mutate, deny
    }

    /// An `AdmissionReview` of version `admission.k8s.io/v1` with a response, JSON in UTF-8.
    public var body: [UInt8]
    public var decision: Decision
    /// `CREATE`, `UPDATE`, `DELETE`, `CONNECT`.
    public var operation: String
    /// As rules name it: `pods`, `deployments`, `pods/exec`.
    public var resource: String
    public var namespace: String
    public var isDryRun: Bool
    /// What a record of decisions keeps of it; nil for what is let in without a grant.
    public var trace: AdmissionTrace?

    public init(
        body: [UInt8], decision: Decision, operation: String, resource: String, namespace: String, isDryRun: Bool, trace: AdmissionTrace? = nil
    ) {
        (self.body, self.decision, self.operation, self.resource) = (body, decision, operation, resource)
        (self.namespace, self.isDryRun, self.trace) = (namespace, isDryRun, trace)
    }
}

/// What is worth remembering of an answer: names alone, nothing of what the object holds.
public struct AdmissionTrace: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// Ids of the controls that refused, or `AdmissionTrace.ownRule`.
        case denied(controls: [String])
        /// What was off by default and let in all the same.
        case granted([GrantUse])
    }

    /// In the place of a control where a rule of the webhook itself refused.
    public static let ownRule = "webhook"

    /// Who asked, as the API server has authenticated them.
    public var user: String
    public var namespace: String
    /// The root object whose Pod it is about, such as `Deployment shop/web`.
    public var workload: String
    public var outcome: Outcome

    public init(user: String, namespace: String, workload: String, outcome: Outcome) {
        (self.user, self.namespace, self.workload, self.outcome) = (user, namespace, workload, outcome)
    }
}

/// A grant by which something was let in.
public struct GrantUse: Sendable, Hashable {
    /// `namespace/name`.
    public var grant: String
    /// Of the spec that was in force.
    public var specHash: String

    public init(grant: String, specHash: String) { (self.grant, self.specHash) = (grant, specHash) }
}

/// A body that is no AdmissionReview to be answered. It becomes a status 400, never an allow.
public struct ReviewFault: Error, Equatable, CustomStringConvertible {
    /// What is wrong, where, and what was expected.
    public let description: String

    public init(_ description: String) { self.description = description }
}
