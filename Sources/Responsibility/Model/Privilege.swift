public import Controls

/// How a privilege can be had on a platform.
public struct Privilege: Sendable, Equatable {
    public enum Tier: String, Sendable, CaseIterable {
        /// The customer accepts the liability and needs nobody's approval.
        case selfService = "self-service"
        /// Somebody else must approve.
        case application
        /// The platform lets nobody have it.
        case never
    }

    /// A control's id, or a framework's check such as `pss:hostPathVolumes`, or `pss:*`.
    public let control: Pattern
    /// What may be asked for under this row, empty for anything the control finds.
    public let values: [Pattern]
    public let tier: Tier
    /// How long a grant may last.
    public let longest: Span
    /// How many different people must approve.
    public let approvals: Int
    /// Whoever approves must not also be the one who accepts the liability.
    public let needsTwoKeys: Bool
    public let title: String
    public let sources: [String]

    public init(
        control: Pattern, values: [Pattern] = [], tier: Tier, longest: Span = .days(90), approvals: Int = 1, needsTwoKeys: Bool = false,
        title: String = "", sources: [String] = []
    ) {
        self.control = control
        self.values = values
        self.tier = tier
        self.longest = longest
        self.approvals = approvals
        self.needsTwoKeys = needsTwoKeys
        self.title = title
        self.sources = sources
    }

    func covers(_ control: Control, value: String) -> Bool {
        guard values.isEmpty || values.contains(where: { $0.matches(value) }) else { return false }
        return self.control.matches(control.id)
            || control.references.contains { self.control.matches("\($0.framework):\($0.id)") }
    }
}

extension ResponsibilityModel {
    /// The first row that covers a privilege; without one it cannot be granted on this platform.
    ///
    /// - Parameter value: in the normal form of `PrivilegeValue`.
    public func privilege(for control: Control, value: String) -> Privilege? {
        privileges.first { $0.covers(control, value: value) }
    }
}
