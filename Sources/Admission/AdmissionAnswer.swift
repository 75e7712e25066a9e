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

    public init(body: [UInt8], decision: Decision, operation: String, resource: String, namespace: String, isDryRun: Bool) {
        (self.body, self.decision, self.operation, self.resource) = (body, decision, operation, resource)
        (self.namespace, self.isDryRun) = (namespace, isDryRun)
    }
}

/// A body that is no AdmissionReview to be answered. It becomes a status 400, never an allow.
public struct ReviewFault: Error, Equatable, CustomStringConvertible {
    /// What is wrong, where, and what was expected.
    public let description: String

    public init(_ description: String) { self.description = description }
}
