public import Controls

/// A finding with the party that must act on it.
public struct AttributedFinding: Sendable {
    public let finding: Finding
    public let attribution: Attribution
    /// `namespace/name` of the grant, or the name of the exception, that makes it accepted.
    public let grant: String?
    /// 32 hexadecimal digits that stay the same when lines move, containers change order or text is reformatted.
    public let fingerprint: String

    public init(finding: Finding, attribution: Attribution, grant: String? = nil, fingerprint: String) {
        self.finding = finding
        self.attribution = attribution
        self.grant = grant
        self.fingerprint = fingerprint
    }
}
