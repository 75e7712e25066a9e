import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever can compute the private key of a certificate is its holder; of an authority's, everybody.
    ///
    /// Source: the key of each certificate. Not allowed: RSA with fewer than 2048 bits, curves below 224 bits, DSA (NIST SP 800-131A and
    /// FIPS 186-5).
    static let certificateKeys = Control(
        id: "certificate-keys",
        title: "Use keys of sufficient strength in certificates",
        severity: .high,
        duty: "A5",
        summary: "The key of a certificate is too weak to last: whoever breaks it can be that server or user.",
        remedy: "Issue it anew with P-256, Ed25519, or RSA with at least 2048 bits (3072 if it is to last beyond 2030).",
        references: [Reference("cwe", "CWE-326")],
        passing: [Example(exampleEvidence(#"certificates: [{path: /etc/kubernetes/pki/apiserver.crt, pem: "\#(ExampleCertificates.server)"}]"#))],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - path: /etc/kubernetes/pki/apiserver.crt
                      pem: "\(ExampleCertificates.shortKey)" # ✗
                    """))
        ],
        check: .eachCertificate { sightings, _, report in
            let certificate = sightings.certificate
            if let weakness = certificate.key.weakness {
                report.fail(sightings, "has \(weakness)")
            } else if !certificate.key.isKnown {
                report.notObservable(sightings, "has \(certificate.key.text), of unknown strength")
            }
        })
}
