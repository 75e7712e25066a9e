public import Controls

/// What the webhook does about a finding, and which defaults it fills in: the part `admission` of a model.
public struct AdmissionRules: Sendable, Equatable {
    public enum Mode: String, Sendable, CaseIterable {
        /// The request is refused.
        case deny
        /// Whoever asked hears of it; the request goes through.
        case warn
        /// It is kept in the audit log only.
        case audit
    }

    /// One row; the first that covers a finding decides.
    public struct Rule: Sendable, Equatable {
        /// A control's id, or a framework's check such as `pss:privileged`, or `pss:*`.
        public let control: Pattern
        /// Of the framework's check, nil for any.
        public let level: String?
        /// Who answers for the finding; empty for anybody.
        public let parties: [Party]
        public let mode: Mode

        public init(control: Pattern, level: String? = nil, parties: [Party] = [], mode: Mode) {
            (self.control, self.level, self.parties, self.mode) = (control, level, parties, mode)
        }

        /// Whether the row is about this control at all.
        func names(_ control: Control) -> Bool {
            if level == nil, self.control.matches(control.id) { return true }
            return control.references.contains { reference in
                (level == nil || level == reference.level) && self.control.matches("\(reference.framework):\(reference.id)")
            }
        }
    }

    public let rules: [Rule]
    public let defaults: SecureDefaults
    /// Users that create Pods for an owner, beside the controllers of Kubernetes itself. Only of what they create the owner's
    /// grant is believed.
    public let controllers: [Pattern]

    public init(rules: [Rule] = [], defaults: SecureDefaults = SecureDefaults(), controllers: [Pattern] = []) {
        (self.rules, self.defaults, self.controllers) = (rules, defaults, controllers)
    }

    /// Of the findings of a Pod those that it is refused for; all of them where nothing is ever refused, and so no denial says what to apply for.
    ///
    /// Rows may ask who answers for a finding. Before that is known, what somebody would be refused for counts.
    public func refused(_ findings: [Finding], of controls: [Control]) -> [Finding] {
        let prepared = prepared(for: controls)
        guard prepared.joined().contains(where: { $0.mode == .deny }) else { return findings }
        let denies = prepared.map { rules in Party.allCases.contains { rules.mode(for: $0) == .deny } }
        // The neighbours of the object are not looked at by the webhook.
        return findings.filter { denies[$0.control] && !$0.asksEstate }
    }

    /// For each control the rows about it, in order: looked up once, asked for each finding.
    public func prepared(for controls: [Control]) -> [[Rule]] {
        controls.map { control in rules.filter { $0.names(control) } }
    }
}

extension [AdmissionRules.Rule] {
    /// What is done whoever answers; nil where that depends on who does.
    public var modeForAnybody: AdmissionRules.Mode? {
        let modes = Set(Party.allCases.map(mode))
        return modes.count == 1 ? modes.first : nil
    }

    /// What the first row decides; without one people are warned.
    public func mode(for party: Party) -> AdmissionRules.Mode {
        first { $0.parties.isEmpty || $0.parties.contains(party) }?.mode ?? .warn
    }
}

/// Fields that are filled in where a Pod says nothing of them.
public struct SecureDefaults: Sendable, Equatable {
    /// Sandboxes; the first that the cluster has is taken.
    public let runtimeClassNames: [String]
    /// `RuntimeDefault`, empty to leave it.
    public let seccompProfile: String
    /// Capabilities taken from containers that do not say what they drop.
    public let droppedCapabilities: [String]
    /// Pods that name no ServiceAccount of their own get no token, unless they ask for one.
    public let withholdsTokens: Bool

    public init(
        runtimeClassNames: [String] = [], seccompProfile: String = "", droppedCapabilities: [String] = [], withholdsTokens: Bool = false
    ) {
        (self.runtimeClassNames, self.seccompProfile) = (runtimeClassNames, seccompProfile)
        (self.droppedCapabilities, self.withholdsTokens) = (droppedCapabilities, withholdsTokens)
    }
}
