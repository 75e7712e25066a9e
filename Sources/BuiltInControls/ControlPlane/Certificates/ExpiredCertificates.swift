import Controls
import Documents
import NodeEvidence

extension Control {
    /// A program that shows an expired certificate is refused by all its clients: the control plane stands still. One that is accepted
    /// all the same is not checked at all.
    ///
    /// Source: the validity of each certificate, at the time the evidence was taken.
    static let expiredCertificates = Control(
        id: "expired-certificates",
        title: "Replace certificates that are not valid",
        severity: .high,
        duty: "A5",
        summary: "A certificate is expired or not valid yet: who checks it refuses the program, and who does not check it trusts anybody.",
        remedy: "Renew it, and restart the programs that hold the old one.",
        references: [Reference("cwe", "CWE-298")],
        passing: [Example(exampleEvidence(#"certificates: [{path: /etc/kubernetes/pki/apiserver.crt, pem: "\#(ExampleCertificates.server)"}]"#))],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - path: /etc/kubernetes/pki/apiserver.crt
                      pem: "\(ExampleCertificates.expiredServer)" # ✗
                    """))
        ],
        check: .certificates { machine, entries, report throws(WrongType) in
            let moment = try machine.moment
            for sightings in CertificateSightings.all(in: entries) where !sightings.certificate.isValid(at: moment) {
                let certificate = sightings.certificate
                report.fail(
                    sightings,
                    certificate.notBefore > moment ? "is not valid before \(certificate.notBefore)" : "expired at \(certificate.notAfter)")
            }
        })
}
