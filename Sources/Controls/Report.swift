public import Advisories
public import Documents
public import Kubernetes
import Synchronization

/// What a check writes down about the subject it looks at, and where it finds the estate around it.
public struct Report: Sendable {
    /// The estate around the subject. A check that asks for it depends on more than what it was handed, and its findings say so.
    public var inventory: Inventory {
        surroundings.wereAsked.store(true, ordering: .relaxed)
        return estate
    }
    private let estate: Inventory
    private let surroundings = Surroundings()
    public let kubernetesVersion: KubernetesVersion
    public let settings: Settings

    var control: Int = 0
    /// Index of the object under judgement, for questions to the inventory.
    public internal(set) var object: Int = 0
    var container: String = ""
    /// What the check has come to so far.
    public internal(set) var outcome = Verdict.pass
    /// A field of the wrong type ended the check.
    var hasGap = false
    /// By index of the control: its findings are counted and never read, so no words are made. Empty where all are read.
    private let counted: [Bool]
    private var isCounted = false
    public private(set) var findings: [Finding] = []
    public private(set) var gaps: [Gap] = []

    /// The object being judged, also when a check is handed only its Pod.
    public var judgedObject: KubernetesObject { estate.objects[object] }

    private var answers: [Question: Int] = [:]
    private var gapsOfObject: (object: Int, seen: Set<BrokenField>) = (-1, [])

    private struct Question: Hashable {
        let control: Int
        let holder: RightsHolder
    }

    /// What a check finds out about all bindings of a holder, found out once for all Pods that share the holder.
    public mutating func answer(
        about holder: RightsHolder, _ find: (Report) throws(WrongType) -> Int
    ) throws(WrongType) -> Int {
        surroundings.wereAsked.store(true, ordering: .relaxed)
        let question = Question(control: control, holder: holder)
        if let known = answers[question] { return known }
        let found = try find(self)
        answers[question] = found
        return found
    }

    init(inventory: Inventory, kubernetesVersion: KubernetesVersion, settings: Settings, counted: [Bool]) {
        estate = inventory
        self.counted = counted
        self.kubernetesVersion = kubernetesVersion
        self.settings = settings
    }

    /// The requirement is not met.
    ///
    /// - Parameters:
    ///   - place: the offending value, or the nearest thing above it when the fault is that a field is missing.
    ///   - field: dotted path below `place` of the missing field. The location goes as deep as it exists.
    ///   - message: made only where somebody reads it, so it cannot ask the report itself: take `subject` into a constant before.
    ///   - value: what exactly is asked for, as a grant names it; nil takes the scalar at `place`.
    ///   - readOnly: the privilege is used for reading only.
    ///   - cause: where another object of the estate brings it about; whoever wrote that must act.
    ///   - patch: how far a fix has come, where the finding is about one; a model may move responsibility by it.
    ///   - fix: writes what would mend this very finding, see `Finding.fix`.
    public mutating func fail(
        _ place: Value, missing field: String = "", _ message: @autoclosure () -> String, value: @autoclosure () -> String? = nil,
        readOnly: Bool = false, cause: Finding.Cause? = nil, patch: PatchCondition? = nil, fix: (@Sendable () -> String)? = nil
    ) {
        let (message, value) = isCounted ? ("", "") : (message(), value() ?? place.text)
        record(.fail, place, field, message, value, readOnly, cause, patch, fix)
    }

    /// A person must look; the message says at what.
    public mutating func manual(_ place: Value, _ message: String) {
        record(.manual, place, "", message, "", false)
    }

    /// What is needed to judge is not in the estate.
    public mutating func notObservable(_ place: Value, _ message: String) {
        record(.notObservable, place, "", message, "", false)
    }

    /// What is reported from here on is about this container. For checks that look at the Pod as a whole and
    /// then at its containers; those called once for each container need no such word.
    public mutating func enter(_ container: Container) {
        self.container = container.name
    }

    /// Whom a message is about: `the Pod`, or the container that was entered.
    public var subject: String { container.isEmpty ? "the Pod" : "container '\(container)'" }

    /// The requirement has no meaning for this subject.
    public mutating func notApplicable() {
        if outcome == .pass { outcome = .notApplicable }
    }

    private mutating func record(
        _ verdict: Verdict, _ place: Value, _ field: String, _ message: String, _ value: String, _ readOnly: Bool, _ cause: Finding.Cause? = nil,
        _ patch: PatchCondition? = nil, _ fix: (@Sendable () -> String)? = nil
    ) {
        if outcome != .fail { outcome = verdict }
        let (deepest, missing) = field.isEmpty ? (place, "") : place.descend(field)
        findings.append(
            Finding(
                control: control, object: object, container: container, verdict: verdict, place: deepest, missing: missing, message: message,
                value: value, readOnly: readOnly, cause: cause, patch: patch, asksEstate: surroundings.wereAsked.load(ordering: .relaxed), fix: fix))
    }

