public import Controls
public import Kubernetes
public import Responsibility

/// Everything a scan found, as every report format reads it.
public struct ScanResult: Sendable {
    /// `0.1.0`
    public let toolVersion: String
    public let model: ResponsibilityModel
    public let catalogue: Catalogue
    public let inventory: Inventory
    /// RFC 3339, UTC.
    public let scannedAt: String
    public let coverage: Coverage
    /// Fails, accepted fails, manual and notObservable ones, in a deterministic order: by source, line, column, control.
    public internal(set) var findings: [AttributedFinding]
    /// Pairs of control and subject, for `--all-verdicts` and benchmarks; nil when they were not asked for.
    public internal(set) var quiet: [QuietVerdict]?
    /// How the estate stands with a benchmark, where that was asked for.
    public var benchmark: BenchmarkResult?
    public let passed: Int
    public let notApplicable: Int
    /// Findings that a `FindingView` left out.
    public internal(set) var hidden = 0
    /// Why a grant or an exception was given, by the name that stands in `AttributedFinding.grant`; for reports that carry a justification.
    public var justifications: [String: String] = [:]
    /// Whose load balancer annotations count, empty for all.
    public var loadBalancerPlatforms: [String] = []

    public init(
        toolVersion: String, model: ResponsibilityModel, catalogue: Catalogue, inventory: Inventory, scannedAt: String, coverage: Coverage,
        findings: [AttributedFinding], quiet: [QuietVerdict]? = nil, passed: Int, notApplicable: Int
    ) {
        self.toolVersion = toolVersion
        self.model = model
        self.catalogue = catalogue
        self.inventory = inventory
        self.scannedAt = scannedAt
        self.coverage = coverage
        self.findings = findings
        self.quiet = quiet
        self.passed = passed
        self.notApplicable = notApplicable
    }

    /// Without the verdicts that nobody has to act on.
    public func withoutQuietVerdicts() -> ScanResult {
        var result = self
        result.quiet = nil
        return result
    }

    public func control(of finding: AttributedFinding) -> Control { catalogue.controls[finding.finding.control] }
    public func object(of finding: AttributedFinding) -> KubernetesObject { inventory.objects[finding.finding.object] }
}

/// What was looked at, and what was not.
public struct Coverage: Sendable {
    public let files: Int
    public let objects: Int
    public let controls: Int
    /// Pairs of control and subject that were judged.
    public let evaluated: Int
    /// Pairs that could not be judged.
    public let notObservable: Int
    public let gaps: [Gap]

    public init(files: Int, objects: Int, controls: Int, evaluated: Int, notObservable: Int, gaps: [Gap]) {
        self.files = files
        self.objects = objects
        self.controls = controls
        self.evaluated = evaluated
        self.notObservable = notObservable
        self.gaps = gaps
    }
}
