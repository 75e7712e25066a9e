import Controls
import Documents
import NodeEvidence

extension Control {
    /// Who renews decides how early it must be known: a kubelet does it by itself, an operator by a routine, the holder of a kubeconfig
    /// by hand, and with an authority goes all that it signed.
    ///
    /// Source: the end of each certificate at the time the evidence was taken, against the settings' days; never more than a fifth of its
    /// lifetime, so that what lives shortly by design is not always late. A kubelet asks anew when 10 to 30 percent are left (source:
    /// `k8s.io/client-go/util/certificate`).
    static let endingCertificates = Control(
        id: "ending-certificates",
        title: "Renew certificates in time",
        severity: .medium,
        duty: "A5",
        summary: "A certificate ends soon, and with it whatever depends on it.",
        remedy: "Renew it now, and find out why the routine that should have done so did not.",
        references: [Reference("cwe", "CWE-298")],
        passing: [Example(exampleEvidence(#"certificates: [{path: /etc/kubernetes/pki/apiserver.crt, pem: "\#(ExampleCertificates.server)"}]"#))],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - path: /etc/kubernetes/pki/apiserver.crt
                      pem: "\(ExampleCertificates.endingServer)" # ✗
                    """))
        ],
        check: .certificates { machine, entries, report throws(WrongType) in
            let moment = try machine.moment
            for sightings in CertificateSightings.all(in: entries) where sightings.certificate.isValid(at: moment) {
                let certificate = sightings.certificate
                let left = moment.seconds(to: certificate.notAfter)
                // Whoever has to know it earliest decides.
                var first = (seconds: Int64.min, who: "")
                for entry in sightings.entries {
                    let notice = report.settings.certificateNotice(of: certificate, entry, isShown: try machine.isShown(entry))
                    if notice.seconds > first.seconds { first = notice }
                }
                guard left < first.seconds else { continue }
                report.fail(sightings, "ends at \(certificate.notAfter), in \(left / 86_400) days; \(first.who)")
            }
        })
}

extension Settings {
    /// How many seconds before the end a certificate must be renewed, and who does it.
    fileprivate func certificateNotice(
        of certificate: CertificateFacts, _ entry: CertificateEntry, isShown: Bool
    ) -> (seconds: Int64, who: String) {
        let lifetime = certificate.notBefore.seconds(to: certificate.notAfter)
        // A hundred thousand days are more than any lifetime.
        func days(_ days: Int) -> Int64 { min(Int64(min(max(0, days), 100_000)) * 86_400, lifetime / 5) }
        return switch entry.renewal(of: certificate, isShown: isShown) {
        case .byKubelet: (lifetime / 10, "the kubelet should have renewed it")
        case .byOperator: (days(certificateNoticeDays), "whoever runs the machine renews it")
        case .byHand: (days(handRenewedCertificateNoticeDays), "its holder renews it by hand")
        case .ofAuthority: (days(authorityNoticeDays), "all that it signed has to be replaced with it")
        }
    }
}
