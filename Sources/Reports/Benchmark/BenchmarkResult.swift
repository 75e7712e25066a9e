public import Controls
public import Documents
public import Responsibility

/// How an estate stands with every row of a benchmark.
public struct BenchmarkResult: Sendable {
    public let benchmark: Benchmark
    /// In the benchmark's order, none left out.
    public let rows: [Row]

    public enum Status: String, Sendable, CaseIterable {
        case pass, fail
        /// Not observable here, but the party that answers for it states that it is met, until a date.
        case attested
        /// A person must look.
        case manual
        case notApplicable, notObservable
    }

    public struct Row: Sendable {
        public let row: Benchmark.Row
        public let status: Status
        /// Who must act when it fails, or answers for it.
        public let party: Party
        /// What was found, what a person looks at, or what was attested.
        public let reason: String
        /// Ids of the controls that verify it.
        public let controls: [String]
        /// The statement about it, with who made it.
        public let attestation: Statement?
        /// The statement says one thing and the evidence another.
        public let isContradiction: Bool
    }

    /// A row of an attestation with its author.
    public struct Statement: Sendable {
        public let attestor: String
        public let party: Party
        public let row: BenchmarkAttestation.Row
        /// Its end date has passed.
        public let isExpired: Bool
    }

    public func count(_ status: Status, party: Party? = nil, section: Benchmark.Section? = nil) -> Int {
        rows.count { row in
            row.status == status && (party == nil || row.party == party) && (section == nil || benchmark.section(of: row.row) == section)
        }
    }

    /// - Parameters:
    ///   - result: of a scan that recorded quiet verdicts, before any view narrowed it.
    ///   - programs: names of the programs of Kubernetes that the evidence shows (`kube-apiserver`): rows about another one are not observable.
    public init(_ benchmark: Benchmark, of result: ScanResult, programs: Set<String>, attestations: [BenchmarkAttestation], now: Timestamp) {
        self.benchmark = benchmark
        let verdicts = RowVerdicts(result)
        var controlsOfRow: [String: [Int]] = [:]
        for (index, control) in result.catalogue.controls.enumerated() {
            for reference in control.references where reference.framework == benchmark.id { controlsOfRow[reference.id, default: []].append(index) }
        }
        rows = benchmark.rows.map { row in
            let controls = controlsOfRow[row.id] ?? []
            let own = verdicts.answer(row, controls, program: BenchmarkProgram.name(for: row, of: benchmark), programs: programs)
            let party =
                own.party
                ?? BenchmarkProgram.party(for: row, of: benchmark, model: result.model, controls: controls.map { result.catalogue.controls[$0] })
            let statement = BenchmarkResult.statement(about: row, of: benchmark, by: attestations, now: now)
            let names = controls.map { result.catalogue.controls[$0].id }
            return BenchmarkResult.row(row, own, party, names, statement)
        }
    }

    private static func statement(
        about row: Benchmark.Row, of benchmark: Benchmark, by attestations: [BenchmarkAttestation], now: Timestamp
    ) -> Statement? {
        for attestation in attestations {
            guard let stated = attestation.row(for: row, of: benchmark) else { continue }
            return Statement(attestor: attestation.attestor, party: attestation.party, row: stated, isExpired: now >= stated.expires)
        }
        return nil
    }

    /// What was seen outweighs what was stated; a statement answers only where nothing was seen, and only by whoever answers for the row.
    private static func row(_ row: Benchmark.Row, _ own: RowVerdicts.Answer, _ party: Party, _ controls: [String], _ statement: Statement?) -> Row {
        var (status, reason, isContradiction) = (own.status, own.reason, false)
        if let statement {
            let claimsMet = [.pass, .equivalentControl, .notApplicable].contains(statement.row.status)
            let until = "\(statement.attestor) until \(statement.row.expires)"
            if statement.isExpired {
                reason += "; the attestation of \(statement.attestor) expired at \(statement.row.expires)"
            } else if statement.party != party, party != .shared {
                reason += "; \(statement.attestor) attests \(statement.row.status.rawValue), but does not answer for this row"
            } else if status == .fail, claimsMet {
                isContradiction = true
                reason = "attested as \(statement.row.status.rawValue) by \(until), but: \(reason)"
            } else if status == .pass, statement.row.status == .fail {
                isContradiction = true
                reason = "attested as fail by \(until) (\(statement.row.reason)), but nothing was found"
            } else if status == .notObservable || status == .manual {
                switch statement.row.status {
                case .pass, .equivalentControl, .notApplicable: status = .attested
                case .fail: status = .fail
                case .dependsOnEnvironment: status = .manual
                }
                reason = "\(statement.row.status.rawValue) by \(until): \(statement.row.reason)"
            }
        }
        return Row(
            row: row, status: status, party: party, reason: reason, controls: controls, attestation: statement, isContradiction: isContradiction)
    }
}

