import Controls
import Documents
import NodeEvidence

extension Control {
    /// `system:masters` passes every authorizer, and no role can be taken from it. A certificate cannot be revoked in Kubernetes: whoever
    /// copies it is the cluster's master until it ends, or until the authority is replaced.
    ///
    /// Source: client certificates with O=system:masters, in kubeconfigs and files.
    static let mastersCertificates = Control(
        id: "masters-certificates",
        title: "Keep no client certificates of system:masters",
        severity: .high,
        duty: "A5",
        summary: "A client certificate gives control of the whole cluster, past every role, and cannot be taken back.",
        remedy: "Use a group that a ClusterRoleBinding names (kubeadm: `super-admin.conf` off the machine), and delete the file.",
        references: [.cis("5.1.7"), .nsa("authentication and authorization"), Reference("cwe", "CWE-250")],
        passing: [
            Example(
                exampleEvidence(
                    #"certificates: [{path: /etc/kubernetes/admin.conf, user: jane, pem: "\#(ExampleCertificates.client)"}]"#))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates:
                    - path: /etc/kubernetes/admin.conf
                      user: kubernetes-admin
                      pem: "\(ExampleCertificates.mastersClient)" # ✗
                    """))
        ],
        check: .certificates { machine, entries, report throws(WrongType) in
            for entry in entries {
                // etcd looks at no group.
                let uses = try machine.uses(of: entry)
                if !uses.isEmpty, uses.allSatisfy({ $0.role == .client(to: .etcdClients) || $0.role == .client(to: .etcdPeers) }) { continue }
                for certificate in entry.bundle.certificates where certificate.subject.organizations.contains("system:masters") {
                    guard certificate.extensions.allows(CertificateExtensions.clientAuthentication) else { continue }
                    report.fail(
                        entry.pem, "\(entry.text(of: certificate)) is system:masters until \(certificate.notAfter)", value: certificate.fingerprint)
                }
            }
        })
}