    /// What comes from here on is about this control.
    mutating func begin(_ control: Int) {
        self.control = control
        container = ""
        outcome = .pass
        hasGap = false
        isCounted = control < counted.count && counted[control]
        surroundings.wereAsked.store(false, ordering: .relaxed)
    }

    /// Whether the check at work has asked for the estate. Shared by copies of a report: checks hand them to their functions.
    private final class Surroundings: Sendable {
        let wereAsked = Atomic(false)
    }

    mutating func gap(_ error: WrongType) {
        outcome = .notObservable
        hasGap = true
        // Every control meets the broken field of a Pod; kept each time, ten thousand broken Pods would be two million gaps.
        if gapsOfObject.object != object { gapsOfObject = (object, []) }
        if gapsOfObject.seen.insert(BrokenField(place: error.value.identity, expected: "\(error.expected)")).inserted { gaps.append(Gap(error)) }
    }

    private struct BrokenField: Hashable {
        let place: Int
        let expected: String
    }

    /// Leaves one finding for one fault where a control and one that it includes speak of the same place. The more
    /// severe one stays; of equals the milder requirement, since breaking that is the worse sin.
    mutating func dropRepeated(from start: Int, _ inclusions: [(kept: Int, dropped: Int)]) {
        // Most pairs are about nothing that was found.
        func isFound(_ control: Int) -> Bool { (start..<findings.count).contains { findings[$0].control == control } }
        for (kept, dropped) in inclusions where isFound(kept) && isFound(dropped) {
            // All findings are about one object, so places of one document: a number names each.
            let spoken = Set(findings[start...].lazy.filter { $0.control == kept && $0.verdict == .fail }.map(\.place.identity))
            guard !spoken.isEmpty else { continue }
            let left = findings[start...].filter { $0.control != dropped || !spoken.contains($0.place.identity) }
            findings.replaceSubrange(start..., with: left)
        }
    }

    /// Hands over what was found and starts anew.
    mutating func take() -> (findings: [Finding], gaps: [Gap]) {
        defer { (findings, gaps) = ([], []) }
        return (findings, gaps)
    }
}

/// A verdict other than pass on one subject, at one place.
public struct Finding: Sendable {
    /// Index into the catalogue that was judged.
    public let control: Int
    /// Index into the inventory.
    public let object: Int
    /// Empty when the finding is not about one container.
    public let container: String
    public var verdict: Verdict
    public let place: Value
    /// What is missing below `place`, a dotted path; empty when `place` itself is the fault.
    public let missing: String
    public let message: String
    /// What exactly is asked for, as a grant names it.
    public let value: String
    public let readOnly: Bool
    /// Writes the manifests that would mend this finding, ready for `kubectl apply -f -`; nil where only people can tell what they
    /// should be. A function, since most reports show few of them or none.
    public let fix: (@Sendable () -> String)?
    /// What in another object brings the finding about; nil when the object itself does.
    public let cause: Cause?
    /// How far a fix has come, where the finding is about one.
    public let patch: PatchCondition?
    /// The check asked for the estate around the object, so where that is not known the finding may be wrong.
    public let asksEstate: Bool

    /// A place in another object of the inventory.
    public struct Cause: Sendable {
        public let place: Value
        /// Index into the inventory.
        public let object: Int

        public init(_ place: Value, object: Int) {
            self.place = place
            self.object = object
        }
    }

    /// - Parameters:
    ///   - control: index into the catalogue.
    ///   - object: index into the inventory.
    public init(
        control: Int, object: Int, container: String = "", verdict: Verdict, place: Value, missing: String = "", message: String,
        value: String = "", readOnly: Bool = false, cause: Cause? = nil, patch: PatchCondition? = nil, asksEstate: Bool = false,
        fix: (@Sendable () -> String)? = nil
    ) {
        self.control = control
        self.object = object
        self.container = container
        self.verdict = verdict
        self.place = place
        self.missing = missing
        self.message = message
        self.value = value
        self.readOnly = readOnly
        self.cause = cause
        self.patch = patch
        self.asksEstate = asksEstate
        self.fix = fix
    }

    /// `spec.containers[0].securityContext.privileged`.
    public var fieldPath: String { join(place.fieldPath) }

    /// As `fieldPath`, with items by name: survives a change of order.
    public var stablePath: String { join(place.stablePath) }

    private func join(_ path: String) -> String {
        path.isEmpty || missing.isEmpty ? path + missing : path + "." + missing
    }
}

