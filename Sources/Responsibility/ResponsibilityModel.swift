/// A document of kind `ResponsibilityModel`: who answers for what on one platform.
public struct ResponsibilityModel: Sendable {
    /// `acs`
    public let name: String
    public let title: String
    public let duties: [Duty]

    public init(name: String, title: String, duties: [Duty]) {
        self.name = name
        self.title = title
        self.duties = duties
    }
}

/// One row of a responsibility model.
public struct Duty: Sendable, Equatable {
    /// `C5`
    public let id: String
    public let title: String
    /// Who answers when nothing else decides.
    public let party: Party

    public init(id: String, title: String, party: Party) {
        self.id = id
        self.title = title
        self.party = party
    }
}
