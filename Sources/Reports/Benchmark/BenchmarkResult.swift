public import Controls
public import Documents
import Kubernetes
public import Responsibility

/// How an estate stands with every row of a benchmark.
public struct BenchmarkResult: Sendable {
    public let benchmark: Benchmark
    /// In the benchmark's order, none left out.
    public let rows: [Row]
    /// What of the attestations does not count, and why.
    public let remarks: [String]
    /// Whose rows a reader is shown; empty for everybody's. The figures are always those of all.
    public internal(set) var shownParties: Set<Party> = []

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

    /// Rows that fail by what the party itself states, so that no finding stands for them.
    public var failsOnlyByStatement: Bool {
        rows.contains { row in row.status == .fail && row.attestation?.row.status == .fail && row.attestation?.counts(for: row.party) == true }
    }

    /// As a view that is narrowed to what some parties must act on.
    public func seen(by parties: Set<Party>) -> BenchmarkResult {
        var result = self
        result.shownParties = parties
        return result
    }

    func isShown(_ row: Row) -> Bool { shownParties.isEmpty || shownParties.contains(row.party) || row.party == .shared }

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
        let rows = benchmark.rows.map { row in
            let controls = controlsOfRow[row.id] ?? []
            let own = verdicts.answer(row, controls, program: BenchmarkProgram.name(for: row, of: benchmark), programs: programs)
            let party =
                own.party
                ?? BenchmarkProgram.party(for: row, of: benchmark, model: result.model, controls: controls.map { result.catalogue.controls[$0] })
            let statements = BenchmarkResult.statements(about: row, of: benchmark, party: party, by: attestations, now: now)
            let names = controls.map { result.catalogue.controls[$0].id }
            return BenchmarkResult.row(row, own, party, names, statements)
        }
        self.rows = rows
        remarks = BenchmarkResult.remarks(on: attestations, benchmark, rows, now: now)
    }

    /// Every statement about a row, those that count first.
    private static func statements(
        about row: Benchmark.Row, of benchmark: Benchmark, party: Party, by attestations: [BenchmarkAttestation], now: Timestamp
    ) -> [Statement] {
        let all = attestations.compactMap { attestation in
            attestation.row(for: row, of: benchmark).map { stated in
                Statement(attestor: attestation.attestor, party: attestation.party, row: stated, isExpired: now >= stated.expires)
            }
        }
        return all.filter { $0.counts(for: party) } + all.filter { !$0.counts(for: party) }
    }

    /// What was seen outweighs what was stated; a statement answers only where nothing was seen, and only by whoever answers for the row.
    private static func row(_ row: Benchmark.Row, _ own: RowVerdicts.Answer, _ party: Party, _ controls: [String], _ statements: [Statement]) -> Row {
        var (status, reason, isContradiction) = (own.status, own.reason, false)
        if let statement = statements.first {
            let until = "\(statement.attestor) until \(statement.row.expires)"
            let others = statements.dropFirst().filter { $0.counts(for: party) && $0.row.status.claimsMet != statement.row.status.claimsMet }
            if statement.isExpired {
                reason += "; the attestation of \(statement.attestor) expired at \(statement.row.expires)"
            } else if !statement.counts(for: party) {
                reason += "; \(statement.attestor) attests \(statement.row.status.rawValue), but does not answer for this row"
            } else if let other = others.first {
                isContradiction = true
                reason = "attested as \(statement.row.status.rawValue) by \(until), as \(other.row.status.rawValue) by \(other.attestor); \(reason)"
            } else if status == .fail, statement.row.status.claimsMet {
                isContradiction = true
                reason = "attested as \(statement.row.status.rawValue) by \(until), but: \(reason)"
            } else if status == .pass, statement.row.status == .fail {
                isContradiction = true
                reason = "attested as fail by \(until) (\(statement.row.reason)), but nothing was found"
            } else if [.notObservable, .manual].contains(status) || (status == .notApplicable && statement.row.status == .fail) {
                switch statement.row.status {
                case .pass, .equivalentControl, .notApplicable: status = .attested
                case .fail: status = .fail
                case .dependsOnEnvironment: status = .manual
                }
                reason = "\(statement.row.status.rawValue) by \(until): \(statement.row.reason)"
            }
        }
        return Row(
            row: row, status: status, party: party, reason: reason, controls: controls, attestation: statements.first,
            isContradiction: isContradiction)
    }

    /// What of the attestations does not count and why, for whoever gave them.
    private static func remarks(on attestations: [BenchmarkAttestation], _ benchmark: Benchmark, _ rows: [Row], now: Timestamp) -> [String] {
        attestations.flatMap { attestation in
            var (expired, foreign, used): ([String], [String], Set<String>) = ([], [], [])
            for row in rows {
                guard let stated = attestation.row(for: row.row, of: benchmark) else { continue }
                used.insert(stated.id)
                if now >= stated.expires {
                    expired.append(stated.id)
                } else if attestation.party != row.party, row.party != .shared {
                    foreign.append(stated.id)
                }
            }
            let unused = attestation.rows.map(\.id).filter { !used.contains($0) }
            func remark(_ ids: [String], _ what: String) -> String? {
                ids.isEmpty
                    ? nil
                    : "attestation '\(attestation.name)': \(counted(ids.count, "row")) \(what): \(ids.prefix(8).joined(separator: ", "))\(ids.count > 8 ? ", …" : "")"
            }
            let edition =
                attestation.benchmark.id == benchmark.id
                ? nil
                : "attestation '\(attestation.name)' is about \(attestation.benchmark.id); it counts for rows of \(benchmark.id) that ask for the same"
            return [
                edition, remark(expired, "expired and count no longer"),
                remark(foreign, "count for nothing, since \(attestation.party.rawValue) does not answer for them under the model"),
                remark(unused, "ask for nothing that \(benchmark.id) asks for"),
            ].compactMap { $0 }
        }
    }
}

