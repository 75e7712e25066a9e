import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// A log in which no change stands is as good as none, and looks like one.
    ///
    /// Fields: all rules of an audit policy, matched as the API server does, the first that fits; without one nothing is recorded. Asked of it
    /// are creation, change and removal of everything of which `audit-policy-coverage` asks more, by a user whom no rule names.
    static let auditChanges = Control(
        id: "audit-policy-changes",
        title: "Record who changes what",
        severity: .high,
        duty: "A5",
        summary: "The audit policy records no change at all, so nobody can say who did anything, as if there were no log.",
        remedy: "Remove the rule with level `None` that fits everything, and end the policy with `- level: Request`.",
        references: [.cis("3.2.2"), .nsa("audit logging"), Reference("cwe", "CWE-778")],
        passing: [
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
            - level: Metadata
            """
        ],
        failing: [
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules: # ✗
            - level: None
            - level: Request
            """,
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules: # ✗
            - level: Metadata
              verbs: [get, list, watch]
            """,
        ],
        check: .auditPolicy { document, policy, report in
            guard AuditReview(policy).recordsNoChange else { return }
            document.fail(&report, policy.root["rules"], "no change is recorded, of anything by anybody whom no rule names", value: "audit")
        })
}
