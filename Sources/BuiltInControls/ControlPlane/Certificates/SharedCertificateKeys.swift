import Controls
import Documents
import NodeEvidence

extension Control {
    /// One key behind several certificates is one theft for all of them, and one that serves signs in as its server.
    ///
    /// Source: equal keys of certificates with different subjects, and of an authority and something else. The same certificate in several
    /// files, or renewed with its key, is no such thing.
    static let sharedCertificateKeys = Control(
        id: "shared-certificate-keys",
        title: "Give each certificate a key of its own",
        severity: .medium,
        duty: "A5",
        summary: "Two certificates for different purposes have one key, so whoever steals it for one holds both.",
        remedy: "Issue one of them anew with a new key.",
        references: [Reference("cwe", "CWE-323")],
        passing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - {path: /pki/apiserver.crt, pem: "\(ExampleCertificates.server)"}
                    - {path: /pki/ca.crt, pem: "\(ExampleCertificates.authority)"}
                    """))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - {path: /etc/kubernetes/admin.conf, user: kubernetes-admin, pem: "\(ExampleCertificates.mastersClient)"}
                    - path: /home/jane/.kube/config
                      user: jane
                      pem: "\(ExampleCertificates.client)" # ✗
                    """))
        ],
        check: .certificates { _, entries, report throws(WrongType) in
            var first: [String: (certificate: CertificateFacts, entry: CertificateEntry)] = [:]
            var told: Set<String> = []
            for entry in entries {
                for certificate in entry.bundle.certificates {
                    guard let known = first[certificate.keyFingerprint] else {
                        first[certificate.keyFingerprint] = (certificate, entry)
                        continue
                    }
                    guard known.certificate.subject != certificate.subject || known.certificate.isAuthority != certificate.isAuthority else {
                        continue
                    }
                    guard told.insert(certificate.fingerprint).inserted else { continue }
                    report.fail(
                        entry.pem, "\(entry.text(of: certificate)) has the key of \(known.entry.text(of: known.certificate))",
                        value: certificate.keyFingerprint)
                }
            }
        })
}