/// What the controls of a scan say about rows.
private struct RowVerdicts {
    struct Answer {
        let status: BenchmarkResult.Status
        let reason: String
        /// Whom a finding names.
        let party: Party?
    }

    private let result: ScanResult
    private let findings: [Int: [AttributedFinding]]
    private let passed: Set<Int>
    private let inapplicable: Set<Int>
    private let unjudged: Set<Int>

    init(_ result: ScanResult) {
        self.result = result
        findings = Dictionary(grouping: result.findings) { $0.finding.control }
        let quiet = result.quiet ?? []
        passed = Set(quiet.lazy.filter { $0.verdict == .pass }.map(\.control))
        inapplicable = Set(quiet.lazy.filter { $0.verdict == .notApplicable }.map(\.control))
        unjudged = Set(quiet.lazy.filter { $0.verdict == .notObservable }.map(\.control))
    }

    /// The worst of what the controls say, where a thing that was not seen is worse than one that passed.
    func answer(_ row: Benchmark.Row, _ controls: [Int], program: String?, programs: Set<String>) -> Answer {
        let all = controls.flatMap { findings[$0] ?? [] }
        let failed = all.filter { $0.finding.verdict == .fail || $0.finding.verdict == .accepted }
        if let worst = failed.first(where: { $0.finding.verdict == .fail }) ?? failed.first {
            let more = failed.count > 1 ? " (and \(failed.count - 1) more)" : ""
            let accepted = worst.finding.verdict == .accepted ? "accepted under \(worst.grant ?? "an exception"): " : ""
            return Answer(status: .fail, reason: accepted + worst.finding.message + more, party: worst.attribution.party)
        }
        if let lookAt = row.lookAt { return Answer(status: .manual, reason: lookAt, party: nil) }
        if let program, !programs.contains(program) {
            return Answer(status: .notObservable, reason: "no evidence shows \(program)", party: nil)
        }
        if let unseen = all.first(where: { $0.finding.verdict == .notObservable }) {
            return Answer(status: .notObservable, reason: unseen.finding.message, party: unseen.attribution.party)
        }
        if controls.contains(where: unjudged.contains) {
            return Answer(status: .notObservable, reason: "could not be judged, see the gaps", party: nil)
        }
        if let manual = all.first(where: { $0.finding.verdict == .manual }) {
            return Answer(status: .manual, reason: manual.finding.message, party: manual.attribution.party)
        }
        if controls.contains(where: passed.contains) { return Answer(status: .pass, reason: "", party: nil) }
        if controls.contains(where: inapplicable.contains) { return Answer(status: .notApplicable, reason: "does not apply here", party: nil) }
        return Answer(status: .notObservable, reason: "nothing that was given shows it", party: nil)
    }
}

/// What a row of a benchmark is about, by where it stands.
private enum BenchmarkProgram {
    /// The program whose settings or files the row judges; nil for rows about machines as such, objects or the cloud.
    static func name(for row: Benchmark.Row, of benchmark: Benchmark) -> String? {
        let isPlatform = !benchmark.id.hasPrefix("cis-")
        let sections: [(String, String)] =
            isPlatform
            ? [("3.2.", "kubelet")]
            : [
                ("1.1.", "kube-apiserver"), ("1.2.", "kube-apiserver"), ("1.3.", "kube-controller-manager"), ("1.4.", "kube-scheduler"),
                ("2.", "etcd"), ("3.", "kube-apiserver"), ("4.2.", "kubelet"), ("4.3.", "kube-proxy"),
            ]
        return sections.first { row.id.hasPrefix($0.0) }?.1
    }

    /// Who answers for a row that no finding names anybody for.
    static func party(for row: Benchmark.Row, of benchmark: Benchmark, model: ResponsibilityModel, controls: [Control]) -> Party {
        let isPlatform = !benchmark.id.hasPrefix("cis-")
        switch (isPlatform, row.id.first) {
        case (false, "1"), (false, "2"), (false, "3"), (true, "2"): return model.planes.controlPlane
        case (false, "4"), (true, "3"): return model.planes.node
        // Sections on managed services are about settings of the customer's own account.
        case (true, "5"): return .customer
        default:
            return controls.first.flatMap { control in model.duties.first { $0.controls.contains(control.id) || $0.id == control.duty } }?.party
                ?? .customer
        }
    }
}
