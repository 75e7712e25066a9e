import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// The API server does not start with such a policy. One that runs has read another, and nobody knows which.
    ///
    /// Fields: levels, stages, groups, URLs and names of an audit policy, as the API server validates them.
    static let refusedAuditPolicy = Control(
        id: "refused-audit-policy",
        title: "Write audit policies that the API server takes",
        severity: .medium,
        duty: "A5",
        summary: "The API server refuses the audit policy, so it does not start, or what runs was started with another one.",
        remedy: "Correct the field, then restart the API server.",
        references: [.cis("3.2.2")],
        passing: [
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules: [{level: Metadata}]
            """
        ],
        failing: [
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
            - level: Meta # ✗
            - level: Metadata
              resources:
              - group: "*" # ✗
            - level: None
              nonResourceURLs:
              - /healthz*/ping # ✗
            """
        ],
        check: .auditPolicy { document, policy, report in
            for refusal in policy.refusals { document.fail(&report, refusal.place, refusal.message, value: "refused") }
        })
}
