public import Documents
public import Kubernetes

/// Who wrote what stands in the objects of an estate, by records whose authors a server authenticated. It is given to attribution,
/// which stays pure.
public protocol WriteRecord: Sendable {
    /// - Parameters:
    ///   - place: where the value stands, or would stand.
    ///   - missing: the path below the place that is not there; empty where the value is.
    /// - Returns: nil when the record does not prove who wrote just this value, or removed it, and nothing in between.
    func writer(of place: Value, missing: String, in object: KubernetesObject) -> ProvenWriter?
}

/// One who wrote a value, as the API server authenticated them. A class, since each attribution has room for one: a pointer is enough for the
/// hundred thousand that have none.
public final class ProvenWriter: Sendable, Equatable {
    public let user: String
    public let groups: [String]
    /// As whom they acted, nil where they were themselves.
    public let impersonated: String?
    /// RFC 3339.
    public let time: String
    /// Where the record says so: `audit event audit.log:17`, `admission request 705ab4f5-…`.
    public let evidence: String
    /// The request had the value; otherwise a default, a normal form or an admission plugin made it.
    public let wasAsked: Bool

    public init(user: String, groups: [String], impersonated: String? = nil, time: String, evidence: String, wasAsked: Bool) {
        (self.user, self.groups, self.impersonated) = (user, groups, impersonated)
        (self.time, self.evidence, self.wasAsked) = (time, evidence, wasAsked)
    }

    public static func == (one: ProvenWriter, other: ProvenWriter) -> Bool {
        one.user == other.user && one.groups == other.groups && one.impersonated == other.impersonated && one.time == other.time
            && one.evidence == other.evidence && one.wasAsked == other.wasAsked
    }

    /// `ci as bob (2026-11-24T05:18:49Z, audit event audit.log:17)`
    public var description: String { "\(user)\(impersonated.map { " as \($0)" } ?? "") (\(time), \(evidence))" }

    /// Controllers that write what the owner of an object says; their identity says nothing about who answers.
    var isController: Bool { WorkloadControllers.contains(user: user) }

    /// Whether they are the author of the value: they asked for it, and not for somebody else's template.
    var isAuthor: Bool { wasAsked && !isController }
}

/// The identities of Kubernetes' own controllers that make objects from the template of another.
public enum WorkloadControllers {
    private static let names: Set<String> = [
        "replicaset-controller", "deployment-controller", "statefulset-controller", "daemon-set-controller", "job-controller",
        "cronjob-controller", "replication-controller",
    ]

    /// Accounts of the controller manager in kube-system, or itself where it uses none (`--use-service-account-credentials`).
    public static func contains(user: String) -> Bool {
        if user == "system:kube-controller-manager" { return true }
        let account = "system:serviceaccount:kube-system:"
        return user.hasPrefix(account) && names.contains(String(user.dropFirst(account.count)))
    }
}
