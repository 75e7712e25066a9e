public import Documents
public import Kubernetes

/// One verifiable requirement. Its name is the requirement; the numbers of frameworks are references.
public struct Control: Sendable {
    /// Stable, in kebab case: `privileged-containers`.
    public let id: String
    /// In the imperative: "Forbid privileged containers".
    public let title: String
    public let severity: Severity
    /// The duty of a responsibility model this control verifies: `C5`.
    public let duty: String
    /// The threat, in one or two sentences.
    public let summary: String
    /// What to do about a finding.
    public let remedy: String
    public let references: [Reference]
    /// Ids of controls that this one makes superfluous, being stricter: a view that holds both drops those.
    public let overrides: [String]
    /// The judging functions, each with the version of Kubernetes from which on it holds.
    public let checks: [VersionedCheck]
    /// Manifests that pass.
    public let passing: [Example]
    /// Manifests that fail at each line marked with `# ✗`.
    public let failing: [Example]

    public init(
        id: String, title: String, severity: Severity, duty: String, summary: String, remedy: String,
        references: [Reference] = [], overrides: [String] = [], passing: [Example], failing: [Example], check: Check
    ) {
        self.init(
            id: id, title: title, severity: severity, duty: duty, summary: summary, remedy: remedy, references: references, overrides: overrides,
            passing: passing, failing: failing, checks: [VersionedCheck(since: KubernetesVersion(1, 0), check)])
    }

    /// - Parameter checks: ascending by version; before the first one the control is not applicable.
    public init(
        id: String, title: String, severity: Severity, duty: String, summary: String, remedy: String,
        references: [Reference] = [], overrides: [String] = [], passing: [Example], failing: [Example], checks: [VersionedCheck]
    ) {
        self.id = id
        self.title = title
        self.severity = severity
        self.duty = duty
        self.summary = summary
        self.remedy = remedy
        self.references = Reference.withEditions(references)
        self.overrides = overrides
        self.passing = passing
        self.failing = failing
        self.checks = checks
    }

    public var minimumKubernetesVersion: KubernetesVersion? {
        checks.first.flatMap { $0.since == KubernetesVersion(1, 0) ? nil : $0.since }
    }

    /// The function that holds for a version, nil before the first.
    public func check(for version: KubernetesVersion) -> Check? {
        checks.last { $0.since <= version }?.check
    }

    /// Kinds this control looks at; `Pod` stands for every kind that makes Pods.
    public var subjectKinds: [String] { checks.last?.check.kinds ?? [] }
}

/// A judging function and the version of Kubernetes from which on it holds.
public struct VersionedCheck: Sendable {
    public let since: KubernetesVersion
    public let check: Check

    public init(since: KubernetesVersion, _ check: Check) {
        self.since = since
        self.check = check
    }

    public static func since(_ major: Int, _ minor: Int, _ check: Check) -> VersionedCheck {
        VersionedCheck(since: KubernetesVersion(major, minor), check)
    }
}

/// A pure function over one subject. It reports what it finds; a function that reports nothing passes.
/// A field of the wrong type ends it with `WrongType`, which becomes a gap.
public enum Check: Sendable {
    /// Called once for each Pod, whichever kind makes it.
    case pods(@Sendable (PodSpec, inout Report) throws(WrongType) -> Void)
    /// Called once for each container of each Pod: init, sidecar, regular, ephemeral.
    case containers(@Sendable (Container, PodSpec, inout Report) throws(WrongType) -> Void)
    /// Called once for each object of these kinds.
    case objects([String], @Sendable (KubernetesObject, inout Report) throws(WrongType) -> Void)
    /// Called once for each object that shows programs of Kubernetes itself: evidence of a machine, and what makes Pods that run them.
    case components(@Sendable (KubernetesObject, inout Report) throws(WrongType) -> Void)
    /// Judges objects of these kinds by what all other controls found and who answers for it. The engine
    /// lists such a control and leaves it to whoever attributes findings.
    case afterAttribution([String])

    public var kinds: [String] {
        switch self {
        case .pods, .containers: ["Pod"]
        case .components: [KubernetesObject.nodeEvidenceKind, "Pod"]
        case .objects(let kinds, _), .afterAttribution(let kinds): kinds
        }
    }
}

/// How bad a finding is.
public enum Severity: String, Sendable, CaseIterable, Comparable {
    case info, low, medium, high, critical

    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
    public var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
}

/// What came out of judging one control on one subject.
public enum Verdict: String, Sendable, CaseIterable {
    case pass, fail
    /// A fail that a grant or an exception covers.
    case accepted
    case notApplicable
    /// A person must look.
    case manual
    /// Demarc could not look.
    case notObservable
}

/// A place in somebody else's framework.
public struct Reference: Sendable, Hashable {
    /// `pss`, `cis-1.12`, `nsa`, `ack-policy`, …
    public let framework: String
    public let level: String?
    public let id: String

    public init(_ framework: String, _ id: String, level: String? = nil) {
        self.framework = framework
        self.level = level
        self.id = id
    }

    /// A check of the Pod Security Standards, by upstream's id.
    public static func podSecurity(_ level: PodSecurityLevel, _ id: String) -> Reference {
        Reference(podSecurityFramework, id, level: level.rawValue)
    }

    static let podSecurityFramework = "pss"

    /// A recommendation of the CIS Kubernetes Benchmark 1.12.
    public static func cis(_ id: String) -> Reference { Reference("cis-1.12", id) }
    /// A section of the NSA/CISA Kubernetes Hardening Guide 1.2.
    public static func nsa(_ section: String) -> Reference { Reference("nsa", section) }
    /// A policy of the ACK policy library.
    public static func ackPolicy(_ name: String) -> Reference { Reference("ack-policy", name) }
    /// An item of ACK's workload inspection.
    public static func ackInspection(_ item: String) -> Reference { Reference("ack-inspection", item) }
}

public enum PodSecurityLevel: String, Sendable { case baseline, restricted }

/// A manifest that shows what a control means. It is test, documentation and help at once.
public struct Example: Sendable, ExpressibleByStringLiteral {
    /// One or several YAML documents. In a failing example each line with a finding ends in `# ✗`.
    public let manifest: String
    /// The version of Kubernetes it is judged for, nil for the newest.
    public let version: KubernetesVersion?
    /// Why the example loses its meaning when its containers become init or ephemeral ones; nil when it does not,
    /// and tests then move them.
    public let fixedContainers: String?

    public init(_ manifest: String, version: KubernetesVersion? = nil, fixedContainers: String? = nil) {
        self.manifest = manifest
        self.version = version
        self.fixedContainers = fixedContainers
    }

    public init(stringLiteral manifest: String) {
        self.init(manifest)
    }
}
