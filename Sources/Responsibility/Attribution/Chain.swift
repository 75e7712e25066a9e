/// The steps tried so far.
struct Chain {
    private var steps: [String]
    private let introducedBy: ProvenWriter?

    init(_ first: String, introducedBy: ProvenWriter? = nil) {
        steps = [first]
        steps.reserveCapacity(6)
        self.introducedBy = introducedBy
    }

    mutating func note(_ step: String) { steps.append(step) }

    func decide(
        _ step: String, party: Party, principal: String? = nil, basis: Attribution.Basis, strength: Attribution.Strength
    ) -> Attribution {
        Attribution(party: party, principal: principal, basis: basis, strength: strength, chain: steps + [step], introducedBy: introducedBy)
    }
}

/// Steps that say the same for most findings. They are shared, never built.
enum StepWords {
    static let noGrant = "grant: no grant names this workload"
    static let noManagedFields = "provenance: the object has no managedFields"
    static let badManagedFields = "provenance: managedFields cannot be read"
    static let noOwner = "provenance: managedFields name nobody for this field"
    static let noOrigin = "origin: no mark of a chart or add-on"
    static let grantDuty = "fixedDuty: P2b is nobody's without condition"
    static let noTransfer = "transfer: no condition that manifests can show"
}

/// Attributions that depend on nothing but duty and plane, built once: almost every finding of a scan of files
/// gets one of these, and sharing them is what keeps attribution off the profile.
struct PreparedAnswers: Sendable {
    /// By index of the duty; nil for duties that leave room for the other steps.
    let fixed: [Attribution?]
    private let plain: [Attribution]
    private let duties: [Duty]
    private let planes: Planes
    private let open: [String]

    init(_ model: ResponsibilityModel) {
        duties = model.duties
        planes = model.planes
        fixed = model.duties.map { duty in
            guard duty.isFixed else { return nil }
            let text = "fixedDuty: \(duty.id) (\(duty.title)) is \(duty.party.possessive) without condition"
            return Attribution(party: duty.party, basis: .fixedDuty, strength: .presumed, chain: [text])
        }
        open =
            model.duties.map { duty in
                duty.isFixed
                    ? "fixedDuty: \(duty.id) is \(duty.party.possessive), but not on machines that others answer for"
                    : "fixedDuty: \(duty.id) is nobody's without condition"
            } + ["fixedDuty: the model does not have this duty"]
        var plain: [Attribution] = []
        for index in 0...model.duties.count {
            for plane in Plane.allCases {
                for isMissing in [false, true] {
                    let duty = model.duties.indices.contains(index) ? model.duties[index] : nil
                    let (party, text) = PreparedAnswers.presumption(duty, model.planes, plane, isMissing)
                    let chain = [open[index], StepWords.noGrant, StepWords.noManagedFields, StepWords.noOrigin, StepWords.noTransfer, text]
                    plain.append(Attribution(party: party, basis: .plane, strength: .presumed, chain: chain))
                }
            }
        }
        self.plain = plain
    }

    func plain(duty: Int?, plane: Plane, isMissing: Bool) -> Attribution {
        plain[((duty ?? duties.count) * Plane.allCases.count + plane.index) * 2 + (isMissing ? 1 : 0)]
    }

    func openDuty(_ duty: Int?) -> String { open[duty ?? duties.count] }

    func defaultParty(_ duty: Int?) -> Party { duty.map { duties[$0].party } ?? .customer }

    func presumption(duty: Int?, plane: Plane, isMissing: Bool) -> (Party, String) {
        PreparedAnswers.presumption(duty.map { duties[$0] }, planes, plane, isMissing)
    }

    /// Step 6. What stands in a customer's object was written by a customer; what is missing there is the
    /// business of whoever has the duty.
    private static func presumption(_ duty: Duty?, _ planes: Planes, _ plane: Plane, _ isMissing: Bool) -> (Party, String) {
        let party = planes.party(of: plane)
        if let duty, party == .customer, isMissing, duty.party != .customer {
            return (duty.party, "plane: \(plane.noun), and nobody set the field; duty \(duty.id) (\(duty.title)) is \(duty.party.possessive)")
        }
        return (party, "plane: \(plane.noun) is \(party.possessive)")
    }
}

extension Plane {
    fileprivate var index: Int {
        switch self {
        case .controlPlane: 0
        case .node: 1
        case .systemNamespaces: 2
        case .tenantNamespaces: 3
        case .cluster: 4
        }
    }
}

extension Party {
    /// "is the provider's"
    public var possessive: String {
        switch self {
        case .provider: "the provider's"
        case .customer: "the customer's"
        case .shared: "shared by both"
        case .vendor: "the vendor's"
        case .upstream: "upstream's"
        }
    }
}
