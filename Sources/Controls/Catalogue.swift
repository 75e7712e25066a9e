import Documents
public import Kubernetes

/// The controls of one run, with the functions that hold for its version of Kubernetes picked once.
public struct Catalogue: Sendable {
    public let controls: [Control]
    public let kubernetesVersion: KubernetesVersion
    private let checks: [Check?]
    /// Indexes of the controls that look at Pods.
    private let podControls: [Int]
    /// Indexes of the controls that look at programs of Kubernetes itself.
    private let componentControls: [Int]
    /// Indexes of the controls that look at a kind.
    private let objectControls: [String: [Int]]
    /// Pairs of controls that are both judged, where one includes the other: which of them stays where both find the same.
    private let inclusions: [(kept: Int, dropped: Int)]

    public init(_ controls: [Control], kubernetesVersion: KubernetesVersion = .newest) {
        self.controls = controls
        self.kubernetesVersion = kubernetesVersion
        checks = controls.map { $0.check(for: kubernetesVersion) }
        var podControls: [Int] = []
        var componentControls: [Int] = []
        var objectControls: [String: [Int]] = [:]
        for (index, control) in controls.enumerated() {
            switch control.checks.last?.check {
            case .pods, .containers: podControls.append(index)
            case .components: componentControls.append(index)
            case .objects(let kinds, _): for kind in kinds { objectControls[kind, default: []].append(index) }
            case .afterAttribution, nil: break
            }
        }
        self.podControls = podControls
        self.componentControls = componentControls
        self.objectControls = objectControls
        let indexes = Dictionary(controls.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        inclusions = controls.enumerated().flatMap { index, control in
            control.overrides.compactMap { indexes[$0] }.map { milder in
                control.severity > controls[milder].severity ? (kept: index, dropped: milder) : (kept: milder, dropped: index)
            }
        }
    }

    /// The same catalogue, in which some controls are not judged. Findings name the same indexes.
    public func leavingOut(_ isLeftOut: (Control) -> Bool) -> Catalogue {
        let kept = controls.map { !isLeftOut($0) }
        return Catalogue(
            self, podControls: podControls.filter { kept[$0] }, componentControls: componentControls.filter { kept[$0] },
            objectControls: objectControls.mapValues { $0.filter { kept[$0] } })
    }

    private init(_ other: Catalogue, podControls: [Int], componentControls: [Int], objectControls: [String: [Int]]) {
        (controls, kubernetesVersion, checks, inclusions) = (other.controls, other.kubernetesVersion, other.checks, other.inclusions)
        (self.podControls, self.componentControls, self.objectControls) = (podControls, componentControls, objectControls)
    }

    /// Judges the objects at these indexes of the inventory. Calls do not depend on each other, so an
    /// estate can be judged in parts.
    /// - Parameters:
    ///   - recordsQuiet: also keeps passes and what is not applicable, one by one.
    ///   - counted: by index of the control, whether its findings are counted and never read: they then have neither message nor value.
    public func judge(
        _ inventory: Inventory, objects: Range<Int>, settings: Settings = Settings(), recordsQuiet: Bool = false, counted: [Bool] = []
    ) -> Judgement {
        var report = Report(inventory: inventory, kubernetesVersion: kubernetesVersion, settings: settings, counted: counted)
        var judgement = Judgement()
        judgement.quiet = recordsQuiet ? [] : nil
        for index in objects {
            report.object = index
            let before = report.findings.count
            // Only what is asked for is copied out of the inventory: copying a whole object counts here.
            if let pod = inventory.objects[index].pod {
                for control in podControls { judge(control, pod: pod, &report, &judgement) }
            }
            if !componentControls.isEmpty, inventory.objects[index].holdsComponents {
                for control in componentControls { judge(control, object: inventory.objects[index], &report, &judgement) }
            }
            if !objectControls.isEmpty, let controls = objectControls[inventory.objects[index].kind] {
                let object = inventory.objects[index]
                if !object.isForeignNamesake {
                    for control in controls { judge(control, object: object, &report, &judgement) }
                }
            }
            if report.findings.count > before + 1, !inclusions.isEmpty { report.dropRepeated(from: before, inclusions) }
        }
        (judgement.findings, judgement.gaps) = report.take()
        return judgement
    }

    private func judge(_ control: Int, pod: PodSpec, _ report: inout Report, _ judgement: inout Judgement) {
        report.begin(control)
        do throws(WrongType) {
            if let malformed = pod.malformed { throw malformed }
            switch checks[control] {
            case .pods(let check): try check(pod, &report)
            case .containers(let check):
                for container in pod.containers {
                    report.container = container.name
                    try check(container, pod, &report)
                }
            default: report.notApplicable()
            }
        } catch {
            report.gap(error)
        }
        judgement.count(report)
    }

    private func judge(_ control: Int, object: KubernetesObject, _ report: inout Report, _ judgement: inout Judgement) {
        report.begin(control)
        do throws(WrongType) {
            switch checks[control] {
            case .objects(_, let check), .components(let check): try check(object, &report)
            default: report.notApplicable()
            }
        } catch {
            report.gap(error)
        }
        judgement.count(report)
    }
}

/// What judging a part of an estate gave.
public struct Judgement: Sendable {
    public var findings: [Finding] = []
    public var gaps: [Gap] = []
    /// Passes, what is not applicable and what a gap kept from being judged, when they were asked for.
    public fileprivate(set) var quiet: [QuietVerdict]?
    /// Pairs of control and subject that were judged.
    public private(set) var evaluated = 0
    public private(set) var passed = 0
    public private(set) var notApplicable = 0
    /// Pairs that could not be judged since a field has the wrong type.
    public private(set) var notObservable = 0

    public init() {}

    fileprivate mutating func count(_ report: Report) {
        count(report.outcome)
        // A gap leaves no finding behind, but whoever asks for quiet verdicts must not take it for silence.
        guard quiet != nil, report.outcome == .pass || report.outcome == .notApplicable || report.hasGap else { return }
        quiet?.append(QuietVerdict(control: report.control, object: report.object, verdict: report.hasGap ? .notObservable : report.outcome))
    }

    /// Counts one pair of control and subject that was judged.
    public mutating func count(_ outcome: Verdict) {
        evaluated += 1
        switch outcome {
        case .pass: passed += 1
        case .notApplicable: notApplicable += 1
        case .notObservable: notObservable += 1
        case .fail, .accepted, .manual: break
        }
    }

    /// Adds a part that was judged elsewhere; findings keep the order of the calls.
    public mutating func append(_ other: Judgement) {
        findings += other.findings
        gaps += other.gaps
        if let more = other.quiet { quiet = (quiet ?? []) + more }
        evaluated += other.evaluated
        passed += other.passed
        notApplicable += other.notApplicable
        notObservable += other.notObservable
    }
}

/// What one control said of one object without a finding.
public struct QuietVerdict: Sendable {
    /// Index into the catalogue.
    public let control: Int
    /// Index into the inventory.
    public let object: Int
    public let verdict: Verdict

    public init(control: Int, object: Int, verdict: Verdict) {
        self.control = control
        self.object = object
        self.verdict = verdict
    }
}
