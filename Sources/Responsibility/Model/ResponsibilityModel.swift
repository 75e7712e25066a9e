public import Controls
public import Kubernetes

/// A document of kind `ResponsibilityModel`: who answers for what on one platform.
///
/// It is data, so that an organisation can write its own, compare it with a built-in one and let a lawyer
/// read it. `docs/models.md` tells how.
public struct ResponsibilityModel: Sendable, Equatable {
    /// `acs`
    public let name: String
    public let title: String
    public let duties: [Duty]
    /// The pages the rows rest on.
    public let sources: [Source]
    /// What the parties are called on this platform.
    public let parties: [Party: String]
    public let planes: Planes
    public let principals: [Principal]
    public let origins: [Origin]
    public let transfers: [Transfer]
    public let privileges: [Privilege]
    /// Who shares the cluster and must be kept apart.
    public let tenants: Tenants
    /// The security groups that the platform makes.
    public let securityGroups: PlatformGroups
    /// What the webhook does on this platform.
    public let admission: AdmissionRules
    /// The way to a privilege in an emergency; nil where there is none.
    public let breakGlass: BreakGlass?
    /// What a grantee accepts. Grants name its hash, so that nobody can say later he read another text.
    public let liability: String

    public init(
        name: String, title: String, duties: [Duty], sources: [Source] = [], parties: [Party: String] = [:], planes: Planes = Planes(),
        principals: [Principal] = [], origins: [Origin] = [], transfers: [Transfer] = [], privileges: [Privilege] = [],
        tenants: Tenants = Tenants(), securityGroups: PlatformGroups = PlatformGroups(), admission: AdmissionRules = AdmissionRules(),
        breakGlass: BreakGlass? = nil, liability: String = ""
    ) {
        self.name = name
        self.title = title
        self.duties = duties
        self.sources = sources
        self.parties = parties
        self.planes = planes
        self.principals = principals
        self.origins = origins
        self.transfers = transfers
        self.privileges = privileges
        self.tenants = tenants
        self.securityGroups = securityGroups
        self.admission = admission
        self.breakGlass = breakGlass
        self.liability = liability
    }

    public func duty(_ id: String) -> Duty? { duties.first { $0.id == id } }

    /// `sha256:…` of the liability text, nil when the model has none.
    public var liabilityHash: String? { liability.isEmpty ? nil : Digest.sha256(Array(liability.utf8)) }
}

/// One row of a responsibility model.
public struct Duty: Sendable, Equatable {
    /// `C5`
    public let id: String
    public let title: String
    /// Who answers when nothing else decides; who always answers when the duty is fixed.
    public let party: Party
    /// The party answers without condition: no grant, record or plane is looked at.
    public let isFixed: Bool
    /// Controls that verify this duty although they name another one.
    public let controls: [String]
    /// Ids of `ResponsibilityModel.sources`.
    public let sources: [String]

    public init(id: String, title: String, party: Party, isFixed: Bool = false, controls: [String] = [], sources: [String] = []) {
        self.id = id
        self.title = title
        self.party = party
        self.isFixed = isFixed
        self.controls = controls
        self.sources = sources
    }
}

/// A page that rows of a model rest on.
public struct Source: Sendable, Equatable {
    public let id: String
    public let title: String
    public let url: String

    public init(id: String, title: String, url: String) {
        self.id = id
        self.title = title
        self.url = url
    }
}
