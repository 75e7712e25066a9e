public import Documents

/// One condition of a grant's status, as Kubernetes has them.
public struct GrantCondition: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        case applied = "Applied"
        case approved = "Approved"
        case denied = "Denied"
        case accepted = "Accepted"
        case active = "Active"
        case expired = "Expired"
        case revoked = "Revoked"
        case unused = "Unused"
        case superseded = "Superseded"
    }

    public enum Status: String, Sendable, CaseIterable {
        case yes = "True"
        case no = "False"
        case unknown = "Unknown"
    }

    public let kind: Kind
    public let status: Status
    /// One word in CamelCase.
    public let reason: String
    public let message: String
    /// `metadata.generation` of the object that was judged; nil for a file.
    public let observedGeneration: Int64?
    /// When the status became what it is: taken over from the object where it was the same there.
    public let lastTransitionTime: Timestamp

    /// As an item of `status.conditions`.
    public var manifest: ManifestText {
        var entries: [ManifestText.Entry] = [
            .init("type", .text(kind.rawValue)), .init("status", .text(status.rawValue)), .init("reason", .text(reason)),
            .init("message", .text(message)), .init("lastTransitionTime", .text(lastTransitionTime.description)),
        ]
        if let observedGeneration { entries.append(.init("observedGeneration", .number(observedGeneration))) }
        return .map(entries)
    }
}

/// How far a grant has come, in one word for printing.
public enum GrantPhase: String, Sendable, CaseIterable {
    /// Written or applied for; approvals are missing.
    case applied
    /// Approved; the liability is not accepted.
    case approved
    case denied
    /// The liability is accepted; approvals are missing.
    case accepted
    case active
    /// Approved and accepted; its time has not come.
    case early
    /// Active, and to end soon.
    case expiring
    case expired
    case revoked
    /// Another spec took its place.
    case superseded
}

/// Who is to act for a grant to get further.
public enum GrantNext: Sendable, Hashable, CustomStringConvertible {
    case nobody
    /// Somebody must say that this spec is applied for: after a change, a denial or a revocation.
    case applicant
    /// So many people other than the applicants must approve.
    case approvers(Int)
    case accountable(Accountable)
    /// Somebody must apply for another period or take the privilege out of the workload.
    case owner(Accountable)
    /// Somebody other than who broke the glass must look at it.
    case reviewer

    public var description: String {
        switch self {
        case .nobody: "-"
        case .applicant: "applicant"
        case .approvers(let count): count == 1 ? "1 approver" : "\(count) approvers"
        case .accountable(let accountable): accountable.description
        case .owner(let accountable): "\(accountable.description) (renew)"
        case .reviewer: "reviewer"
        }
    }
}
