import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Whoever may read the audit log, and every system it is sent to, then holds what it records: passwords, keys and tokens that still
    /// open something.
    ///
    /// Fields: all rules of an audit policy, matched as the API server does. Not above `Metadata`: Secrets, ConfigMaps, TokenReviews; not
    /// above `Request`: TokenRequests, whose answer is the token.
    static let auditSecrets = Control(
        id: "audit-policy-secrets",
        title: "Keep secrets out of the audit log",
        severity: .high,
        duty: "A5",
        summary: "The audit log holds the contents of Secrets, ConfigMaps or tokens, for everybody who may read logs.",
        remedy:
            "Put a rule with level `Metadata` for secrets, configmaps, serviceaccounts/token and tokenreviews before it; treat what was logged as leaked.",
        references: [.cis("3.2.2"), .nsa("audit logging"), Reference("cwe", "CWE-532")],
        passing: [
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
            - level: Metadata
              resources:
              - {group: "", resources: [secrets, configmaps, serviceaccounts/token]}
              - {group: authentication.k8s.io, resources: [tokenreviews]}
            - level: RequestResponse
            """
        ],
        failing: [
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
            - level: RequestResponse # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes: [{name: kube-apiserver, argv: [kube-apiserver, --audit-policy-file=/etc/kubernetes/audit.yaml]}]
            files:
            - path: /etc/kubernetes/audit.yaml
              content: | # ✗
                apiVersion: audit.k8s.io/v1
                kind: Policy
                rules:
                - level: Request
            """,
        ],
        check: .auditPolicy { document, policy, report in
            let review = AuditReview(policy)
            for (place, texts) in review.shortfalls.filter({ $0.kind == .secretBody }).byPlace {
                document.fail(&report, place, texts.joined(separator: "; "), value: "audit")
            }
            if !review.isComplete {
                document.notObservable(&report, policy.root["rules"], "the rules name too many for all of them to be asked")
            }
        })
}
