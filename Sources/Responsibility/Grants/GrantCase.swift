public import Controls
import Documents

/// One grant with everything that controls about grants ask.
struct GrantCase: Sendable {
    let grant: PrivilegeGrant
    let evaluation: GrantEvaluation
    /// Indexes of the privileges that accepted a finding.
    let used: Set<Int>
    /// Ids of the controls that were judged; about the others nothing can be said.
    let judged: Set<String>
    /// An object of the estate is the workload the grant names.
    let hasWorkload: Bool
    let now: Timestamp

    var state: GrantState { evaluation.effective }
    /// The spec that is judged.
    var spec: Value { grant.terms.place }

    func remarks(_ kind: GrantRemark.Kind) -> [GrantComplaint] {
        state.remarks.filter { $0.kind == kind }.map { GrantComplaint(place: $0.place, message: $0.message) }
    }

    /// Privileges in force whose control was judged and found no use of them.
    var idle: [GrantedPrivilege] {
        grant.privileges.enumerated().filter { state.isInForce($0) && judged.contains($1.control) && !used.contains($0) }.map(\.element)
    }
}

/// What is wrong with a grant, and where.
struct GrantComplaint: Sendable {
    let place: Value
    let message: String
}

/// A control about grants. It cannot be judged by the engine, since it asks what other controls found and who
/// answers for it; everything else about it is a control as any other.
struct GrantControl: Sendable {
    let control: Control
    /// nil when the requirement has no meaning for this grant.
    let complaints: @Sendable (GrantCase) -> [GrantComplaint]?
}

/// The controls about grants, for the catalogue. `GrantAudit` judges them.
public enum GrantControls {
    public static let all: [Control] = [GrantControl.grantMalformed.control] + judged.map(\.control)

    /// Those that are about grants that can be read.
    static let judged: [GrantControl] = [
        .grantNotApproved, .grantSelfApproved, .grantExpired, .grantExpiring, .grantTooWide, .grantUnused, .grantOrphaned,
        .grantEmergencyUnreviewed,
        .interactiveAccess,
    ]

    /// The control whose privilege lets people enter Pods that run under a grant.
    public static let interactiveAccess = "interactive-access"
}
