import BuiltInControls
import Controls
import Testing

/// A policy that records no change is as bad as no log; one that records some is judged by what it leaves out.
struct AuditChangeTests {
    @Test(arguments: [
        ("rules: [{level: None}]", true), ("rules: []", true), ("rules: [{level: None}, {level: Request}]", true),
        ("rules: [{level: Request, verbs: [get, list, watch]}]", true), ("rules: [{level: Request, users: [jane]}]", true),
        ("rules: [{level: Metadata}]", false), ("rules: [{level: Metadata, resources: [{group: '', resources: [secrets]}]}]", false),
        ("rules: [{level: None, users: [jane]}, {level: Metadata}]", false),
    ])
    func isHighWhereNoChangeIsRecorded(rules: String, isFound: Bool) throws {
        let controls = BuiltInControls.all.filter { ["audit-policy-changes", "audit-policy-coverage"].contains($0.id) }
        let judgement = MachineEvidence.judge("apiVersion: audit.k8s.io/v1\nkind: Policy\n\(rules)", controls)
        let found = Set(judgement.findings.map { controls[$0.control].id })
        #expect(found == [isFound ? "audit-policy-changes" : "audit-policy-coverage"], "each fault once")
        let high = try #require(controls.first { $0.id == "audit-policy-changes" })
        #expect(high.severity == .high)
        if isFound { #expect(judgement.findings.map(\.fieldPath) == ["rules"]) }
    }
}
