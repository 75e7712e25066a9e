import Controls
import Foundation
import Responsibility
import Testing

@testable import Reports

/// The contract that scripts of others rely on.
struct JSONReportTests {
    private func document(_ result: ScanResult) throws -> [String: Any] {
        let bytes = Data(try text(result, as: .json).utf8)
        return try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }

    private func findings(_ result: ScanResult) throws -> [[String: Any]] {
        try #require(try document(result)["findings"] as? [[String: Any]])
    }

    @Test func theDocumentHasEveryKey() throws {
        let document = try document(Sample.estate)
        #expect(Set(document.keys) == ["schemaVersion", "tool", "model", "kubernetesVersion", "scannedAt", "coverage", "summary", "findings"])
        #expect(document["schemaVersion"] as? String == "1")
        #expect(document["tool"] as? [String: String] == ["name": "demarc", "version": "0.1.0"])
        #expect(document["kubernetesVersion"] as? String == "1.36")
        let coverage = try #require(document["coverage"] as? [String: Any])
        #expect(Set(coverage.keys) == ["files", "objects", "controls", "evaluated", "gaps"])
        let gaps = try #require(coverage["gaps"] as? [[String: Any]])
        #expect(gaps.count == 2)
        for gap in gaps { #expect(Set(gap.keys) == ["source", "line", "reason", "message"]) }
    }

    @Test func aFindingHasEveryKey() throws {
        for finding in try findings(Sample.everything) {
            #expect(
                Set(finding.keys) == [
                    "control", "title", "severity", "verdict", "subject", "location", "message", "remediation", "fix", "attribution", "duty", "grant",
                    "fingerprint", "references",
                ])
            #expect(Set(try #require(finding["subject"] as? [String: Any]).keys) == ["apiVersion", "kind", "namespace", "name", "container"])
            #expect(Set(try #require(finding["location"] as? [String: Any]).keys) == ["file", "line", "column", "fieldPath"])
            guard let attribution = finding["attribution"] as? [String: Any] else {
                #expect(["pass", "notApplicable"].contains(finding["verdict"] as? String), "only where nobody must act there is no attribution")
                continue
            }
            #expect(Set(attribution.keys) == ["party", "principal", "basis", "strength", "chain"])
        }
    }

    @Test func aFindingSaysWhatWhereAndWho() throws {
        let finding = try #require(try findings(Sample.estate).first { $0["control"] as? String == "sample-privileged" })
        #expect(finding["severity"] as? String == "critical")
        #expect(finding["duty"] as? String == "C5")
        #expect(finding["grant"] is NSNull)
        let location = try #require(finding["location"] as? [String: Any])
        #expect(location["file"] as? String == "shop/web.yaml")
        #expect(location["line"] as? Int == 15)
        #expect(location["column"] as? Int == 11)
        #expect(location["fieldPath"] as? String == "spec.template.spec.containers[0].securityContext.privileged")
        let references = try #require(finding["references"] as? [[String: String]])
        #expect(references.prefix(2) == [["framework": "pss", "level": "baseline", "id": "privileged"], ["framework": "cis-1.12", "id": "5.2.2"]])
        #expect(references.contains(["framework": "eks-1.8.0", "id": "4.2.1"]), "other editions ask for the same")
    }

    @Test func aPathStartsAtTheObjectAlsoInsideAList() throws {
        let finding = try #require(try findings(Sample.estate).first { $0["control"] as? String == "sample-host-path" })
        let location = try #require(finding["location"] as? [String: Any])
        #expect(location["fieldPath"] as? String == "spec.template.spec.volumes[0].hostPath")
        #expect(location["line"] as? Int == 18)
    }

    @Test func aMissingFieldIsPartOfThePath() throws {
        let finding = try #require(try findings(Sample.estate).first { $0["control"] as? String == "sample-service-account-token" })
        let location = try #require(finding["location"] as? [String: Any])
        #expect(location["fieldPath"] as? String == "spec.template.spec.automountServiceAccountToken")
    }

    @Test func acceptedOnesCountForNobody() throws {
        let summary = try #require(try document(Sample.estate)["summary"] as? [String: Any])
        let byParty = try #require(summary["byParty"] as? [String: [String: Int]])
        #expect(Set(byParty.keys) == Set(Party.allCases.map(\.rawValue)))
        for counts in byParty.values { #expect(Set(counts.keys) == Set(Severity.allCases.map(\.rawValue))) }
        let byVerdict = try #require(summary["byVerdict"] as? [String: Int])
        #expect(Set(byVerdict.keys) == Set(Verdict.allCases.map(\.rawValue)))
        #expect(byVerdict["accepted"] == 1)
        #expect(byVerdict["fail"] == byParty.values.flatMap(\.values).reduce(0, +))
        #expect(byVerdict["notObservable"] == 2, "the one with a finding and the one with a field of the wrong type")
    }

    @Test func passesAreListedOnlyWhenAskedFor() throws {
        let usual = try findings(Sample.estate)
        let everything = try findings(Sample.everything)
        #expect(usual.allSatisfy { ["fail", "accepted", "manual", "notObservable"].contains($0["verdict"] as? String) })
        #expect(everything.count == usual.count + (Sample.everything.quiet?.count ?? 0))
        #expect(everything.contains { $0["verdict"] as? String == "pass" })
    }

    /// Two threads, or seven, write the same bytes as one.
    @Test(arguments: [1, 2, 3, 7, 100])
    func partsJoinToTheWhole(count: Int) async throws {
        for result in [Sample.estate, Sample.everything, Sample.clean, Sample.empty] {
            let parts = await JSONReport(result).parts(count)
            #expect(String(decoding: parts.joined(), as: UTF8.self) == (try text(result, as: .json)))
        }
    }

    @Test func aViewLeavesOutAndCounts() throws {
        let provider = Sample.estate.seen(through: FindingView(of: .provider))
        #expect(provider.findings.allSatisfy { [.provider, .shared].contains($0.attribution.party) })
        #expect(provider.findings.contains { $0.attribution.party == .shared }, "what both must do is in both views")
        #expect(provider.hidden == Sample.estate.findings.count - provider.findings.count)
        #expect(provider.coverage.gaps == Sample.estate.coverage.gaps)
        let critical = Sample.estate.seen(through: FindingView(minimumSeverity: .critical))
        #expect(critical.findings.count == 2)
        #expect(try text(critical, as: .table).contains("outside this view"))
        #expect(Sample.estate.seen(through: .everything).hidden == 0)
    }
}
