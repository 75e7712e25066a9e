import Controls
import Documents
import NodeEvidence

extension Control {
    /// Two documents with one MD5 or SHA-1 digest can be made, so a signature on one holds for the other. Go refuses such certificates since
    /// 1.18, other clients do not.
    ///
    /// Source: the signature algorithm of each certificate but those that sign themselves, whose signature nobody relies on.
    static let certificateDigests = Control(
        id: "certificate-digests",
        title: "Sign certificates over SHA-2",
        severity: .high,
        duty: "A5",
        summary: "A certificate is signed over MD5 or SHA-1: somebody can make another one that the signature fits, and programs in Go refuse it.",
        remedy: "Issue it anew with a signature over SHA-256 or better.",
        references: [Reference("cwe", "CWE-328")],
        passing: [Example(exampleEvidence(#"certificates: [{path: /etc/kubernetes/pki/apiserver.crt, pem: "\#(ExampleCertificates.server)"}]"#))],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - path: /etc/kubernetes/pki/apiserver.crt
                      pem: "\(ExampleCertificates.brokenDigest)" # ✗
                    """))
        ],
        check: .eachCertificate { sightings, _, report in
            let certificate = sightings.certificate
            if certificate.isSelfIssued, certificate.isAuthority { return }
            let scheme = certificate.signature
            if scheme.isBroken {
                report.fail(sightings, "is signed over \(scheme.digest.rawValue)")
            } else if scheme.digest == .unknown {
                report.notObservable(sightings, "is signed with \(scheme.identifier), which is unknown here")
            }
        })
}
