public import Controls
public import Documents
public import Kubernetes
public import Responsibility

/// Decides about admission reviews: the controls, the model and the grants of a scan, asked about one object.
///
/// Pure: body, estate and instant go in, an answer comes out. What needs to be asked of the API server is handed back as a question.
public struct AdmissionEngine: Sendable {
    let model: ResponsibilityModel
    let catalogue: Catalogue
    /// Without what only the neighbours of an object could tell.
    private let alone: Catalogue
    let settings: Settings
    /// For each control the rows of the model about it.
    let rules: [[AdmissionRules.Rule]]
    /// For each control what is done whoever answers; nil where that must be found out first.
    let modes: [AdmissionRules.Mode?]
    /// By index of the control: whether a finding is only counted where nobody reads it.
    private let counted: [Bool]
    /// Where nothing is ever refused. By their exact names: with a pattern, whoever may create a namespace could choose to be exempt.
    let exemptNamespaces: Set<String>
    /// The user name under which the server itself writes; nil where it writes nothing.
    let account: String?
    private let attributor: Attributor

    /// - Parameters:
    ///   - catalogue: with those of `GrantControls` that a grant may name.
    ///   - exemptNamespaces: in which nothing is refused; nil takes the system namespaces that the model names in full. Where the cluster is
    ///     known, give only those that exist: a name that nobody has would be there for whoever takes it first.
    ///   - account: the user name under which the server itself writes the conditions of grants.
    public init(
        model: ResponsibilityModel, catalogue: Catalogue, settings: Settings = Settings(), exceptions: ExceptionList = ExceptionList(),
        exemptNamespaces: Set<String>? = nil, account: String? = nil
    ) {
        self.model = model
        self.catalogue = catalogue
        self.settings = settings
        self.account = account
        self.exemptNamespaces = exemptNamespaces ?? Set(model.planes.systemNames.filter(\.isExact).map(\.description))
        alone = catalogue.leavingOut { Surroundings.decide($0) }
        rules = model.admission.prepared(for: catalogue.controls)
        modes = rules.map(\.modeForAnybody)
        counted = modes.map { $0 == .warn || $0 == .audit }
        let nothing = Inventory([])
        let noGrants = GrantRegister(nothing, controls: [], model: model, now: Timestamp(secondsSinceEpoch: 0))
        attributor = Attributor(model: model, grants: noGrants, inventory: nothing, exceptions: exceptions).prepared(for: catalogue.controls)
    }

    /// Answers a review.
    ///
    /// - Parameter target: the Pod that a `CONNECT` is about, as it is in the cluster.
    public func rule(
        _ stage: AdmissionAnswer.Stage, _ request: AdmissionRequest, target: ConnectionTarget = .unknown, in estate: AdmissionEstate,
        at now: Timestamp
    ) -> AdmissionRuling {
        switch stage {
        case .mutate:
            AdmissionRuling(
                request.group == PrivilegeGrantGuard.group ? stamp(request, at: now) : defaults(for: request, in: estate))
        case .validate: validate(request, target: target, in: estate, at: now)
        }
    }

    /// Whether the platform keeps this namespace for itself. Nothing there waits for the webhook, so nothing there is refused.
    func isExempt(_ namespace: String) -> Bool { exemptNamespaces.contains(namespace) }

    // MARK: - Judging one object

    /// What the controls say of one object, and who answers.
    struct Judged {
        var findings: [AttributedFinding] = []
        /// Findings that nobody reads, by what is done about them.
        var unread: [AdmissionRules.Mode: Int] = [:]
        var gaps: [Gap] = []
        let inventory: Inventory
    }

    /// - Parameters:
    ///   - owners: of the object, confirmed.
    ///   - grants: asked for where there is a finding.
    ///   - isRead: somebody reads the warnings. Otherwise who answers for them need not be found out, which takes as long as the rest.
    ///   - writes: who wrote what, asked for where there is a finding.
    func judge(
        _ object: KubernetesObject, owners: [KubernetesObject] = [], grants: @autoclosure () -> GrantRegister, isRead: Bool = true,
        writes: () -> (any WriteRecord)? = { nil }
    ) -> Judged {
        let inventory = Inventory([object] + owners)
        let judgement = alone.judge(inventory, objects: 0..<1, settings: settings, counted: isRead ? [] : counted)
        var judged = Judged(gaps: judgement.gaps, inventory: inventory)
        var read: [Finding] = []
        for finding in judgement.findings {
            if !isRead, counted[finding.control], finding.verdict == .fail, let mode = modes[finding.control] {
                judged.unread[mode, default: 0] += 1
            } else {
                read.append(finding)
            }
        }
        if !read.isEmpty {
            judged.findings = attributor.over(inventory, grants: grants(), writes: writes()).attribute(read, controls: catalogue.controls)
        }
        return judged
    }
}

/// What is known of the Pod that somebody wants to enter.
public enum ConnectionTarget: Sendable {
    case pod(KubernetesObject)
    /// The cluster has no such Pod.
    case missing
    /// The cluster could not be asked.
    case unreadable
    /// There is no cluster to ask.
    case unknown
}

/// An answer, or one of two that hangs on what the API server says.
public struct AdmissionRuling: Sendable {
    public let answer: AdmissionAnswer
    /// Must be answered with yes for `answer` to be given; otherwise `refusal` is.
    public let question: AccessQuestion?
    public let refusal: AdmissionAnswer?

    init(_ answer: AdmissionAnswer) { (self.answer, question, refusal) = (answer, nil, nil) }

    init(_ answer: AdmissionAnswer, if question: AccessQuestion, else refusal: AdmissionAnswer) {
        (self.answer, self.question, self.refusal) = (answer, question, refusal)
    }
}

/// Whether somebody may do something: the content of a SubjectAccessReview.
public struct AccessQuestion: Sendable, Equatable {
    public let user: AdmissionUser
    public let verb: String
    public let group: String
    public let resource: String
    public let namespace: String
    public let name: String
}
