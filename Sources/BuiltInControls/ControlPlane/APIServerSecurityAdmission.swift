import Controls
import Documents
import NodeEvidence

extension Control {
    /// These plugins carry out what others rely on: Pod Security labels, policies and webhooks, and who may ask for which certificate.
    ///
    /// Setting: `--disable-admission-plugins` of kube-apiserver. Allowed: without `PodSecurity`, `ValidatingAdmissionPolicy`, the webhooks and
    /// the three certificate plugins, all of which are on by default.
    static let apiServerSecurityAdmission = Control(
        id: "kube-apiserver-security-admission",
        title: "Keep the admission plugins that enforce security",
        severity: .high,
        duty: "A5",
        summary: "Policies are in place and look as if they held, and nothing carries them out.",
        remedy: "Take the plugin out of `--disable-admission-plugins`.",
        references: [.nsa("pod security enforcement"), Reference("mitre-attack", "T1562.001")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false"),
            .pod("kube-apiserver", "--disable-admission-plugins=DefaultStorageClass"),
        ],
        failing: [
            .machine("kube-apiserver", "--disable-admission-plugins=PodSecurity # ✗"),
            .pod("kube-apiserver", "--disable-admission-plugins", "DefaultStorageClass,ValidatingAdmissionWebhook # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            let needed = [
                "PodSecurity", "ValidatingAdmissionPolicy", "ValidatingAdmissionWebhook", "MutatingAdmissionWebhook", "CertificateApproval",
                "CertificateSigning",
                "CertificateSubjectRestriction",
            ]
            guard let disabled = report.setting(server, flag: "disable-admission-plugins") else { return }
            let lost = needed.filter(disabled.items.contains)
            if !lost.isEmpty { report.fail(disabled.place, "\(disabled.name) switches \(lost.joined(separator: ", ")) off") }
        })
}