extension BenchmarkResult.Statement {
    /// Whether it is in force and made by whoever answers.
    func counts(for party: Party) -> Bool { !isExpired && (self.party == party || party == .shared) }
}

extension BenchmarkAttestation.Status {
    /// The requirement is met, or has no meaning there.
    var claimsMet: Bool { [.pass, .equivalentControl, .notApplicable].contains(self) }
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
    /// How many machines the evidence is of.
    private let machines: Int
    private let findings: [Int: [AttributedFinding]]
    private let passed: Set<Int>
    private let inapplicable: Set<Int>
    private let unjudged: Set<Int>

    init(_ result: ScanResult) {
        self.result = result
        machines = result.inventory.objects.count(where: \.isNodeEvidence)
        findings = Dictionary(grouping: result.findings) { $0.finding.control }
        let quiet = result.quiet ?? []
        passed = Set(quiet.lazy.filter { $0.verdict == .pass }.map(\.control))
        inapplicable = Set(quiet.lazy.filter { $0.verdict == .notApplicable }.map(\.control))
        unjudged = Set(quiet.lazy.filter { $0.verdict == .notObservable }.map(\.control))
    }

    /// Where it fails and why, of each object one; whoever must act, or both sides where that differs.
    private func failure(_ failed: [AttributedFinding]) -> Answer {
        let open = failed.filter { $0.finding.verdict == .fail }
        let named = open.isEmpty ? failed : open
        var seen: Set<Int> = []
        let reasons = named.filter { seen.insert($0.finding.object).inserted }.prefix(3).map { attributed in
            let object = result.inventory.objects[attributed.finding.object]
            let accepted = attributed.finding.verdict == .accepted ? "accepted under \(attributed.grant ?? "an exception"): " : ""
            let place = object.isNodeEvidence ? machines > 1 ? "\(object.name): " : "" : "\(object.displayName): "
            return place + accepted + attributed.finding.message
        }
        let more = failed.count > reasons.count ? " (and \(failed.count - reasons.count) more)" : ""
        let parties = Set(named.map(\.attribution.party))
        return Answer(status: .fail, reason: reasons.joined(separator: "; ") + more, party: parties.count == 1 ? parties.first : .shared)
    }

    /// The worst of what the controls say, where a thing that was not seen is worse than one that passed.
    func answer(_ row: Benchmark.Row, _ controls: [Int], program: String?, programs: Set<String>) -> Answer {
        let all = controls.flatMap { findings[$0] ?? [] }
        let failed = all.filter { $0.finding.verdict == .fail || $0.finding.verdict == .accepted }
        if !failed.isEmpty { return failure(failed) }
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
