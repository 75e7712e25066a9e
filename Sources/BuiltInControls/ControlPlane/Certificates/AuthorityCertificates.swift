import Controls
import Documents
import NodeEvidence

extension Control {
    /// A server or user whose certificate says CA:TRUE can sign others: with its key, which lies on many machines, anybody can be made up.
    /// An authority that lives for decades outlives its algorithms and all who know where its key lies.
    ///
    /// Source: basic constraints and key usage of certificates that programs show or users hold, and the lifetime of authorities against the
    /// settings' days.
    static let authorityCertificates = Control(
        id: "authority-certificates",
        title: "Let authorities sign, and nothing else",
        severity: .high,
        duty: "A5",
        summary: "A certificate that a server or user shows may sign others, or an authority lives longer than can be answered for.",
        remedy: "Issue server and client certificates with CA:FALSE by an authority whose key signs only, and that lives for ten years at most.",
        references: [Reference("cwe", "CWE-295")],
        passing: [
            Example(
                exampleEvidence(
                    """
                    processes: [{name: kube-apiserver, argv: [kube-apiserver, --tls-cert-file=/pki/apiserver.crt, --client-ca-file=/pki/ca.crt]}]
                    certificates:
                    - {path: /pki/apiserver.crt, pem: "\(ExampleCertificates.server)"}
                    - {path: /pki/ca.crt, pem: "\(ExampleCertificates.authority)"}
                    """))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    processes: [{name: kube-apiserver, argv: [kube-apiserver, --tls-cert-file=/pki/apiserver.crt]}]
                    certificates:
                    - path: /pki/apiserver.crt
                      pem: "\(ExampleCertificates.signingServer)" # ✗
                    """))
        ],
        check: .certificates { machine, entries, report throws(WrongType) in
            let most = Int64(clamping: report.settings.maximumAuthorityDays)
            for entry in entries {
                let uses = try machine.uses(of: entry)
                let isShown = !entry.user.isEmpty || !entry.listener.isEmpty || uses.contains { if case .authority = $0.role { false } else { true } }
                if isShown, let end = entry.end, end.isAuthority {
                    report.fail(
                        entry.pem, "\(entry.text(of: end)) is shown by a program or user and may sign others (CA:TRUE)", value: end.fingerprint)
                }
                let isTrusted = !entry.cluster.isEmpty || uses.contains { if case .authority = $0.role { true } else { false } }
                guard isTrusted else { continue }
                for certificate in entry.bundle.certificates {
                    if !certificate.isAuthority {
                        report.fail(
                            entry.pem, "\(entry.text(of: certificate)) is trusted as an authority and is none (CA:TRUE is missing)",
                            value: certificate.fingerprint)
                    } else if certificate.lifetimeInDays > most + 3 {
                        report.fail(
                            entry.pem,
                            "the authority \(entry.text(of: certificate)) lives for \(certificate.lifetimeInDays) days; \(most) are the most",
                            value: certificate.fingerprint)
                    }
                }
            }
        })
}
