import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// What no reader of certificates takes, or what readers take differently, is a certificate nobody can vouch for.
    ///
    /// Source: every entry of `certificates`; RFC 5280 and RFC 7468 say how they are written. A file that a program is told to use and
    /// whose certificates the evidence lacks is said here, once for all controls on certificates: they judge what is there.
    static let readableCertificates = Control(
        id: "readable-certificates",
        title: "Use certificates that can be read",
        severity: .medium,
        duty: "A5",
        summary: "A certificate is not well-formed, so programs refuse it or take it differently, and nobody can say when it ends.",
        remedy: "Issue it anew; if the file is in order, collect the evidence again.",
        references: [Reference("cwe", "CWE-295")],
        passing: [Example(exampleEvidence(#"certificates: [{path: /etc/kubernetes/pki/ca.crt, pem: "\#(ExampleCertificates.authority)"}]"#))],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - path: /etc/kubernetes/pki/ca.crt
                      pem: "-----BEGIN CERTIFICATE-----\\nMIIBIjANBgkq\\n-----END CERTIFICATE-----" # ✗
                    """))
        ],
        check: .objects(["NodeEvidence"]) { _, report throws(WrongType) in
            guard let machine = report.inventory.analysis(CertificateAnalysis.self).certificates(report.object) else { return report.notApplicable() }
            guard let entries = report.section(try machine.entries, "certificates") else { return }
            for entry in entries {
                for problem in entry.bundle.problems {
                    let position = problem.position == 0 ? "" : "number \(problem.position) of "
                    report.fail(entry.pem, "\(position)\(entry.name): \(problem.message)", value: "unreadable")
                }
            }
            for use in try machine.uses where try machine.entry(use.path, for: use.component) == nil {
                report.notObservable(
                    use.place, "the evidence holds no certificate of \(use.path), which \(use.setting) of \(use.component.noun) names")
            }
        })
}
