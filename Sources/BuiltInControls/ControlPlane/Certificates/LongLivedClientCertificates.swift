import Controls
import Documents
import NodeEvidence

extension Control {
    /// Kubernetes revokes no client certificate. What leaks, or belongs to somebody who left, opens the cluster until it ends.
    ///
    /// Source: the lifetime of client certificates in kubeconfigs and of those that programs show; more than the settings' days is too long.
    static let longLivedClientCertificates = Control(
        id: "long-lived-client-certificates",
        title: "Keep the lifetime of client certificates short",
        severity: .medium,
        duty: "A5",
        summary: "A client certificate lives for years and cannot be revoked, so a copy of it opens the cluster as long.",
        remedy: "Issue certificates for a year at most, for people better tokens of an identity provider; replace those that live longer.",
        references: [.cis("3.1.1"), Reference("cwe", "CWE-324")],
        passing: [
            Example(exampleEvidence(#"certificates: [{path: /home/jane/.kube/config, user: jane, pem: "\#(ExampleCertificates.client)"}]"#))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - path: /home/jane/.kube/config
                      user: jane
                      pem: "\(ExampleCertificates.longClient)" # ✗
                    """))
        ],
        check: .certificates { machine, entries, report throws(WrongType) in
            let most = Int64(clamping: report.settings.maximumClientCertificateDays)
            for entry in entries {
                guard let end = entry.end, !end.isAuthority else { continue }
                let uses = try machine.uses(of: entry)
                let isClient = !entry.user.isEmpty || uses.contains { if case .client = $0.role { true } else { false } }
                // A day of grace: authorities date back a little, for clocks that are late.
                guard isClient, end.lifetimeInDays > most + 1 else { continue }
                report.fail(
                    entry.pem, "\(entry.text(of: end)) lives for \(end.lifetimeInDays) days, until \(end.notAfter); \(most) are the most",
                    value: end.fingerprint)
            }
        })
}