/// What a finding about a vulnerability shows of its fix, as models name it.
public enum PatchCondition: Sendable, Hashable {
    /// The fix is out and installed, and what runs is still what was there before.
    case fixNotRolledOut
    /// Nobody has a fix.
    case noUpstreamFix
}

/// Something that was not judged. A report always lists its gaps.
public struct Gap: Sendable, Hashable {
    public enum Reason: String, Sendable {
        case unreadable, syntax, encoding, limit, duplicateKey, duplicateObject, wrongType, notAnObject, noObjects, notObservable, noMatch
    }

    public let source: String
    public let line: Int
    public let column: Int
    public let reason: Reason
    public let message: String

    public init(source: String, line: Int = 0, column: Int = 0, reason: Reason, message: String) {
        self.source = source
        self.line = line
        self.column = column
        self.reason = reason
        self.message = message
    }

    public init(_ error: WrongType) {
        let path = error.value.fieldPath
        let owner = error.owner.isEmpty ? "" : " (\(error.owner))"
        // A cloud's own documents and evidence of machines never see an API server.
        let kind = error.value.document["kind"]
        let refused = kind.isWritten && kind.text != KubernetesObject.nodeEvidenceKind ? "the API server refuses it, so" : "as it is,"
        self.init(
            source: error.value.source, line: error.value.position.line, column: error.value.position.column, reason: .wrongType,
            message: "\(path.isEmpty ? "the document" : path)\(owner) should be \(error.expected); \(refused) it was not judged")
    }

    public init(_ problem: DocumentProblem) {
        let reason: Reason =
            switch problem.reason {
            case .syntax: .syntax
            case .encoding: .encoding
            case .limit: .limit
            case .duplicateKey: .duplicateKey
            }
        self.init(
            source: problem.source, line: problem.position?.line ?? 0, column: problem.position?.column ?? 0, reason: reason, message: problem.message
        )
    }
}

/// What an organisation can set for controls that depend on it.
public struct Settings: Sendable, Equatable {
    /// Registries (host, optionally with a path) that images may come from; empty allows none but judges nothing.
    public var allowedRegistries: [String] = []
    /// RuntimeClasses that put a Pod into a sandbox.
    public var sandboxRuntimeClasses: [String] = ["gvisor", "kata", "kata-containers", "runv", "rund", "runsc"]
    /// Namespaces whose programs belong to the provider; a tenant's webhook must not see them.
    public var providerNamespaces: [String] = ["kube-system"]
    /// Labels every workload must carry.
    public var requiredLabels: [String] = []
    /// Tags that move although they are not called `latest`, such as `dev` or `nightly`.
    public var floatingImageTags: [String] = []
    /// Every Pod must be put into a sandbox; unset, that is asked only where a sandbox is on offer.
    public var requiresSandbox = false
    /// Platforms whose controllers serve load balancers here (`alibaba`, `aws`, `google`, `azure`, `openstack`, `oracle`, `ibm`,
    /// `digitalocean`, `tencent`), so that another platform's annotation hides nothing; empty reads those of all.
    public var loadBalancerPlatforms: [String] = []
    /// Subjects that may be administrators of the whole cluster, `system:masters` not counted.
    public var maximumClusterAdministrators = 5
    /// The largest volume a claim may ask for, as a quantity.
    public var maximumVolumeSize = "10Ti"
    /// Ids of the security groups that Pods are in which are given no other; empty looks for a group that the platform marks.
    public var clusterSecurityGroups: [String] = []
    /// How the platform marks security groups of its own, and which rules it creates there. Without a model that says it, the
    /// marks of all platforms are looked for.
    public var platformGroups = PlatformGroups(marks: [.tag("aws:eks:cluster-name"), .managed])
    /// Where OSS buckets may lie, as the first part of their endpoint (`oss-eu-central-1`); empty judges nothing.
    public var allowedObjectStorageLocations: [String] = []
    /// The edition of a benchmark whose limits hold (`cis-1.11`); nil takes that of the version.
    public var benchmark: String?
    /// Days before its end by which a certificate must be renewed: by whoever runs the machine, and by hand by the holder of a kubeconfig.
    public var certificateNoticeDays = 30
    public var handRenewedCertificateNoticeDays = 60
    /// The same for an authority, with which all that it signed must be replaced.
    public var authorityNoticeDays = 180
    /// The longest lifetimes of client certificates and of authorities.
    public var maximumClientCertificateDays = 366
    public var maximumAuthorityDays = 3_653
    /// The age at which a key that encrypts what is stored must be replaced.
    public var maximumEncryptionKeyDays = 365
    /// Who shares the cluster and must be kept apart; none judges nothing.
    public var tenants = Tenants()
    /// What is known about vulnerable versions; none judges nothing.
    public var advisories = AdvisoryIndex.none

    public init() {}
}
