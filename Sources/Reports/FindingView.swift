public import Controls
public import Responsibility

/// What one reader of a scan wants to see: the same scan, narrowed to the findings that are theirs or that
/// weigh enough. What a view leaves out is counted, so that a narrow report never looks like a clean one.
public struct FindingView: Sendable, Equatable {
    /// Parties whose findings are shown; empty shows all.
    public var parties: Set<Party>
    public var minimumSeverity: Severity

    public init(parties: Set<Party> = [], minimumSeverity: Severity = .info) {
        self.parties = parties
        self.minimumSeverity = minimumSeverity
    }

    /// What a party must act on. `shared` means that both act, so it belongs to the provider's and to the customer's view.
    public init(of party: Party, minimumSeverity: Severity = .info) {
        let both = party == .provider || party == .customer
        self.init(parties: both ? [party, .shared] : [party], minimumSeverity: minimumSeverity)
    }

    public static let everything = FindingView()

    public func shows(_ finding: AttributedFinding, severity: Severity) -> Bool {
        severity >= minimumSeverity && (parties.isEmpty || parties.contains(finding.attribution.party))
    }
}

extension ScanResult {
    /// The result as a view shows it. Coverage and gaps stay, since what was not judged concerns everybody, and so do passes, which are
    /// nobody's to act on.
    public func seen(through view: FindingView) -> ScanResult {
        guard view != .everything else { return self }
        let shown = findings.filter { view.shows($0, severity: control(of: $0).severity) }
        var result = self
        result.hidden += findings.count - shown.count
        result.findings = shown
        return result
    }

    /// The result without the findings that were known before; they are not counted as hidden, since whoever
    /// keeps a baseline asked for that.
    public func without(known: (AttributedFinding) -> Bool) -> ScanResult {
        var result = self
        result.findings.removeAll(where: known)
        return result
    }
}
