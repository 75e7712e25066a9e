import Controls
import Documents
import Responsibility
import Testing

struct BenchmarkAttestationTests {
    private static func document(_ rows: String, benchmark: String = "cis-1.12", extra: String = "  expires: 2027-01-01\n") -> String {
        """
        apiVersion: demarc.dev/v1alpha1
        kind: BenchmarkAttestation
        metadata: {name: control-plane}
        spec:
          benchmark: \(benchmark)
          party: provider
          attestor: Example Cloud
        \(extra)  rows:
        \(rows)
        """
    }

    private func read(_ text: String) -> BenchmarkAttestation.Reading { BenchmarkAttestation.read(Array(text.utf8), source: "a.yaml") }

    @Test func readsRows() throws {
        let reading = read(
            Self.document(
                """
                  - {id: "1.2.1", status: pass, reason: anonymous requests are refused, evidence: "https://example.com/report"}
                  - {id: "1.2.15", status: equivalentControl, reason: not reachable, expires: "2026-12-31T12:00:00Z"}
                """))
        #expect(reading.faults.isEmpty)
        let attestation = try #require(reading.attestation)
        #expect(attestation.name == "control-plane" && attestation.party == .provider && attestation.attestor == "Example Cloud")
        #expect(attestation.rows.map(\.id) == ["1.2.1", "1.2.15"])
        #expect(attestation.rows.map(\.status) == [.pass, .equivalentControl])
        #expect(attestation.rows[0].evidence == "https://example.com/report")
        // A day ends when it ends.
        #expect(attestation.rows.map(\.expires.description) == ["2027-01-02T00:00:00Z", "2026-12-31T12:00:00Z"])
        #expect(attestation.rows[1].place.position.line == 11)
    }

    /// A statement about one edition answers for the same requirement of another.
    @Test func countsForOtherEditions() throws {
        let attestation = try #require(read(Self.document("  - {id: \"1.2.18\", status: pass, reason: r}", benchmark: "cis-1.23")).attestation)
        let row = try #require(Benchmark.cis1x12.rows.first { $0.id == "1.2.15" })
        #expect(attestation.row(for: row, of: .cis1x12)?.id == "1.2.18")
        let other = try #require(Benchmark.cis1x12.rows.first { $0.id == "1.2.18" })
        #expect(attestation.row(for: other, of: .cis1x12) == nil)
    }

    @Test(arguments: [
        ("  - {id: \"9.9.9\", status: pass, reason: r}", "a.yaml:10:6: cis-1.12 has no row 9.9.9"),
        ("  - {id: \"1.2.1\", status: fine, reason: r}", "'status' cannot be 'fine'"),
        ("  - {id: \"1.2.1\", status: pass}", "'reason' is missing"),
        ("  - {id: \"1.2.1\", status: pass, reason: r, until: 2027}", "a row has no field 'until'"),
        ("  - {id: \"1.2.1\", status: pass, reason: r, expires: soon}", "'soon' is no end date"),
        ("  - {id: \"1.2.1\", status: pass, reason: r}\n  - {id: \"1.2.1\", status: fail, reason: r}", "row 1.2.1 is attested twice"),
    ])
    func saysWhatIsWrong(rows: String, message: String) {
        let reading = read(Self.document(rows))
        #expect(reading.attestation == nil)
        #expect(reading.faults.contains { "\($0)".contains(message) }, "\(reading.faults)")
    }

    @Test(arguments: [
        (document("  - {id: \"1.2.1\", status: pass, reason: r}", extra: ""), "'expires' is missing"),
        (document("  - {id: \"1.2.1\", status: pass, reason: r}", benchmark: "cis-9"), "there is no benchmark 'cis-9'"),
        ("kind: BenchmarkAttestation\napiVersion: v1\nmetadata: {name: a}\nspec: {}", "apiVersion"),
        (document("").replacing("rows:", with: "rows: []"), "'rows' needs at least one item"), ("{", "a.yaml"), ("", "the file holds 0 documents"),
        ("a: 1\n---\nb: 2", "the file holds 2 documents"), ("[1]", "document"),
    ])
    func refusesOtherDocuments(text: String, message: String) {
        let reading = read(text)
        #expect(reading.attestation == nil)
        #expect(reading.faults.contains { "\($0)".contains(message) }, "\(reading.faults)")
    }
}
