/// Who answers.
public enum Party: String, Sendable, CaseIterable {
    case provider, customer
    /// Both must act.
    case shared
    /// A third party that owns an add-on or chart.
    case vendor
    /// No fix exists anywhere yet.
    case upstream
}

/// Who must act on a finding, and why.
public struct Attribution: Sendable, Equatable {
    /// The step that decided.
    public enum Basis: String, Sendable, CaseIterable {
        case fixedDuty, grant, provenance, origin, transfer, plane
    }

    public enum Strength: String, Sendable, CaseIterable {
        /// By an authenticated record: audit log, signed ledger.
        case proven
        /// By a record whose content the client chose: managedFields' manager, labels, chart metadata.
        case recorded
        /// By a default of the model.
        case presumed
    }

    public let party: Party
    /// The person, team or service account, if known.
    public let principal: String?
    public let basis: Basis
    public let strength: Strength
    /// Every step that was tried, in order, the deciding one last.
    public let chain: [String]
    /// Who wrote the value, or removed it, where a record of authenticated requests proves that; whoever answers for it. A duty that the
    /// model gives to one party without condition is decided before anybody looks.
    public let introducedBy: ProvenWriter?

    public init(
        party: Party, principal: String? = nil, basis: Basis, strength: Strength, chain: [String], introducedBy: ProvenWriter? = nil
    ) {
        self.party = party
        self.principal = principal
        self.basis = basis
        self.strength = strength
        self.chain = chain
        self.introducedBy = introducedBy
    }
}
