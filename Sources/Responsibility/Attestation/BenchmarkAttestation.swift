public import Controls
public import Documents

/// A document of kind `BenchmarkAttestation`: a party states, row by row and until a date, how it stands with a benchmark where
/// nobody else can look.
///
/// It is a statement, not evidence: it answers for rows that were not observable, and it never outweighs what was seen.
public struct BenchmarkAttestation: Sendable {
    public let name: String
    /// Whose rows it is about, as the reader asked for them: rows of other editions count where they ask for the same.
    public let benchmark: Benchmark
    /// The side that states it.
    public let party: Party
    /// Who signed it, as text: "Alibaba Cloud".
    public let attestor: String
    public let rows: [Row]
    private let rowsByRequirement: [Reference: Row]

    init(name: String, benchmark: Benchmark, party: Party, attestor: String, rows: [Row]) {
        self.name = name
        self.benchmark = benchmark
        self.party = party
        self.attestor = attestor
        self.rows = rows
        let requirements = Dictionary(benchmark.rows.map { ($0.id, $0.requirement(in: benchmark)) }, uniquingKeysWith: { first, _ in first })
        rowsByRequirement = Dictionary(
            rows.compactMap { row in requirements[row.id].map { ($0, row) } }, uniquingKeysWith: { first, _ in first })
    }

    public enum Status: String, Sendable, CaseIterable {
        case pass, fail, notApplicable
        /// The requirement is met by other means.
        case equivalentControl
        /// Whoever uses the platform decides it.
        case dependsOnEnvironment
    }

    public struct Row: Sendable {
        /// `1.2.1`
        public let id: String
        public let status: Status
        public let reason: String
        /// Where the statement can be checked, empty when it names nothing.
        public let evidence: String
        /// The first second in which it no longer holds.
        public let expires: Timestamp
        public let place: Value
    }

    public struct Reading: Sendable {
        /// nil when the document has faults.
        public let attestation: BenchmarkAttestation?
        public let faults: [DocumentFault]
    }

    /// The statement about a requirement.
    /// - Parameter row: of `benchmark`, which may be another edition than the attestation's own.
    public func row(for row: Benchmark.Row, of benchmark: Benchmark) -> Row? {
        rowsByRequirement[row.requirement(in: benchmark)]
    }

    /// Reads one document, all faults at once.
    public static func read(_ bytes: [UInt8], source: String) -> Reading {
        let parsed = DocumentTree.parse(bytes, source: source)
        guard parsed.problems.isEmpty else { return Reading(attestation: nil, faults: parsed.problems.map(DocumentFault.init)) }
        var strict = StrictReader()
        guard let root = parsed.tree.roots.first, parsed.tree.roots.count == 1 else {
            let fault = DocumentFault(
                source: source, position: Position(line: 1, column: 1), fieldPath: "", message: "the file holds \(parsed.tree.roots.count) documents",
                remedy: "write one BenchmarkAttestation")
            return Reading(attestation: nil, faults: [fault])
        }
        let attestation = read(root, &strict)
        return Reading(attestation: strict.faults.isEmpty ? attestation : nil, faults: strict.faults)
    }

    private static func read(_ root: Value, _ strict: inout StrictReader) -> BenchmarkAttestation? {
        strict.document(root, kind: "BenchmarkAttestation")
        let spec = root["spec"]
        strict.fields(of: spec, called: "spec", known: ["benchmark", "party", "attestor", "expires", "rows"])
        let named = strict.text(spec, "benchmark")
        let benchmark = Benchmark.named(named)
        if benchmark == nil, !named.isEmpty {
            strict.fault(spec["benchmark"], "there is no benchmark '\(named)'", "use one of \(Benchmark.all.map(\.id).joined(separator: ", "))")
        }
        let party: Party? = strict.word(spec, "party")
        let attestor = strict.text(spec, "attestor")
        let standard = end(spec, required: false, &strict)
        var rows: [Row] = []
        for item in strict.items(spec, "rows", required: true) {
            guard let row = row(item, of: benchmark, until: standard, &strict) else { continue }
            if rows.contains(where: { $0.id == row.id }) { strict.fault(item["id"], "row \(row.id) is attested twice", "keep one of them") }
            rows.append(row)
        }
        guard let benchmark, let party else { return nil }
        return BenchmarkAttestation(
            name: strict.text(root["metadata"], "name"), benchmark: benchmark, party: party, attestor: attestor, rows: rows)
    }

    private static func row(_ item: Value, of benchmark: Benchmark?, until standard: Timestamp?, _ strict: inout StrictReader) -> Row? {
        strict.fields(of: item, called: "a row", known: ["id", "status", "reason", "evidence", "expires"])
        let id = strict.text(item, "id")
        if let benchmark, !id.isEmpty, !benchmark.rows.contains(where: { $0.id == id }) {
            strict.fault(item["id"], "\(benchmark.id) has no row \(id)", "correct the id; demarc node scan lists the rows")
        }
        let status: Status? = strict.word(item, "status")
        let reason = strict.text(item, "reason")
        let evidence = strict.text(item, "evidence", required: false)
        let own = end(item, required: standard == nil, &strict)
        guard let status, let expires = own ?? standard else { return nil }
        return Row(id: id, status: status, reason: reason, evidence: evidence, expires: expires, place: item)
    }

    /// The end date of a statement, a day or an instant.
    private static func end(_ parent: Value, required: Bool, _ strict: inout StrictReader) -> Timestamp? {
        let written = strict.text(parent, "expires", required: required)
        guard !written.isEmpty else { return nil }
        if let end = Timestamp(written) ?? Timestamp(endOfDay: written) { return end }
        strict.fault(parent["expires"], "'\(written)' is no end date", "write 2026-12-31 or 2026-12-31T00:00:00Z")
        return nil
    }
}
