import Controls
import Documents
import Kubernetes
import Responsibility

/// The figures of a result, counted once for every format.
struct Summary {
    /// Fails that nothing covers, by party and severity; accepted ones count for nobody.
    private(set) var fails: [Party: [Int]] = [:]
    private(set) var verdicts: [Verdict: Int] = [:]

    init(_ result: ScanResult) {
        var counts = [Int](repeating: 0, count: Party.allCases.count * Severity.allCases.count)
        var byVerdict = [Int](repeating: 0, count: 6)
        let severities = result.catalogue.controls.map(\.severity.rank)
        for finding in result.findings {
            byVerdict[finding.finding.verdict.index] += 1
            guard finding.finding.verdict == .fail else { continue }
            counts[finding.attribution.party.index * Severity.allCases.count + severities[finding.finding.control]] += 1
        }
        for party in Party.allCases {
            let start = party.index * Severity.allCases.count
            fails[party] = Array(counts[start..<start + Severity.allCases.count])
        }
        for verdict in Verdict.allCases { verdicts[verdict] = byVerdict[verdict.index] }
        verdicts[.pass] = result.passed
        verdicts[.notApplicable] = result.notApplicable
        // A field of the wrong type leaves a pair of control and subject unjudged without a finding of its own.
        verdicts[.notObservable] = max(byVerdict[Verdict.notObservable.index], result.coverage.notObservable)
    }

    func count(_ party: Party, _ severity: Severity) -> Int { fails[party]?[severity.rank] ?? 0 }
    func count(_ party: Party) -> Int { fails[party]?.reduce(0, +) ?? 0 }
    func count(_ verdict: Verdict) -> Int { verdicts[verdict] ?? 0 }
}

extension Party {
    var index: Int {
        switch self {
        case .provider: 0
        case .customer: 1
        case .shared: 2
        case .vendor: 3
        case .upstream: 4
        }
    }

    /// For headings.
    var title: String {
        switch self {
        case .provider: "Provider"
        case .customer: "Customer"
        case .shared: "Shared"
        case .vendor: "Vendor"
        case .upstream: "Upstream"
        }
    }

    /// What the party is to this finding, for people who do not know the model's words.
    var explanation: String {
        switch self {
        case .provider: "the platform must act"
        case .customer: "whoever runs the workload must act"
        case .shared: "provider and customer must both act"
        case .vendor: "the owner of the add-on or chart must act"
        case .upstream: "no fix exists anywhere yet"
        }
    }
}

extension ResponsibilityModel {
    /// Who a party is on this platform and what it is to do: `Alibaba Cloud: the platform must act`.
    func explanation(of party: Party) -> String {
        parties[party].map { "\($0): \(party.explanation)" } ?? party.explanation
    }
}

extension Verdict {
    var index: Int {
        switch self {
        case .pass: 0
        case .fail: 1
        case .accepted: 2
        case .notApplicable: 3
        case .manual: 4
        case .notObservable: 5
        }
    }
}

extension Severity {
    /// Worst first.
    static var worstFirst: [Severity] { allCases.reversed() }
}

extension Attribution.Basis {
    /// In words.
    var phrase: String {
        switch self {
        case .fixedDuty: "a fixed duty of the model"
        case .grant: "a grant"
        case .provenance: "who set the field"
        case .origin: "where the value came from"
        case .transfer: "a transfer rule of the model"
        case .plane: "the plane the object lives in"
        }
    }
}

extension AttributedFinding {
    /// `Deployment shop/web, container app`.
    func subject(in result: ScanResult) -> String {
        let object = result.object(of: self).displayName
        return finding.container.isEmpty ? object : object + ", container " + finding.container
    }

    /// `web.yaml:12`.
    var location: String {
        let line = finding.place.position.line
        return line > 0 ? "\(finding.place.source):\(line)" : finding.place.source
    }

    /// The field's path inside its object: for an object of a list, without the way through the list.
    func fieldPath(in result: ScanResult) -> String {
        var writer = ByteWriter(chunk: 64)
        writer.fieldPath(of: finding, in: result.object(of: self), escaping: false)
        return String(decoding: writer.take(), as: UTF8.self)
    }
}
