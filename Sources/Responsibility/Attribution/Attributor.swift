public import Controls
public import Documents
public import Kubernetes

/// Decides for each finding who must act, by what, and how sure that is.
///
/// Pure: the model, the grants, the estate and the instant go in once, nothing else is looked at. A step that
/// decides ends the search; every step tried is in the chain. What a customer can write (names, namespaces,
/// labels, annotations, the manager's name) never moves a finding to the provider: it may strengthen what the
/// plane presumes, or speak against its writer (`docs/decisions/0003-attribution-is-pure.md`).
public struct Attributor: Sendable {
    public let model: ResponsibilityModel
    public let grants: GrantRegister
    public let inventory: Inventory
    public let exceptions: ExceptionList
    /// What audit logs prove; nil without any.
    let writes: (any WriteRecord)?
    let answers: PreparedAnswers
    /// nil for an estate without a record of a security group.
    let groupEvidence: GroupEvidence?
    private let dutyIndexes: [String: Int]
    /// Controls that a duty names although they name another one.
    private let dutyOfControl: [String: Int]
    /// What the model says about each control of a catalogue, where that was prepared.
    private let prepared: [Subject]

    public init(
        model: ResponsibilityModel, grants: GrantRegister, inventory: Inventory, exceptions: ExceptionList = ExceptionList(),
        writes: (any WriteRecord)? = nil
    ) {
        self.model = model
        self.writes = writes
        self.grants = grants
        self.inventory = inventory
        self.exceptions = exceptions
        answers = PreparedAnswers(model)
        groupEvidence = GroupEvidence(inventory)
        dutyIndexes = Dictionary(model.duties.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var dutyOfControl: [String: Int] = [:]
        for (index, duty) in model.duties.enumerated() { for control in duty.controls { dutyOfControl[control] = index } }
        self.dutyOfControl = dutyOfControl
        prepared = []
    }

    /// As above, with the grants of the estate read for an instant.
    public init(
        model: ResponsibilityModel, inventory: Inventory, controls: [Control], now: Timestamp, exceptions: ExceptionList = ExceptionList(),
        writes: (any WriteRecord)? = nil
    ) {
        self.init(
            model: model, grants: GrantRegister(inventory, controls: controls, model: model, now: now), inventory: inventory, exceptions: exceptions,
            writes: writes)
    }

    /// The same model and exceptions over another estate. What was worked out about the model is shared: a webhook asks this for each request.
    /// - Parameter writes: what is proven about who wrote what there.
    public func over(_ inventory: Inventory, grants: GrantRegister, writes: (any WriteRecord)? = nil) -> Attributor {
        Attributor(self, inventory: inventory, grants: grants, writes: writes, prepared: prepared)
    }

    /// The same, for findings of this catalogue only.
    public func prepared(for controls: [Control]) -> Attributor {
        Attributor(
            self, inventory: inventory, grants: grants, writes: writes, prepared: controls.map { Subject(control: $0, duty: dutyIndex(of: $0)) })
    }

    private init(_ other: Attributor, inventory: Inventory, grants: GrantRegister, writes: (any WriteRecord)?, prepared: [Subject]) {
        (self.prepared, self.writes) = (prepared, writes)
        (model, exceptions, answers) = (other.model, other.exceptions, other.answers)
        (dutyIndexes, dutyOfControl) = (other.dutyIndexes, other.dutyOfControl)
        (self.inventory, self.grants) = (inventory, grants)
        groupEvidence = GroupEvidence(inventory)
    }

    /// Events of trails that could not be read: what they changed is not known.
    public var unreadable: [WrongType] { groupEvidence?.history.malformed ?? [] }

    /// The duty a control verifies under this model.
    public func duty(of control: Control) -> Duty? { dutyIndex(of: control).map { model.duties[$0] } }

    private func dutyIndex(of control: Control) -> Int? { dutyOfControl[control.id] ?? dutyIndexes[control.duty] }

    // MARK: - One finding

    public func attribute(_ finding: Finding, control: Control, object: KubernetesObject) -> AttributedFinding {
        let subject = Subject(control: control, duty: dutyIndex(of: control))
        let evidence = ObjectEvidence(object, model: model, grants: grants, inventory: inventory)
        return attribute(finding, subject, evidence, fingerprint: Fingerprint(finding, control: control, object: object).value.digits)
    }

    /// A control with what the model says about it.
    struct Subject {
        let control: Control
        /// Index into the model's duties, nil when the model lacks the duty.
        let duty: Int?
        let isAboutSysctls: Bool

        init(control: Control, duty: Int?) {
            self.control = control
            self.duty = duty
            isAboutSysctls = control.id.contains("sysctl") || control.references.contains { $0.id.hasPrefix("sysctls") }
        }
    }

    private func attribute(_ finding: Finding, _ subject: Subject, _ evidence: ObjectEvidence, fingerprint: String) -> AttributedFinding {
        var finding = finding
        var decision = decide(finding, subject, evidence)
        if decision.grant == nil, finding.verdict == .fail, !exceptions.isEmpty {
            decision.grant = exceptions.exception(for: finding, control: subject.control, object: evidence.object)?.name
        }
        if decision.grant != nil { finding.verdict = .accepted }
        return AttributedFinding(finding: finding, attribution: decision.attribution, grant: decision.grant, fingerprint: fingerprint)
    }

    // MARK: - Many findings

    /// Attributes findings in the order the catalogue gave them. Findings of one object that stand together
    /// share what is gathered about it; parts of an estate can be attributed independently.
    ///
    /// - Parameter controls: of the catalogue that was judged; `Finding.control` indexes it.
    public func attribute(_ findings: [Finding], controls: [Control]) -> [AttributedFinding] {
        var subjects: [Int: Subject] = [:]
        var attributed: [AttributedFinding] = []
        attributed.reserveCapacity(findings.count)
        // How often each fingerprint was asked for: an object may hold the same finding a hundred thousand times.
        var seen: [Fingerprint.Value: Int] = [:]
        var position = findings.startIndex
        while position < findings.endIndex {
            let index = findings[position].object
            let object = inventory.objects[index]
            let evidence = ObjectEvidence(object, model: model, grants: grants, inventory: inventory)
            seen.removeAll(keepingCapacity: true)
            while position < findings.endIndex, findings[position].object == index {
                let finding = findings[position]
                let control = controls[finding.control]
                let subject: Subject
                if prepared.indices.contains(finding.control) {
                    subject = prepared[finding.control]
                } else {
                    subject = subjects[finding.control] ?? Subject(control: control, duty: dutyIndex(of: control))
                    subjects[finding.control] = subject
                }
                let first = Fingerprint(finding, control: control, object: object)
                let occurrence = seen[first.value, default: 0]
                seen[first.value] = occurrence + 1
                let fingerprint = first.repeated(occurrence).value
                attributed.append(attribute(finding, subject, evidence, fingerprint: fingerprint.digits))
                position += 1
            }
        }
        return attributed
    }
}
